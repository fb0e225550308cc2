"""Worked cases as JSON data, in which they travel with a rule set."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from coding.decision import RuleTable, TableError
from coding.models import WorkedCase
from coding.models.reported import line_in_words
from coding.rules import case_rows
from coding.rules.worked_cases import NO_LINES, expected_lines


def to_data(case: WorkedCase) -> dict[str, Any]:
    """A case as an object; its answers are lines, as people write them."""
    data: dict[str, Any] = {
        "id": case.case_id,
        "answers": case.answers.splitlines(),
        "outcome": case.outcome,
    }
    if case.code:
        data["code"] = case.code
    if case.modifiers:
        data["modifiers"] = case.modifiers.split()
    lines = expected_lines(case.further_lines)
    if lines is not None:
        # An empty list expects none; a case that says nothing of lines has no such member.
        data["lines"] = [line_in_words(code, units) for code, units in lines]
    if case.origin:
        data["origin"] = case.origin
    return data


def _lines_from_data(data: Mapping[str, Any], place: str) -> str:
    if "lines" not in data:
        return ""
    return ", ".join(map(str, _list(data, "lines", place))) or NO_LINES


def from_data(cases: Iterable[Mapping[str, Any]], table: RuleTable) -> list[WorkedCase]:
    """The cases of a file as rows without a version. Raises TableError that names the case and what is wrong."""
    rows: dict[str, WorkedCase] = {}
    for place, data in enumerate(cases, start=1):
        row = _row(data, f"worked case {data.get('id') or place}")
        if row.case_id in rows:
            raise TableError(
                f"worked case {row.case_id}: this id stands there twice. Give one of the cases another."
            )
        rows[row.case_id] = row
        try:
            case_rows.case_of(row, table)
        except ValueError as error:
            raise TableError(f"worked case {row.case_id}: {error}") from None
    return list(rows.values())


def _row(data: Mapping[str, Any], place: str) -> WorkedCase:
    row = WorkedCase(
        case_id=data.get("id", ""),
        answers="\n".join(map(str, _list(data, "answers", place))),
        outcome=data.get("outcome", ""),
        code=data.get("code", ""),
        modifiers=" ".join(map(str, _list(data, "modifiers", place))),
        further_lines=_lines_from_data(data, place),
        origin=data.get("origin", ""),
    )
    try:
        row.clean_fields(exclude=["version"])
    except ValidationError as error:
        problems = [f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items()]
        raise TableError(f"{place}: {'; '.join(problems)}") from None
    return row


def _list(data: Mapping[str, Any], name: str, place: str) -> list[Any]:
    listed = data.get(name, [])
    if not isinstance(listed, list):
        raise TableError(f"{place}: {name} is a list of texts.")
    return listed
