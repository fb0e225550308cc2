"""Worked cases: notes with their facts and the outcome that an expert expects, as rows of a CSV file."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from coding.decision import (
    NOT_DOCUMENTED,
    Decision,
    Facts,
    FactValue,
    Line,
    Outcome,
    OutcomeKind,
    RuleTable,
    Source,
    derived_beside_inputs,
    lines_from_text,
)
from coding.tables.errors import FileError
from coding.tables.guards import unguarded

# How the case files name the outcomes.
OUTCOMES = {
    "CODE": OutcomeKind.CODE,
    "QUERY": OutcomeKind.PROVIDER_QUERY,
    "SUPERVISOR": OutcomeKind.SUPERVISOR_REVIEW,
    "NO_FAMILY_CODE": OutcomeKind.NO_FAMILY_CODE,
}

# Where a case comes from, in a file; and its column where a fact is called so.
ORIGIN, CASE_ORIGIN = "origin", "case_origin"

# How a case writes that no further line is expected.
NO_LINES = "none"


class CaseError(ValueError):
    """A row that is no case; the message names the case, the column and the value."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case: its note, the facts that an expert reads in it, and what is expected of the rules.

    ``lines`` are the further lines that it expects, each with its units; None says nothing of them.
    """

    id: str
    note: str
    facts: Facts
    outcome: OutcomeKind
    code: str
    modifiers: tuple[str, ...]
    origin: str = ""
    lines: tuple[Line, ...] | None = None

    def agrees(self, decision: Decision) -> bool:
        """Whether the decision is the expected one, modifiers and further lines in any order."""
        outcome = decision.outcome
        return outcome is not None and self._expects(outcome) and self._expects_lines(outcome)

    def _expects(self, outcome: Outcome) -> bool:
        expected = self.outcome, self.code, sorted(self.modifiers)
        return (outcome.kind, outcome.code, sorted(outcome.modifiers)) == expected

    def _expects_lines(self, outcome: Outcome) -> bool:
        return self.lines is None or sorted(outcome.lines) == sorted(self.lines)


def origin_column(table: RuleTable) -> str:
    """The column of a case file that says where a case comes from."""
    return CASE_ORIGIN if ORIGIN in table.fact_by_key else ORIGIN


def read_cases(file: IO[str], table: RuleTable) -> Iterator[Case | CaseError]:
    """The cases of a file, each row that is none as its error.

    The columns are ``id``, ``note_text``, the facts, the expected outcome, code, modifiers and lines, and its
    ``origin_column``. Raises FileError for a file that is no CSV in UTF-8, or lacks a column that every case needs.
    """
    rows = csv.DictReader(file, strict=True)
    try:
        for column in ("id", "expected_outcome"):
            if column not in (rows.fieldnames or ()):
                raise FileError(f"The first line lacks the column {column}.")
        for row in rows:
            yield _case_or_error(_unguarded(row), table)
    except (csv.Error, UnicodeDecodeError) as error:
        raise FileError(f"The file is no CSV in UTF-8: {error}.") from error


def _unguarded(row: dict[str, Any]) -> dict[str, Any]:
    texts = {}
    for name, text in row.items():
        # A line that is too short or too long holds what is no text.
        texts[name] = unguarded(text) if isinstance(text, str) else text
    return texts


def expected_lines(text: str) -> tuple[Line, ...] | None:
    """Expected further lines as people write them; None where nothing is written. Raises ValueError for other text."""
    written = text.strip()
    if not written:
        return None
    if written.casefold() == NO_LINES:
        return ()
    return lines_from_text(text)


def with_given(table: RuleTable, facts: Facts) -> Facts:
    """The answers of a case, with *not documented* for what nobody is asked for and the case does not state.

    A case knows no record, set-up or history. A derived fact that it states stands for what is behind it.
    """
    behind_stated: set[str] = set()
    for fact in table.derived:
        if fact.key in facts:
            behind_stated.update(fact.inputs)

    answers: dict[str, FactValue] = {}
    for fact in table.facts:
        if fact.source is not Source.CODER and fact.key not in behind_stated:
            answers[fact.key] = NOT_DOCUMENTED
    return {**answers, **facts}


def _case_or_error(row: dict[str, str], table: RuleTable) -> Case | CaseError:
    try:
        return _case(row, table)
    except CaseError as error:
        return error


def _case(row: dict[str, str], table: RuleTable) -> Case:
    case_id = row.get("id")
    try:
        facts = _answers(row, table)
        outcome = OUTCOMES[row["expected_outcome"]]
        lines = expected_lines(row.get("expected_lines") or "")
    except KeyError as error:
        raise CaseError(
            f"{case_id}: expected_outcome {error} is none of {', '.join(OUTCOMES)}."
        ) from None
    except ValueError as error:
        raise CaseError(f"{case_id}: {error}") from None

    twice = derived_beside_inputs(table, facts)
    if twice is not None:
        derived, given = twice
        raise CaseError(
            f"{case_id}: {derived} is derived from {given}; state one of them, not both."
        )

    modifiers = (row.get("expected_modifiers") or "").replace(";", " ")
    return Case(
        id=row["id"],
        note=row.get("note_text") or "",
        facts=with_given(table, facts),
        outcome=outcome,
        code=row.get("expected_code") or "",
        modifiers=tuple(modifiers.split()),
        origin=(row.get(origin_column(table)) or "").strip(),
        lines=lines,
    )


def _answers(row: dict[str, str], table: RuleTable) -> Facts:
    facts: dict[str, FactValue] = {}
    for key, fact in table.fact_by_key.items():
        answer = fact.answer_from_text(row.get(key) or "")
        if answer is not None:
            facts[key] = answer
    return facts
