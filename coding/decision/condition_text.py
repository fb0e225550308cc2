"""Conditions as text: how people write and read cells and rows, in drafts, workbooks and refusals."""

from collections.abc import Mapping, Sequence
from typing import Any

from coding.decision.cells import (
    Cell,
    Rows,
    cell_from_data,
    cell_to_data,
    range_such_as,
    written,
)
from coding.decision.errors import (
    DanglingFact,
    ImpossibleRange,
    UnreadableCondition,
    UnsuitableTest,
)
from coding.decision.facts import FactDefinition, Kind


def format_test(cell: Cell, definition: FactDefinition) -> str:
    """What a cell asks for, as people read and write it behind the fact's key: ``general, regional``."""
    match cell_to_data(cell):
        case {"between": [low, high]}:
            return f"{_end(definition, low)}..{_end(definition, high)}"
        case {"in": listed}:
            return ", ".join(map(written, listed))
        case {"not": listed}:
            return "not " + ", ".join(map(written, listed))
        case {"any_of": codes}:
            return "any of " + ", ".join(codes)
        case {"none_of": codes}:
            return "none of " + ", ".join(codes)
    raise UnsuitableTest(f"{cell.fact}: a test without a written form.")


def _end(definition: FactDefinition, number: int | None) -> str:
    """One end of a range; nothing stands for an open one."""
    if number is None:
        return ""
    return definition.number_text(number)


def format_rows(rows: Rows, definitions: Mapping[str, FactDefinition]) -> str:
    """Alternative rows as text: a cell a line, alternatives parted by a line ``or``."""
    alternatives = []
    for row in rows:
        lines = []
        for cell in row:
            lines.append(f"{cell.fact}: {format_test(cell, definitions[cell.fact])}")
        alternatives.append("\n".join(lines))
    return "\nor\n".join(alternatives)


def parse_rows(
    text: str, definitions: Sequence[FactDefinition], place: str
) -> list[dict[str, Any]]:
    """The document form of conditions written as text; an empty text is the one row that always applies."""
    by_key = {definition.key: definition for definition in definitions}
    return [_parse_row(lines, by_key, place) for lines in alternatives_in(text)]


def alternatives_in(text: str) -> list[list[str]]:
    """The alternatives of conditions written as text, each by its lines, without blanks around them; at least one."""
    lines: list[str] = []
    alternatives = [lines]
    for written_line in text.splitlines():
        line = written_line.strip()
        if line.lower() == "or":
            lines = []
            alternatives.append(lines)
        elif line:
            lines.append(line)
    return alternatives


def _parse_row(
    lines: Sequence[str], definitions: Mapping[str, FactDefinition], place: str
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for line in lines:
        key, values = _key_and_values(line, place)
        if key not in definitions:
            raise DanglingFact(f"{place}: there is no fact “{key}”.")
        if key in row:
            raise UnreadableCondition(
                f"{place}: {key} stands twice in one row; part alternatives by a line “or”."
            )
        row[key] = _parse_values(definitions[key], values, f"{place}, {key}")
    return row


def _key_and_values(line: str, place: str) -> tuple[str, str]:
    key, _, values = line.partition(":")
    if not values.strip():
        raise UnreadableCondition(f"{place}: “{line}” is not of the form “fact: values”.")
    return key.strip(), values.strip()


def parse_cell(definition: FactDefinition, text: str, place: str) -> Cell:
    """One cell from what stands behind the fact's key, such as ``general, regional``."""
    data = _parse_values(definition, text, f"{place}, {definition.key}")
    return cell_from_data(definition, data, place)


def _parse_values(definition: FactDefinition, text: str, place: str) -> dict[str, list[Any]]:
    operator, listed = _operator_and_list(text)
    is_range = definition.kind is Kind.WHOLE_NUMBER and ".." in text

    if operator == "in" and is_range:
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
    low, _, high = text.partition("..")
    ends: list[int | None] = []
    for end in (low.strip(), high.strip()):
        number = definition.number_from_text(end)
        # An open end is no number either, but it is meant.
        if end and number is None:
            raise ImpossibleRange(
                f"{place}: “{text}” is not a range such as {range_such_as(definition)}."
            )
        ends.append(number)
    return ends


def _parse_value(definition: FactDefinition, text: str) -> str | bool:
    text = text.strip()
    if definition.kind is Kind.YES_NO and text in ("yes", "no"):
        return text == "yes"
    if text == "not documented":
        return "not_documented"
    return text
