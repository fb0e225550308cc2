"""Near misses: rules that one answer alone keeps from applying."""

from collections.abc import Iterator
from dataclasses import dataclass

from coding.decision.cells import Cell
from coding.decision.complete import complete
from coding.decision.facts import Facts
from coding.decision.table import RuleTable


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule, the alternative (counted from 0) of which all cells but one hold, and that cell."""

    rule_id: str
    alternative: int
    cell: Cell


def near_misses(table: RuleTable, facts: Facts) -> tuple[NearMiss, ...]:
    """The alternatives that fail by one answer, in their order. A cell without an answer neither holds nor fails."""
    return tuple(_near(table, complete(table, facts)))


def _near(table: RuleTable, facts: Facts) -> Iterator[NearMiss]:
    for rule in table.rules:
        for alternative, row in enumerate(rule.rows):
            verdicts = [cell.test.accepts(facts.get(cell.fact)) for cell in row]
            if verdicts.count(False) == 1 and None not in verdicts:
                yield NearMiss(rule.id, alternative, row[verdicts.index(False)])
