"""Values that no rule names: mostly an answer that an author forgot."""

from collections.abc import Iterator

from coding.decision.answers import representatives
from coding.decision.cells import In, Not, Row, Test
from coding.decision.facts import FactDefinition, Kind, Known
from coding.decision.findings import Finding, Flaw
from coding.decision.table import RuleTable


def unmentioned(table: RuleTable) -> Iterator[Finding]:
    """Values of tested facts that no cell names, and ranges of numbers that none lets pass."""
    tests = _tests_by_fact(table)
    for definition in table.facts:
        if definition.key not in tests:
            continue
        values = _values_beside(definition, tests[definition.key])
        if values:
            listed = ", ".join(map(definition.describe, values))
            words = f"{definition.label}: no rule mentions {listed}."
            yield Finding(Flaw.UNMENTIONED, words, fact=definition.key)


def _tests_by_fact(table: RuleTable) -> dict[str, set[Test]]:
    tests: dict[str, set[Test]] = {}
    for row in _all_rows(table):
        for cell in row:
            tests.setdefault(cell.fact, set()).add(cell.test)
    return tests


def _all_rows(table: RuleTable) -> Iterator[Row]:
    for part in (table.rules, table.modifiers, table.lines, table.diagnoses):
        for line in part:
            yield from line.rows
    for fact in table.derived:
        for derived_line in fact.derived:
            yield from derived_line.rows


def _is_accepted(answer: Known, tests: set[Test]) -> bool:
    return any(test.accepts(answer) for test in tests)


def _values_beside(definition: FactDefinition, tests: set[Test]) -> list[Known]:
    """The documented values of a fact that none of the tests on it names; of numbers, the ranges that none accepts."""
    if definition.kind is Kind.WHOLE_NUMBER:
        numbers = [
            answer for answer in representatives(definition, tests) if isinstance(answer, Known)
        ]
        return [number for number in numbers if not _is_accepted(number, tests)]
    named: set[str | bool] = set()
    for test in tests:
        if isinstance(test, In | Not):
            named |= test.values
    return [Known(value) for value in definition.values() if value not in named]
