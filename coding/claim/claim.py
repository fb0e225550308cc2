"""A claim as its checks see it: the lines of one patient's day, and what was reported before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Line:
    """A line: pointers count the claim's diagnoses from 1; ``provider`` tells providers apart, by group and specialty.

    ``supported`` is the code that the answers of the line's own service come to; None where there are none, or where
    they come to no code. ``covered`` says whether a rule set judges the line.
    """

    number: int
    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    pointers: tuple[int, ...] = ()
    provider: str = ""
    supported: str | None = None
    covered: bool = True
    # What the answers of the line's service say, by the keys of facts.
    answers: Mapping[str, object] = field(default_factory=dict, hash=False)

    def has(self, modifiers: frozenset[str]) -> bool:
        """Whether the line carries one of these modifiers."""
        return not modifiers.isdisjoint(self.modifiers)


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """What was reported for the patient on an earlier day, by the same group and specialty or by another."""

    day: date
    code: str
    modifiers: tuple[str, ...] = ()
    same_group: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """The lines of one patient and day. ``payer`` is a kind such as ``medicare``; empty where it is not known.

    ``history`` is None where nothing is known of the patient's earlier services. ``minutes`` are the provider's own,
    of the visit, where they are documented.
    """

    day: date
    lines: tuple[Line, ...]
    diagnoses: tuple[str, ...] = ()
    place: str = ""
    payer: str = ""
    history: tuple[EarlierLine, ...] | None = None
    minutes: int | None = None
    # Minutes of sedation, and whether a drug came from a vial for one patient, where they are documented.
    sedation_minutes: int | None = None
    from_single_dose: bool | None = None
    # What the practice settled with this payer, such as ``two_lines_for_both_sides``.
    options: Mapping[str, str] = field(default_factory=dict)

    def has_option(self, name: str) -> bool:
        """Whether the practice settled this with the payer."""
        return self.options.get(name) == "yes"

    def in_one_order(self) -> "Claim":
        """The claim with its lines by their content: what is said of them does not depend on how they were typed."""
        return replace(self, lines=tuple(sorted(self.lines, key=_content)))

    def by_provider(self) -> list[list[Line]]:
        """The lines of each provider."""
        lines_by_provider: dict[str, list[Line]] = {}
        for line in self.lines:
            lines_by_provider.setdefault(line.provider, []).append(line)
        return list(lines_by_provider.values())

    def pairs(self) -> Iterator[tuple[Line, Line]]:
        """Each two lines of one provider, both ways round."""
        for lines in self.by_provider():
            for first, second in combinations(lines, 2):
                yield first, second
                yield second, first

    def diagnoses_of(self, line: Line) -> list[str]:
        """The diagnoses that a line points to; pointers beyond the list are left out."""
        pointed_to = []
        for pointer in line.pointers:
            if 1 <= pointer <= len(self.diagnoses):
                pointed_to.append(self.diagnoses[pointer - 1])
        return pointed_to


def _content(line: Line) -> tuple[object, ...]:
    modifiers = sorted(line.modifiers)
    # Lines that say the same stay in their order.
    return line.code, modifiers, line.units, line.pointers, line.provider, line.number
