"""A note cut into segments, so that a page can show which passages speak of what."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

BREAK = re.compile(r"\r\n")


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage from ``start`` up to ``end``, and in words what it speaks of."""

    start: int
    end: int
    words: str
    now: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the note with the marks that cover all of it; none for plain text. ``start`` is its place."""

    start: int
    text: str
    marks: tuple[Mark, ...]

    @property
    def words(self) -> str:
        """What the passage speaks of."""
        return "; ".join(dict.fromkeys(mark.words for mark in self.marks))

    @property
    def now(self) -> bool:
        """Whether it speaks of what is being asked."""
        return any(mark.now for mark in self.marks)


def marks_of(
    passages: Iterable[Mapping[str, Any]], words: str, *, now: bool = False
) -> Iterator[Mark]:
    """The passages of an answer as marks; each has its places in the note as ``start`` and ``end``."""
    for passage in passages:
        yield Mark(passage["start"], passage["end"], words, now)


def segments(note: str, marks: Iterable[Mark]) -> Iterator[Segment]:
    """The whole note, in order; where marks overlap, the common part is a segment of its own."""
    placed = [mark for mark in marks if 0 <= mark.start < mark.end <= len(note)]
    cuts = {0, len(note)}
    # A browser reads CR LF as one character: cut behind it, so that places within a segment are the same in both.
    cuts.update(match.end() for match in BREAK.finditer(note))
    for mark in placed:
        cuts.update((mark.start, mark.end))

    for start, end in pairwise(sorted(cuts)):
        covering = tuple(mark for mark in placed if mark.start <= start and end <= mark.end)
        yield Segment(start, note[start:end], covering)
