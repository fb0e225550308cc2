"""Lists of codes and of modifiers, as documents of claim checks write them: single ones, and ranges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeList:
    """Codes and ranges of codes. A range names codes of one length, or categories by their first characters."""

    ranges: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "CodeList":
        """Of ``11110-11119``, ``A1111`` or, for diagnoses, ``V00-Y99``."""
        ranges = []
        for text in texts:
            first, _, last = text.partition("-")
            ranges.append((first, last or first))
        return cls(tuple(ranges))

    def __contains__(self, code: str) -> bool:
        for first, last in self.ranges:
            beginning = code[: len(first)]
            if first <= beginning <= last:
                return True
        return False

    def __bool__(self) -> bool:
        return bool(self.ranges)


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a document by their names."""

    codes: Mapping[str, CodeList]
    modifiers: Mapping[str, frozenset[str]]
