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
                return any(self.names(code) for code in codes) is not self.negated
        return False

    def names(self, code: str) -> bool:
        return _named(self.codes, code)


# The same few lists meet the same few codes again and again.
@lru_cache(maxsize=65_536)
def _named(listed: frozenset[str], code: str) -> bool:
    return any(code == own or (own.endswith("*") and code.startswith(own[:-1])) for own in listed)


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
            case Known(int(number)) if not isinstance(number, bool):
                return any(number in band for band in self.bands()) is not self.negated
            case Known(Band() as band):
                verdicts = [
                    Between(own.low, own.high).accepts(answer)
                    for own in self.bands()
                    if own.overlaps(band)
                ]
                inside = any(verdicts)
                return None if verdicts and not inside else inside is not self.negated
        return (answer in self.answers) is not self.negated

    def bands(self) -> list[Band]:
        """The bands of numbers among the answers."""
        return [
            own.value
            for own in self.answers
            if isinstance(own, Known) and isinstance(own.value, Band)
        ]


Test = In | Not | Between | AnyOf | Among


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
    has_values = isinstance(values, list) and bool(values)
    if not suits or not has_values:
        raise UnsuitableTest(
            f"{place}: “{operator}” with these values does not suit a {definition.kind.value} fact."
        )
    return Cell(definition.key, _test_from_data(definition, operator, values, place))


def _test_from_data(
    definition: FactDefinition, operator: str, values: list[Any], place: str
) -> Test:
    match operator:
        case "in":
            # A value of another type, such as a list, may not even be looked up.
            silent = [value for value in values if isinstance(value, str) and value in SILENCES]
            known = [
                value for value in values if not isinstance(value, str) or value not in SILENCES
            ]
            silences = frozenset(SILENCES[value] for value in silent)
            return In(_checked(definition, known, place), silences)
        case "not":
            return Not(_checked(definition, values, place))
        case "between":
            return _between(values, place)
    return AnyOf(_codes(values, place), negated=operator == "none_of")


def _checked(definition: FactDefinition, values: list[Any], place: str) -> frozenset[str | bool]:
    kind = bool if definition.kind is Kind.YES_NO else str
    for value in values:
        # 1 equals True, but is another document.
        if type(value) is not kind or value not in definition.values():
            raise UnknownChoice(
                f"{place}: “{value}” is not a value of this fact. {_advice(definition)}"
            )
    return frozenset(values)


def _advice(definition: FactDefinition) -> str:
    match definition.kind:
        case Kind.WHOLE_NUMBER:
            return f"Write a range of numbers, such as {_range_such_as(definition)}."
        case Kind.CODE_SET:
            return "Write “any of” or “none of”, and codes."
    return f"Its values are {', '.join(map(_word, definition.values()))}."


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
            return {"in": sorted(values, key=str) + sorted(silence.value for silence in silences)}
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
    rows = []
    for row in data:
        if not isinstance(row, Mapping):
            raise WrongType(f"{place}: a row is an object of facts and their tests.")
        for key in row:
            if key not in definitions:
                raise DanglingFact(f"{place}: there is no fact “{key}”.")
        rows.append(
            tuple(
                cell_from_data(definitions[key], row[key], place)
                for key in definitions
                if key in row
            )
        )
    return tuple(rows)


def rows_to_data(rows: Rows) -> list[dict[str, Any]]:
    """The document form of alternative rows."""
    return [{cell.fact: cell_to_data(cell) for cell in row} for row in rows]


def format_cell(cell: Cell, definition: FactDefinition) -> str:
    """A cell as people read and write it: ``anesthesia: general, regional``."""
    match cell_to_data(cell):
        case {"between": [low, high]}:
            return f"{cell.fact}: {_end(definition, low)}..{_end(definition, high)}"
        case {"in": values}:
            return f"{cell.fact}: {', '.join(map(_word, values))}"
        case {"not": values}:
            return f"{cell.fact}: not {', '.join(map(_word, values))}"
        case {"any_of": codes}:
            return f"{cell.fact}: any of {', '.join(codes)}"
        case {"none_of": codes}:
            return f"{cell.fact}: none of {', '.join(codes)}"
    raise UnsuitableTest(f"{cell.fact}: a test without a written form.")


def _end(definition: FactDefinition, number: int | None) -> str:
    return "" if number is None else definition.number_text(number)


def _word(value: str | bool) -> str:
    return {True: "yes", False: "no", "not_documented": "not documented"}.get(value, str(value))


def format_rows(rows: Rows, definitions: Mapping[str, FactDefinition]) -> str:
    """Alternative rows as text: a cell a line, alternatives parted by a line ``or``."""
    return "\nor\n".join(
        "\n".join(format_cell(cell, definitions[cell.fact]) for cell in row) for row in rows
    )


def parse_rows(
    text: str, definitions: Sequence[FactDefinition], place: str
) -> list[dict[str, Any]]:
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
            raise UnreadableCondition(
                f"{place}: {key} stands twice in one row; part alternatives by a line “or”."
            )
        rows[-1][key] = _parse_values(by_key[key], values, f"{place}, {key}")
    return rows


def parse_cell(definition: FactDefinition, text: str, place: str) -> Cell:
    """One cell from what stands behind the fact's key, such as ``general, regional``."""
    return cell_from_data(
        definition, _parse_values(definition, text, f"{place}, {definition.key}"), place
    )


def _parse_values(definition: FactDefinition, text: str, place: str) -> dict[str, list[Any]]:
    operator, listed = _operator_and_list(text)
    if operator == "in" and definition.kind is Kind.WHOLE_NUMBER and ".." in text:
        return {"between": _parse_range(definition, text, place)}
    return {operator: [_parse_value(definition, part) for part in listed.split(",")]}


OPERATORS = {"any of ": "any_of", "none of ": "none_of", "not ": "not"}


def _operator_and_list(text: str) -> tuple[str, str]:
    """The operator that a text begins with, and the list behind it; “not documented” is a value, no operator."""
    if text == "not documented" or text.startswith("not documented,"):
        return "in", text
    for words, operator in OPERATORS.items():
        if text.startswith(words):
            return operator, text.removeprefix(words)
    return "in", text


def _parse_range(definition: FactDefinition, text: str, place: str) -> list[int | None]:
    low, _, high = (end.strip() for end in text.partition(".."))
    ends = [definition.number_from_text(end) if end else None for end in (low, high)]
    # A text that stands for no number gives None too, as an open end does.
    if [end is None for end in ends] != [not low, not high]:
        raise ImpossibleRange(
            f"{place}: “{text}” is not a range such as {_range_such_as(definition)}."
        )
    return ends


def _range_such_as(definition: FactDefinition) -> str:
    return f"0..{definition.number_text(18)}"


def _parse_value(definition: FactDefinition, text: str) -> str | bool:
    text = text.strip()
    if definition.kind is Kind.YES_NO and text in ("yes", "no"):
        return text == "yes"
    return "not_documented" if text == "not documented" else text
