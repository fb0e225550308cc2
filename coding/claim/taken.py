"""What of a claim's proposals was taken over: it stands while the lines that it names are as they were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LineContent:
    """What a line says, by which an answer of a person knows it again. ``service`` is its number in the encounter.

    Modifiers are sorted, diagnoses stand in the order of the pointers.
    """

    service: int
    code: str
    modifiers: tuple[str, ...]
    units: int
    diagnoses: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        """As a row keeps it."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "LineContent":
        """What ``to_data`` wrote."""
        return cls(
            service=data["service"],
            code=data["code"],
            modifiers=tuple(data["modifiers"]),
            units=data["units"],
            diagnoses=tuple(data["diagnoses"]),
        )


@dataclass(frozen=True, slots=True)
class TakenProposal:
    """A proposal that somebody took over: a modifier for the first of some lines; without one, their order."""

    modifier: str
    lines: tuple[LineContent, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What lines become: for the line at each place the modifiers that it gains; and the places in their new order."""

    modifiers: tuple[tuple[str, ...], ...]
    order: tuple[int, ...]


def take(lines: Sequence[LineContent], proposals: Iterable[TakenProposal]) -> Taken:
    """Take over what stands of some proposals, in the order in which they were taken."""
    standing = [proposal for proposal in proposals if all(line in lines for line in proposal.lines)]
    added = [_added(line, standing) for line in lines]
    order = list(range(len(lines)))
    for proposal in standing:
        if not proposal.modifier:
            order = _in_order(order, lines, proposal.lines)
    return Taken(tuple(added), tuple(order))


def _added(line: LineContent, proposals: Iterable[TakenProposal]) -> tuple[str, ...]:
    """The modifiers that a line gains, each once."""
    own = [proposal.modifier for proposal in proposals if proposal.modifier and proposal.lines[0] == line]
    return tuple(dict.fromkeys(modifier for modifier in own if modifier not in line.modifiers))


def _in_order(order: list[int], lines: Sequence[LineContent], wanted: tuple[LineContent, ...]) -> list[int]:
    """The named lines in the order that was taken, on the places that they have among all lines."""
    slots = [slot for slot, place in enumerate(order) if lines[place] in wanted]
    sorted_places = sorted((order[slot] for slot in slots), key=lambda place: wanted.index(lines[place]))
    result = list(order)
    for slot, place in zip(slots, sorted_places, strict=True):
        result[slot] = place
    return result
