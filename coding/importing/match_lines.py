"""Which lines of a corrected encounter are those it had before. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coding.intake.records import ServiceLineRecord


@dataclass(frozen=True, slots=True)
class LineMatch:
    """By place, from 0. For each new line the old one that says the same, or the old one it replaces, or neither.

    ``gone`` are the old lines that stand no longer, those that were replaced among them.
    """

    kept: tuple[int | None, ...]
    replaced: tuple[int | None, ...]
    gone: tuple[int, ...]


def match(before: Sequence[ServiceLineRecord], after: Sequence[ServiceLineRecord]) -> LineMatch:
    """Lines that say the same are kept, in order; another line replaces one with its code, or the one in its place."""
    free = list(range(len(before)))
    kept = []
    for line in after:
        same = (place for place in free if before[place] == line)
        kept.append(_take(free, same))
    gone = tuple(free)

    # First all that have their code, then all that have their place: a code tells more.
    new = [place for place, old in enumerate(kept) if old is None]
    replaced: list[int | None] = [None] * len(after)
    for place in new:
        code = after[place].code
        with_its_code = (old for old in free if before[old].code == code)
        replaced[place] = _take(free, with_its_code)
    for place in new:
        if replaced[place] is None and place in free:
            free.remove(place)
            replaced[place] = place
    return LineMatch(tuple(kept), tuple(replaced), gone)


def _take(free: list[int], fitting: Iterator[int]) -> int | None:
    """The first place that fits, which is free no longer; None where none does."""
    place = next(fitting, None)
    if place is not None:
        free.remove(place)
    return place
