"""Cells: a condition on one fact. A test says yes, no, or cannot say yet (None)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from coding.decision.errors import (
    DanglingFact,
    ImpossibleRange,
    UnknownChoice,
    UnsuitableTest,
    UnwritableName,
    WrongType,
)
from coding.decision.facts import SILENCES, Band, FactDefinition, FactValue, Kind, Known, Silence


@dataclass(frozen=True, slots=True)
class In:
    """The answer is one of these values, or one of the silences that are listed.

    As with every test, ``accepts`` says None where it cannot say: for a missing answer.
    """

    values: frozenset[str | bool]
    silences: frozenset[Silence] = frozenset()

    def accepts(self, answer: FactValue | None) -> bool | None:
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
        if answer is None:
            return None
        return isinstance(answer, Known) and answer.value not in self.values


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
            case Known(Band() as band):
                return self._accepts_band(band)
            case Known(int(number)):
                return number in Band(self.low, self.high)
        return False

    def _accepts_band(self, band: Band) -> bool | None:
        if not band.overlaps(Band(self.low, self.high)):
            return False
        from_low = self.low is None or (band.low is not None and band.low >= self.low)
        to_high = self.high is None or (band.high is not None and band.high <= self.high)
        return True if from_low and to_high else None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The set of codes is known and holds one of these codes, or none of them if ``negated``.

    A code that ends in ``*`` stands for all that begin so.
    """

    codes: frozenset[str]
    negated: bool = False

    def accepts(self, answer: FactValue | None) -> bool | None:
        match answer:
            case None:
                return None
            case Known(frozenset() as codes):
                names_one = any(self.names(code) for code in codes)
                return not names_one if self.negated else names_one
        return False

    def names(self, code: str) -> bool:
        return _named(self.codes, code)


# The same few lists meet the same few codes again and again.
@lru_cache(maxsize=65_536)
def _named(listed: frozenset[str], code: str) -> bool:
    for own in listed:
        if code == own:
            return True
        if own.endswith("*") and code.startswith(own.removesuffix("*")):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Among:
    """The answer is one of these, or none of them if ``negated``; numbers stand as bands that do not touch.

    No document holds this test: it is what the table of a derived fact comes down to.
    """

    answers: frozenset[FactValue]
    negated: bool = False

    def accepts(self, answer: FactValue | None) -> bool | None:
        match answer:
            case None:
                return None
            # A truth value is an int too, but no number.
            case Known(int(number)) if not isinstance(number, bool):
                is_among = any(number in band for band in self.bands())
            case Known(Band() as band):
                touched = [own for own in self.bands() if own.overlaps(band)]
                is_among = any(Between(own.low, own.high).accepts(answer) for own in touched)
                if touched and not is_among:
                    # The band lies across an end, so some of its numbers are among these.
                    return None
            case _:
                is_among = answer in self.answers
        return not is_among if self.negated else is_among

    def bands(self) -> list[Band]:
        bands = []
        for answer in self.answers:
            if isinstance(answer, Known) and isinstance(answer.value, Band):
                bands.append(answer.value)
        return bands


Test = In | Not | Between | AnyOf | Among


@dataclass(frozen=True, slots=True)
class Cell:
    """A test on one fact."""

    fact: str
    test: Test


Row = tuple[Cell, ...]
Rows = tuple[Row, ...]


def tested_facts(rows: Iterable[Row]) -> set[str]:
    """The facts that some rows test, by their keys."""
    tested: set[str] = set()
    for row in rows:
        tested.update(cell.fact for cell in row)
    return tested


