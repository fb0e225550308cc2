"""Worked cases as a CSV file, which the page of worked cases takes in again."""

from collections.abc import Iterable

from coding.decision import OutcomeKind, RuleTable, TableError
from coding.models import WorkedCase
from coding.rules.worked_cases import OUTCOMES, origin_column
from coding.tables.csv_lines import write_line

EXPECTED = ("expected_outcome", "expected_code", "expected_modifiers", "expected_lines")
NAMES = {kind: name for name, kind in OUTCOMES.items()}


def write_cases(cases: Iterable[WorkedCase], table: RuleTable) -> bytes:
    """A line a case, a column a fact. Raises TableError for a case that answers what the table does not ask."""
    lines = [("id", *table.fact_by_key, *EXPECTED, origin_column(table))]
    lines += [_line(case, table) for case in cases]
    return "".join(map(write_line, lines)).encode("utf-8-sig")


def _line(case: WorkedCase, table: RuleTable) -> tuple[str, ...]:
    answers: dict[str, str] = {}
    for line in filter(str.strip, case.answers.splitlines()):
        written_key, _, text = line.partition(":")
        key = written_key.strip()
        if key not in table.fact_by_key:
            raise TableError(
                f"Worked case {case.case_id}: there is no fact “{key}”. Mend it first."
            )
        answers[key] = text.strip()

    in_order = [answers.get(key, "") for key in table.fact_by_key]
    outcome = NAMES[OutcomeKind(case.outcome)]
    expected = (outcome, case.code, case.modifiers, case.further_lines, case.origin)
    return (case.case_id, *in_order, *expected)
