"""What opens services of a family, and what makes one of them: data of the rule set's document. Pure.

No member is written that says nothing, so a document without them keeps its hash.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from coding.decision.errors import (
    DanglingFact,
    ImpossibleRange,
    UnknownChoice,
    UnknownKey,
    WrongType,
)
from coding.decision.facts import FactDefinition, Facts, Known
from coding.decision.shapes import PROCEDURE

MEMBERS = ("claims", "opens_by", "one_service", "meanings")
# 12345-12349 or A1234-A1239: codes that begin with the same letter, or none, and have five characters.
RANGE = re.compile(r"([A-Z]?)([0-9]{4,5})-([A-Z]?)([0-9]{4,5})")
# A beginning of an ICD-10-CM code: its three characters at least, with a dot behind them or without.
PREFIX = re.compile(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{0,4})")
# Longer ranges are a slip of the pen: no family has so many codes.
LONGEST_RANGE = 1_000


class Sides(NamedTuple):
    """The fact that tells the sides of the body apart, its two values, and the one that stands for both."""

    fact: str
    values: tuple[str, str]
    both: str


@dataclass(frozen=True, slots=True)
class OneService:
    """What makes one service of a family.

    ``apart`` are groups of codes and ranges: submitted lines of two groups are two services from the beginning.
    Services with the same documented answers to the facts ``same`` are one. With ``sides`` they may differ in the side
    alone: both sides with equal answers are one service, with different answers two.
    """

    apart: tuple[tuple[str, ...], ...] = ()
    same: tuple[str, ...] = ()
    sides: Sides | None = None

    def group_of(self, code: str) -> int | None:
        """The number of the group that has a submitted code; None where none has it."""
        for number, codes in enumerate(self.apart):
            if code in codes_of(codes):
                return number
        return None

    def are_one(self, own: Facts, other: Facts) -> bool:
        """Whether answers that are complete are those of one service."""
        if not (self.same or self.sides):
            return False
        for fact in self.same:
            if not isinstance(own.get(fact), Known) or own[fact] != other.get(fact):
                return False
        if self.sides is None:
            return True

        own_side, other_side = own.get(self.sides.fact), other.get(self.sides.fact)
        if own_side == other_side:
            return isinstance(own_side, Known)
        values = {answer.value for answer in (own_side, other_side) if isinstance(answer, Known)}
        if values != set(self.sides.values):
            return False
        # The two sides, each told by one of them: one service on both sides if nothing else differs.
        others = (own.keys() | other.keys()) - {self.sides.fact}
        return all(own.get(fact) == other.get(fact) for fact in others)


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens services of a family beside its own codes.

    ``claims`` are further submitted codes and ranges, ``diagnoses`` beginnings of ICD-10-CM codes, which only propose.
    ``meanings`` names facts, by key, that other rule sets ask too: facts of one meaning take the same answers.
    """

    claims: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    one_service: OneService = OneService()
    meanings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_document(
        cls, document: Mapping[str, Any], facts: Mapping[str, FactDefinition] | None = None
    ) -> Self:
        """Read the members. Raises a ``TableError``; facts and their values are looked up where they are given."""
        opens_by = _object(document, "opens_by", ("diagnoses",))
        one_service = _object(document, "one_service", ("apart", "same", "sides"))
        diagnoses = opens_by.get("diagnoses", ())
        groups = one_service.get("apart", ())
        if not isinstance(groups, list | tuple):
            raise WrongType("one_service: apart is a list of groups of codes.")

        opening = cls(
            claims=_codes(document.get("claims", ()), "claims"),
            diagnoses=_matching(diagnoses, PREFIX, "opens_by, diagnoses", "S73.0"),
            one_service=OneService(
                apart=tuple(_codes(group, "one_service, apart") for group in groups),
                same=_texts(one_service.get("same", ()), "one_service, same"),
                sides=_sides(one_service),
            ),
            meanings=_meanings(document.get("meanings", {})),
        )
        if facts is not None:
            opening._check(facts)
        return opening

    def to_document(self) -> dict[str, Any]:
        """The members that say something."""
        members: dict[str, Any] = {}
        if self.claims:
            members["claims"] = list(self.claims)
        if self.diagnoses:
            members["opens_by"] = {"diagnoses": list(self.diagnoses)}
        one_service = _one_service_to_data(self.one_service)
        if one_service:
            members["one_service"] = one_service
        if self.meanings:
            members["meanings"] = dict(self.meanings)
        return members

    def diagnoses_among(self, codes: Iterable[str]) -> list[str]:
        """The diagnosis codes that speak for the family, in their order; dots do not count."""
        beginnings = tuple(_bare(prefix) for prefix in self.diagnoses)
        return [code for code in codes if _bare(code).startswith(beginnings)]

    def _check(self, facts: Mapping[str, FactDefinition]) -> None:
        sides = self.one_service.sides
        named = [*self.one_service.same, *self.meanings]
        if sides is not None:
            named.append(sides.fact)

        for fact in named:
            if fact not in facts:
                raise DanglingFact(f"one_service, meanings: there is no fact “{fact}”.")
        if sides is None:
            return
        for value in (*sides.values, sides.both):
            if value not in facts[sides.fact].values():
                raise UnknownChoice(f"one_service, sides: {sides.fact} has no choice “{value}”.")


