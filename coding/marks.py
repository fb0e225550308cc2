"""A note cut into segments, so that a page can show which passages speak of what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage from ``start`` up to ``end``, and in words what it speaks of."""

    start: int
    end: int
    words: str
    now: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the note with the marks that cover all of it; none for plain text."""

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


def segments(note: str, marks: Iterable[Mark]) -> Iterator[Segment]:
    """The whole note, in order; where marks overlap, the common part is a segment of its own."""
    placed = [mark for mark in marks if 0 <= mark.start < mark.end <= len(note)]
    cuts = sorted({0, len(note), *(mark.start for mark in placed), *(mark.end for mark in placed)})
    for start, end in pairwise(cuts):
        covering = tuple(mark for mark in placed if mark.start <= start and end <= mark.end)
        yield Segment(note[start:end], covering)