# What can stand in a row of conditions: blanks, commas and colons part its cells.
NAME = re.compile(r"[\w.-]+\*?")
KINDS_BY_OPERATOR: dict[str, tuple[Kind, ...]] = {
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
            raise UnsuitableTest(f"{place}: a cell has one of {', '.join(KINDS_BY_OPERATOR)}.")

    kinds = KINDS_BY_OPERATOR.get(operator, ()) if isinstance(operator, str) else ()
    suits = definition.kind in kinds
    has_values = isinstance(values, list) and bool(values)
    if not suits or not has_values:
        raise UnsuitableTest(
            f"{place}: “{operator}” with these values does not suit a {definition.kind.value} fact."
        )

    test = _test_from_data(definition, operator, values, place)
    return Cell(definition.key, test)


def _test_from_data(
    definition: FactDefinition, operator: str, values: list[Any], place: str
) -> Test:
    match operator:
        case "in":
            return _in(definition, values, place)
        case "not":
            return Not(_checked(definition, values, place))
        case "between":
            return _between(values, place)
    return AnyOf(_codes(values, place), negated=operator == "none_of")


def _in(definition: FactDefinition, values: list[Any], place: str) -> In:
    silences = set()
    known = []
    for value in values:
        # A value of another type, such as a list, may not even be looked up.
        if isinstance(value, str) and value in SILENCES:
            silences.add(SILENCES[value])
        else:
            known.append(value)
    return In(_checked(definition, known, place), frozenset(silences))


def _checked(definition: FactDefinition, values: list[Any], place: str) -> frozenset[str | bool]:
    kind = bool if definition.kind is Kind.YES_NO else str
    # Of a question with hundreds of choices a rule may list many.
    choices = frozenset(definition.values())
    for value in values:
        # 1 equals True, but is another document.
        if type(value) is not kind or value not in choices:
            raise UnknownChoice(
                f"{place}: “{value}” is not a value of this fact. {_advice(definition)}"
            )
    return frozenset(values)


def _advice(definition: FactDefinition) -> str:
    match definition.kind:
        case Kind.WHOLE_NUMBER:
            return f"Write a range of numbers, such as {range_such_as(definition)}."
        case Kind.CODE_SET:
            return "Write “any of” or “none of”, and codes."
    return f"Its values are {', '.join(map(written, definition.values()))}."


def written(value: str | bool) -> str:
    """A value as people write it in a condition: “yes”, “not documented”, or the value itself."""
    words = {True: "yes", False: "no", "not_documented": "not documented"}
    return words.get(value, str(value))


def range_such_as(definition: FactDefinition) -> str:
    """A range that shows how one of this fact is written."""
    return f"0..{definition.number_text(18)}"


def _codes(values: list[Any], place: str) -> frozenset[str]:
    for value in values:
        check_name(value, place)
    return frozenset(values)


def check_name(name: Any, place: str) -> None:
    """Refuse what could not be written in a row of conditions and be read again as the same name."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise UnwritableName(
            f"{place}: “{name}” is no name; use letters, digits, “_”, “-”, “.”, for codes a last “*”."
        )


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
            silent = sorted(silence.value for silence in silences)
            return {"in": sorted(values, key=str) + silent}
        case Not(values):
            return {"not": sorted(values, key=str)}
        case Between(low, high):
            return {"between": [low, high]}
        case AnyOf(codes, negated):
            return {"none_of" if negated else "any_of": sorted(codes)}
    raise UnsuitableTest(f"{cell.fact}: a test without a document form.")


def rows_from_data(
    definitions: Mapping[str, FactDefinition], data: Sequence[Any], place: str
) -> Rows:
    """Alternative rows of cells from their document form, each row's cells in the order of the facts."""
    return tuple(_row_from_data(definitions, row, place) for row in data)


def _row_from_data(definitions: Mapping[str, FactDefinition], row: Any, place: str) -> Row:
    if not isinstance(row, Mapping):
        raise WrongType(f"{place}: a row is an object of facts and their tests.")
    for key in row:
        if key not in definitions:
            raise DanglingFact(f"{place}: there is no fact “{key}”.")

    in_order = [key for key in definitions if key in row]
    return tuple(cell_from_data(definitions[key], row[key], place) for key in in_order)


def rows_to_data(rows: Rows) -> list[dict[str, Any]]:
    """The document form of alternative rows."""
    return [_row_to_data(row) for row in rows]


def _row_to_data(row: Row) -> dict[str, Any]:
    return {cell.fact: cell_to_data(cell) for cell in row}
