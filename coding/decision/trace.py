"""Trace: how every rule fared with the given answers, and why."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from coding.decision.compiled import Compiled, compiled
from coding.decision.complete import complete
from coding.decision.facts import Facts
from coding.decision.outcomes import Decision
from coding.decision.table import RuleTable


class Verdict(StrEnum):
    """How a rule fared: it decides; a cell of each row fails; an answer is missing; or a rule above it decides."""

    DECIDES = "decides"
    FAILS = "fails"
    MISSING = "missing"
    MASKED = "masked"


class RuleTrace(NamedTuple):
    """How a rule fared, with the fact of the first cell that failed, or lacks its answer, in each of its rows."""

    rule_id: str
    verdict: Verdict
    facts: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        return {"rule": self.rule_id, "verdict": self.verdict.value, "facts": list(self.facts)}


class Trace(NamedTuple):
    """How every row of every rule fared, as bit sets; ``lines`` tells it rule by rule.

    ``failing`` and ``waiting`` hold for each fact the rows that its answer was the first to fail, or that lacked it.
    """

    rows: Compiled
    deciding: str | None
    sure: int
    maybe: int
    failing: Sequence[int]
    waiting: Sequence[int] = ()

    def lines(self) -> tuple[RuleTrace, ...]:
        """A line for every rule, in their order."""
        failing = self._facts_by_rule(self.failing)
        waiting = self._facts_by_rule([marks & self.maybe for marks in self.waiting])
        lines = []
        for index, rule in enumerate(self.rows.table.rules):
            own = self.rows.rows_of[index]
            if rule.id == self.deciding:
                lines.append(RuleTrace(rule.id, Verdict.DECIDES))
            elif own & self.sure:
                lines.append(RuleTrace(rule.id, Verdict.MASKED))
            elif own & self.maybe:
                lines.append(RuleTrace(rule.id, Verdict.MISSING, tuple(waiting[index])))
            else:
                lines.append(RuleTrace(rule.id, Verdict.FAILS, tuple(failing[index])))
        return tuple(lines)

    def _facts_by_rule(self, marked: Sequence[int]) -> dict[int, list[str]]:
        """The facts that mark some row of a rule, by the indices of the rules."""
        facts: dict[int, list[str]] = {}
        # Where all is answered no row waits, and nothing is marked.
        for fact, marks in zip(self.rows.facts, marked, strict=False):
            for rule in self.rows.rules_with(marks):
                facts.setdefault(rule, []).append(fact.key)
        return facts


def trace(table: RuleTable, facts: Facts, decision: Decision) -> Trace:
    """Why every rule decided, failed, waits or is masked; ``decision`` is what was decided from these facts."""
    rows = compiled(table)
    facts = complete(table, facts)
    live = rows.rule_rows
    failing = []
    try:
        for key, alive in rows.alive:
            left = live & alive[facts[key]]
            # The rows that are alive no more. None is left that was not alive, so it is one step and not two.
            failing.append(live ^ left)
            live = left
    except KeyError:
        return _incomplete(rows, facts, decision)
    return Trace(rows, decision.rule_id, live, live, failing)


def _incomplete(rows: Compiled, facts: Facts, decision: Decision) -> Trace:
    maybe = sure = rows.rule_rows
    failing, waiting = [], []
    for fact in rows.facts:
        passing, possible = fact.judged[facts.get(fact.key)]
        failing.append(maybe & ~possible)
        waiting.append(sure & possible & ~passing)
        maybe &= possible
        sure &= passing
    return Trace(rows, decision.rule_id, sure, maybe, failing, waiting)
