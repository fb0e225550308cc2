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
    """A proposal that somebody took over: a modifier for the first of some lines; without one, their order.

    With ``joins`` the first line stands for all of them, with one unit.
    """

    modifier: str
    lines: tuple[LineContent, ...]
    joins: bool = False


@dataclass(frozen=True, slots=True)
class TakenLine:
    """What a line becomes. ``places`` are its own among the lines before, and then those that it stands for too."""

    places: tuple[int, ...]
    modifiers: tuple[str, ...]
    units: int


def take(lines: Sequence[LineContent], proposals: Iterable[TakenProposal]) -> list[TakenLine]:
    """Take over what stands of some proposals, in the order in which they were taken: the lines in their new order."""
    standing = [proposal for proposal in proposals if set(lines).issuperset(proposal.lines)]

    # By the line that stands for several; those that it stands for beside itself are gone.
    joined = {proposal.lines[0]: proposal for proposal in standing if proposal.joins}
    gone: set[LineContent] = set()
    for proposal in joined.values():
        gone.update(proposal.lines[1:])

    # The places of the lines before, in the order to be.
    order = list(range(len(lines)))
    for proposal in standing:
        if not proposal.modifier:
            order = _in_order(order, lines, proposal.lines)

    remaining = [place for place in order if lines[place] not in gone]
    return [_taken(lines, place, joined, standing) for place in remaining]


def shared_modifiers(lines: Sequence[LineContent]) -> tuple[str, ...]:
    """The modifiers that one line keeps which stands for several: a side of its own says nothing of the others."""
    shared = []
    for modifier in lines[0].modifiers:
        if all(modifier in line.modifiers for line in lines):
            shared.append(modifier)
    return tuple(shared)


def _taken(
    lines: Sequence[LineContent],
    place: int,
    joined: Mapping[LineContent, TakenProposal],
    proposals: Iterable[TakenProposal],
) -> TakenLine:
    line = lines[place]
    join = joined.get(line)
    stands_for = join.lines if join else (line,)
    units = 1 if join else line.units

    places = [place]
    for other in stands_for[1:]:
        places.append(lines.index(other))

    modifiers = list(dict.fromkeys(shared_modifiers(stands_for)))
    for proposal in proposals:
        is_new = proposal.modifier not in modifiers
        if proposal.modifier and is_new and proposal.lines[0] == line:
            modifiers.append(proposal.modifier)
    return TakenLine(tuple(places), tuple(modifiers), units)


def _in_order(
    order: list[int], lines: Sequence[LineContent], wanted: tuple[LineContent, ...]
) -> list[int]:
    """The named lines in the order that was taken, on the places that they have among all lines."""
    seats = [seat for seat, place in enumerate(order) if lines[place] in wanted]
    named = [order[seat] for seat in seats]
    as_wanted = sorted(named, key=lambda place: wanted.index(lines[place]))

    result = list(order)
    for seat, place in zip(seats, as_wanted, strict=True):
        result[seat] = place
    return result