def codes_of(claims: Iterable[str]) -> frozenset[str]:
    """The codes of a list of codes and ranges. Raises ImpossibleRange."""
    codes: set[str] = set()
    for claim in claims:
        codes.update(_expanded(claim))
    return frozenset(codes)


def _expanded(claim: str) -> list[str]:
    ends = RANGE.fullmatch(claim)
    if ends is None:
        return [claim]

    letter, first, last_letter, last = ends.groups()
    are_alike = letter == last_letter and len(first) == len(last)
    are_codes = len(letter + first) == 5
    if not are_alike or not are_codes or first > last:
        raise ImpossibleRange(
            f"claims: “{claim}” is no range. Write the lower code first, such as 12345-12349."
        )
    if int(last) - int(first) >= LONGEST_RANGE:
        raise ImpossibleRange(
            f"claims: “{claim}” holds more than {LONGEST_RANGE:,} codes. Name what is meant."
        )

    digits = len(first)
    return [f"{letter}{number:0{digits}}" for number in range(int(first), int(last) + 1)]


def _one_service_to_data(shared: OneService) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if shared.apart:
        data["apart"] = [list(group) for group in shared.apart]
    if shared.same:
        data["same"] = list(shared.same)
    if shared.sides:
        fact, values, both = shared.sides
        data["sides"] = {"fact": fact, "values": list(values), "both": both}
    return data


def _bare(code: str) -> str:
    return code.replace(".", "").upper()


def _object(document: Mapping[str, Any], name: str, members: Sequence[str]) -> Mapping[str, Any]:
    data = document.get(name, {})
    if not isinstance(data, Mapping):
        raise WrongType(f"{name} is an object, not “{data}”.")
    for key in data:
        if key not in members:
            raise UnknownKey(f"{name}: “{key}” is no part of it; allowed are {', '.join(members)}.")
    return data


def _texts(data: Any, place: str) -> tuple[str, ...]:
    if not isinstance(data, list | tuple) or not all(isinstance(text, str) for text in data):
        raise WrongType(f"{place} is a list of texts.")
    return tuple(data)


def _matching(data: Any, pattern: re.Pattern[str], place: str, example: str) -> tuple[str, ...]:
    texts = _texts(data, place)
    for text in texts:
        if not pattern.fullmatch(text):
            raise WrongType(f"{place}: “{text}” cannot be read. Write it such as {example}.")
    return texts


def _codes(data: Any, place: str) -> tuple[str, ...]:
    code_or_range = re.compile(f"{PROCEDURE.pattern}|{RANGE.pattern}")
    texts = _matching(data, code_or_range, place, "12345, or 12345-12349")
    codes_of(texts)
    return texts


def _sides(one_service: Mapping[str, Any]) -> Sides | None:
    if "sides" not in one_service:
        return None
    data = _object(one_service, "sides", Sides._fields)
    match data:
        case {"fact": str(fact), "values": [str(first), str(second)], "both": str(both)}:
            return Sides(fact, (first, second), both)
    raise WrongType("one_service, sides: name the fact, its two values, and the value for both.")


def _meanings(data: Any) -> dict[str, str]:
    if not isinstance(data, Mapping) or not all(map(_is_name, data.values())):
        raise WrongType("meanings is an object that gives facts the names of what they mean.")
    return dict(data)


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and bool(name)
