"""Cells: a condition on one fact. A test says yes, no, or cannot say yet (None)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from coding.decision.errors import (
    DanglingFact,
    ImpossibleRange,
    UnknownChoice,
    UnreadableCondition,
    UnsuitableTest,
    UnwritableName,
    WrongType,
)
from coding.decision.facts import SILENCES, Band, FactDefinition, FactValue, Kind, Known, Silence


@dataclass(frozen=True, slots=True)
class In:
    """The answer is one of these values, or one of the silences that are listed."""

    values: frozenset[str | bool]
    silences: frozenset[Silence] = frozenset()

    def accepts(self, answer: FactValue | None) -> bool | None:
        """Whether an answer passes."""
        match answer:
            case None:
                return None
            case Silence():
                return answer in self.silences
            case Known(value):
                return value in self.values


@dataclass(frozen=True, slots=True)
class Not:
    """The answer is known and none of these values."""

    values: frozenset[str | bool]

    def accepts(self, answer: FactValue | None) -> bool | None:
        """Whether an answer passes."""
        return None if answer is None else isinstance(answer, Known) and answer.value not in self.values


@dataclass(frozen=True, slots=True)
class Between:
    """The answer is a known number of the range, both ends included; None is an open end."""

    low: int | None
    high: int | None

    def accepts(self, answer: FactValue | None) -> bool | None:
        """Whether an answer passes; a band that lies across an end cannot say."""
        match answer:
            case None:
                return None
            case Known(Band(low, high)):
                inside, outside = self._holds(low, high)
                return True if inside else False if outside else None
            case Known(int(number)):
                return self._holds(number, number)[0]
        return False

    def _holds(self, low: int | None, high: int | None) -> tuple[bool, bool]:
        from_low = self.low is None or (low is not None and low >= self.low)
        to_high = self.high is None or (high is not None and high <= self.high)
        above = self.high is not None and low is not None and low > self.high
        below = self.low is not None and high is not None and high < self.low
        return from_low and to_high, above or below


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The set of codes is known and holds one of these codes, or none of them if ``negated``.

    A code that ends in ``*`` stands for all that begin so.
    """

    codes: frozenset[str]
    negated: bool = False

    def accepts(self, answer: FactValue | None) -> bool | None:
        """Whether an answer passes."""
        match answer:
            case None:
                return None
            case Known(frozenset() as codes):
                return any(self.names(code) for code in codes) is not self.negated
        return False

    def names(self, code: str) -> bool:
        """Whether a code is one of these."""
        return _named(self.codes, code)


# The same few lists meet the same few codes again and again.
@lru_cache(maxsize=65_536)
def _named(listed: frozenset[str], code: str) -> bool:
    return any(code == own or (own.endswith("*") and code.startswith(own[:-1])) for own in listed)


Test = In | Not | Between | AnyOf


@dataclass(frozen=True, slots=True)
class Cell:
    """A test on one fact."""

    fact: str
    test: Test


Row = tuple[Cell, ...]
Rows = tuple[Row, ...]
NAME = re.compile(r"[\w.-]+\*?")
NEEDS: dict[str, tuple[Kind, ...]] = {
    "in": tuple(Kind),
    "not": (Kind.CHOICE, Kind.YES_NO),
    "between": (Kind.WHOLE_NUMBER,),
    "any_of": (Kind.CODE_SET,),
    "none_of": (Kind.CODE_SET,),
}


def cell_from_data(definition: FactDefinition, data: Any, place: str) -> Cell:
    """A cell from its document form, such as ``{"in": ["general", "not_documented"]}``; ``place`` names the rule."""
    place = f"{place}, {definition.key}"
    match data:
        case dict() if len(data) == 1:
            [(operator, values)] = data.items()
        case _:
            raise UnsuitableTest(f"{place}: a cell has one of {', '.join(NEEDS)}.")
    suits = isinstance(operator, str) and definition.kind in NEEDS.get(operator, ())
    if not suits or not isinstance(values, list) or not values:
        raise UnsuitableTest(f"{place}: “{operator}” with these values does not suit a {definition.kind.value} fact.")
    match operator:
        case "in":
            silences = frozenset(silence for silence in SILENCES.values() if silence.value in values)
            known = [value for value in values if not (isinstance(value, str) and value in SILENCES)]
            return Cell(definition.key, In(_checked(definition, known, place), silences))
        case "not":
            return Cell(definition.key, Not(_checked(definition, values, place)))
        case "between":
            return Cell(definition.key, _between(values, place))
    return Cell(definition.key, AnyOf(_codes(values, place), negated=operator == "none_of"))


def _checked(definition: FactDefinition, values: list[Any], place: str) -> frozenset[str | bool]:
    kind = bool if definition.kind is Kind.YES_NO else str
    for value in values:
        # 1 equals True, but is another document.
        if type(value) is not kind or value not in definition.values():
            known = ", ".join(map(_word, definition.values()))
            raise UnknownChoice(f"{place}: “{value}” is not a value of this fact. Its values are {known}.")
    return frozenset(values)


