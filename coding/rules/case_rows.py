"""Worked cases of a version between rows, files and values, and how the version's rules decide them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.db.models import Max

from coding.decision import (
    Decision,
    DecisionError,
    FactError,
    Facts,
    FactValue,
    OutcomeKind,
    RuleTable,
    Verdict,
    content_hash,
    decide,
    describe_facts,
    trace,
)
from coding.models import RuleSetVersion, WorkedCase
from coding.models.reported import in_words, lines_in_words
from coding.rules.from_note import written
from coding.rules.worked_cases import (
    NO_LINES,
    Case,
    CaseError,
    expected_lines,
    read_cases,
    with_given,
)

# What a row says, beside its place.
SAID = ("case_id", "answers", "outcome", "code", "modifiers", "origin", "further_lines")


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a worked case fared. ``problem`` is empty if it came out as expected.

    ``unsaid`` are further lines that come out and of which the case says nothing.
    """

    row: WorkedCase
    facts: str
    expected: str
    got: str
    problem: str
    steps: tuple[str, ...] = ()
    unsaid: str = ""

    @property
    def passes(self) -> bool:
        """Whether the rules give what is expected."""
        return not self.problem


def answers_from_text(text: str, table: RuleTable) -> Facts:
    """Answers written one a line as ``fact: answer``. Raises ValueError that names the line's fact and the answer."""
    facts: dict[str, FactValue] = {}
    for line in filter(str.strip, text.splitlines()):
        key, separator, written = line.partition(":")
        key = key.strip()
        if not separator:
            raise ValueError(f"“{line.strip()}” is no answer: write “fact: answer”.")
        if key not in table.fact_by_key:
            raise ValueError(
                f"There is no fact “{key}”. The facts are {', '.join(table.fact_by_key)}."
            )
        if key in facts:
            raise ValueError(f"{key}: it is answered twice. Delete one of the lines.")
        answer = table.fact_by_key[key].answer_from_text(written)
        if answer is not None:
            facts[key] = answer
    return facts


def case_of(row: WorkedCase, table: RuleTable) -> Case:
    """The case of a row. Raises ValueError for an answer that the rule set does not know, and for no further line."""
    return Case(
        id=row.case_id,
        note="",
        facts=with_given(table, answers_from_text(row.answers, table)),
        outcome=OutcomeKind(row.outcome),
        code=row.code,
        modifiers=tuple(row.modifiers.split()),
        lines=expected_lines(row.further_lines),
    )


def run(version: RuleSetVersion, table: RuleTable) -> list[CaseResult]:
    """Decide the worked cases of a version under a table; one query."""
    return [result_of(row, table) for row in version.worked_cases.all()]


def result_of(row: WorkedCase, table: RuleTable) -> CaseResult:
    """Decide one case; a case that the table cannot decide fails with the reason."""
    without_lines = in_words(row.outcome, row.code, row.modifiers.split())
    try:
        case = case_of(row, table)
        decision = decide(table, case.facts)
    except (ValueError, FactError, DecisionError) as error:
        answers = "; ".join(row.answers.splitlines())
        return CaseResult(row, answers, without_lines, "", str(error))

    facts = describe_facts(table.facts, case.facts)
    expected = in_words(case.outcome.value, case.code, case.modifiers, case.lines or ())
    got = _reported(decision)
    if not case.agrees(decision):
        steps = _steps(table, case.facts, decision)
        return CaseResult(row, facts, expected, got, f"It comes out as {got}.", steps)

    unsaid = ""
    if case.lines is None and decision.outcome is not None:
        unsaid = lines_in_words(decision.outcome.lines)
    return CaseResult(row, facts, expected, got, "", unsaid=unsaid)


def _reported(decision: Decision) -> str:
    outcome = decision.outcome
    if outcome is None:
        return f"nothing yet: {', '.join(decision.open_facts)} not answered"
    return in_words(outcome.kind.value, outcome.code, outcome.modifiers, outcome.lines)


def _steps(table: RuleTable, facts: Facts, decision: Decision) -> tuple[str, ...]:
    """What became of each rule, up to the one that decided."""
    steps = []
    for line in trace(table, facts, decision).lines():
        at = f" at {', '.join(line.facts)}" if line.facts else ""
        steps.append(f"{line.rule_id} {line.verdict}{at}")
        if line.verdict is Verdict.DECIDES:
            break
    return tuple(steps)


def digest(version: RuleSetVersion) -> str:
    """SHA-256 over the worked cases of a version; empty if it has none."""
    rows = [_said(*row) for row in version.worked_cases.values_list(*SAID)]
    if not rows:
        return ""
    return content_hash(rows)


def _said(*values: str) -> list[str]:
    """What a row says. Lines that are not written are left out: signed digests of before hold none."""
    *others, lines = values
    if not lines:
        return others
    return [*others, lines]


def copies(cases: Iterable[WorkedCase]) -> list[WorkedCase]:
    """The cases as new rows that belong to no version yet."""
    rows = []
    for case in cases:
        columns = {name: getattr(case, name) for name in SAID}
        rows.append(WorkedCase(**columns))
    return rows


def last_position(version: RuleSetVersion) -> int:
    """The place of a version's last case; 0 without any."""
    return version.worked_cases.aggregate(last=Max("position"))["last"] or 0


def write(version: RuleSetVersion, cases: Sequence[WorkedCase]) -> None:
    """Write cases as the rows of a draft, behind those that it has."""
    for position, case in enumerate(cases, start=last_position(version) + 1):
        case.version, case.position = version, position
    WorkedCase.objects.bulk_create(cases)


def read_rows(file: IO[str], table: RuleTable) -> Iterator[WorkedCase | str]:
    """The cases of a CSV file as rows without a version, or what is wrong with one of them.

    Columns are those of ``coding.rules.worked_cases``. Others, a note's text before all, are left out.
    Raises FileError for a file that is no CSV in UTF-8, or lacks a column that every case needs.
    """
    seen: set[str] = set()
    for case in read_cases(file, table):
        if isinstance(case, CaseError):
            yield str(case)
        elif case.id in seen:
            yield f"{case.id}: this id stands there twice. Give one of the cases another."
        else:
            seen.add(case.id)
            yield _checked(row_of(case, table))


def row_of(case: Case, table: RuleTable) -> WorkedCase:
    """A case as a row without a version; its note is not kept."""
    answers = []
    for key, answer in case.facts.items():
        answers.append(f"{key}: {written(table.fact_by_key[key], answer)}")

    further_lines = ""
    if case.lines is not None:
        further_lines = lines_in_words(case.lines) or NO_LINES

    return WorkedCase(
        case_id=case.id,
        answers="\n".join(answers),
        outcome=case.outcome.value,
        code=case.code,
        modifiers=" ".join(case.modifiers),
        origin=case.origin,
        further_lines=further_lines,
    )


def _checked(row: WorkedCase) -> WorkedCase | str:
    try:
        row.clean_fields(exclude=["version"])
    except ValidationError as error:
        problems = [f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items()]
        return f"{row.case_id or 'A case without an id'}, {'; '.join(problems)}"
    return row
