"""Which lines of a corrected encounter are those it had before. Pure."""

from collections.abc import Sequence
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
    kept: list[int | None] = []
    for line in after:
        same = [place for place in free if before[place] == line]
        if same:
            free.remove(same[0])
        kept.append(same[0] if same else None)
    gone = tuple(free)

    # First all that have their code, then all that have their place: a code tells more.
    replaced: list[int | None] = []
    for line, kept_place in zip(after, kept, strict=True):
        with_its_code = []
        if kept_place is None:
            with_its_code = [place for place in free if before[place].code == line.code]
        if with_its_code:
            free.remove(with_its_code[0])
        replaced.append(with_its_code[0] if with_its_code else None)
    for place, kept_place in enumerate(kept):
        if kept_place is None and replaced[place] is None and place in free:
            replaced[place] = place
            free.remove(place)
    return LineMatch(tuple(kept), tuple(replaced), gone)