def _codes(values: list[Any], place: str) -> frozenset[str]:
    for value in values:
        check_name(value, place)
    return frozenset(values)


def check_name(name: Any, place: str) -> None:
    """Refuse what could not be written in a row of conditions and be read again as the same name."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise UnwritableName(f"{place}: “{name}” is no name; use letters, digits, “_”, “-”, “.”, for codes a last “*”.")


def _between(values: list[Any], place: str) -> Between:
    match values:
        case [low, high] if all(end is None or type(end) is int for end in values):
            if low is not None and high is not None and low > high:
                raise ImpossibleRange(f"{place}: no number lies from {low} to {high}.")
            return Between(low, high)
    raise ImpossibleRange(f"{place}: a range has two ends, each a whole number or null.")


def cell_to_data(cell: Cell) -> dict[str, list[Any]]:
    """The document form of a cell, its values sorted."""
    match cell.test:
        case In(values, silences):
            return {"in": sorted(values, key=str) + sorted(silence.value for silence in silences)}
        case Not(values):
            return {"not": sorted(values, key=str)}
        case Between(low, high):
            return {"between": [low, high]}
        case AnyOf(codes, negated):
            return {"none_of" if negated else "any_of": sorted(codes)}


def rows_from_data(definitions: Mapping[str, FactDefinition], data: Sequence[Any], place: str) -> Rows:
    """Alternative rows of cells from their document form, each row's cells in the order of the facts."""
    rows = []
    for row in data:
        if not isinstance(row, Mapping):
            raise WrongType(f"{place}: a row is an object of facts and their tests.")
        for key in row:
            if key not in definitions:
                raise DanglingFact(f"{place}: there is no fact “{key}”.")
        rows.append(tuple(cell_from_data(definitions[key], row[key], place) for key in definitions if key in row))
    return tuple(rows)


def rows_to_data(rows: Rows) -> list[dict[str, Any]]:
    """The document form of alternative rows."""
    return [{cell.fact: cell_to_data(cell) for cell in row} for row in rows]


def format_cell(cell: Cell) -> str:
    """A cell as people read and write it: ``anesthesia: general, regional``."""
    match cell_to_data(cell):
        case {"between": [low, high]}:
            return f"{cell.fact}: {'' if low is None else low}..{'' if high is None else high}"
        case {"in": values}:
            return f"{cell.fact}: {', '.join(_word(value) for value in values)}"
        case {"not": values}:
            return f"{cell.fact}: not {', '.join(_word(value) for value in values)}"
        case {"any_of": codes}:
            return f"{cell.fact}: any of {', '.join(codes)}"
        case {"none_of": codes}:
            return f"{cell.fact}: none of {', '.join(codes)}"
    raise UnsuitableTest(f"{cell.fact}: a test without a written form.")


def _word(value: str | bool) -> str:
    return {True: "yes", False: "no", "not_documented": "not documented"}.get(value, str(value))


def format_rows(rows: Rows) -> str:
    """Alternative rows as text: a cell a line, alternatives parted by a line ``or``."""
    return "\nor\n".join("\n".join(format_cell(cell) for cell in row) for row in rows)


def parse_rows(text: str, definitions: Sequence[FactDefinition], place: str) -> list[dict[str, Any]]:
    """The document form of conditions written as text; an empty text is the one row that always applies."""
    by_key = {definition.key: definition for definition in definitions}
    rows: list[dict[str, Any]] = [{}]
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if line.lower() == "or":
            rows.append({})
            continue
        key, colon, values = (part.strip() for part in line.partition(":"))
        if not colon or not values:
            raise UnreadableCondition(f"{place}: “{line}” is not of the form “fact: values”.")
        if key not in by_key:
            raise DanglingFact(f"{place}: there is no fact “{key}”.")
        if key in rows[-1]:
            raise UnreadableCondition(f"{place}: {key} stands twice in one row; part alternatives by a line “or”.")
        rows[-1][key] = _parse_values(by_key[key], values, f"{place}, {key}")
    return rows


def _parse_values(definition: FactDefinition, text: str, place: str) -> dict[str, list[Any]]:
    for words, operator in (("any of ", "any_of"), ("none of ", "none_of"), ("not ", "not")):
        if text.startswith(words) and text != "not documented" and not text.startswith("not documented,"):
            return {operator: [_parse_value(definition, part) for part in text.removeprefix(words).split(",")]}
    if definition.kind is Kind.WHOLE_NUMBER and ".." in text:
        low, _, high = text.partition("..")
        try:
            return {"between": [int(low) if low.strip() else None, int(high) if high.strip() else None]}
        except ValueError:
            raise ImpossibleRange(f"{place}: “{text}” is not a range such as 0..18.") from None
    return {"in": [_parse_value(definition, part) for part in text.split(",")]}


def _parse_value(definition: FactDefinition, text: str) -> str | bool:
    text = text.strip()
    if definition.kind is Kind.YES_NO and text in ("yes", "no"):
        return text == "yes"
    return "not_documented" if text == "not documented" else text
