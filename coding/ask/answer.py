"""An answer: sections of lines, each with what it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple


class Cite(NamedTuple):
    """What a line rests on: a rule of a version, a table's row, a passage; with its address where it has one."""

    text: str
    address: str = ""


class Line(NamedTuple):
    """A sentence of an answer."""

    text: str
    cites: tuple[Cite, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """As the JSON address gives it."""
        return {"text": self.text, "sources": [cite._asdict() for cite in self.cites]}


class Section(NamedTuple):
    """Lines under a heading."""

    heading: str
    lines: tuple[Line, ...]

    def to_data(self) -> dict[str, Any]:
        """As the JSON address gives it."""
        return {"heading": self.heading, "lines": [line.to_data() for line in self.lines]}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered; ``intent`` names which of the documented questions it was, empty where it was none."""

    intent: str
    title: str
    sections: tuple[Section, ...]

    def followed_by(self, sections: tuple[Section, ...]) -> "Answer":
        """The answer with further sections."""
        return replace(self, sections=self.sections + sections)

    def to_data(self) -> dict[str, Any]:
        """As the JSON address gives it."""
        sections = [section.to_data() for section in self.sections]
        return {"intent": self.intent, "title": self.title, "sections": sections}


def section(heading: str, lines: Iterable[Line]) -> tuple[Section, ...]:
    """A section, or none without lines."""
    kept = tuple(lines)
    if not kept:
        return ()
    return (Section(heading, kept),)


def joined(parts: Iterable[tuple[Section, ...]]) -> tuple[Section, ...]:
    """Sections, or none, one after the other."""
    sections: list[Section] = []
    for part in parts:
        sections += part
    return tuple(sections)
