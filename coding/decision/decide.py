"""Decide: what a table makes of the answers, with the trace of how it came to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from coding.decision.cells import Row, Rows
from coding.decision.diagram import diagram_of
from coding.decision.errors import NoRuleApplies, RulesOverlap, UnknownFact
from coding.decision.facts import Facts
from coding.decision.table import HitPolicy, OutcomeKind, Rule, RuleTable


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule yields; a code comes with its modifiers in the order in which they are reported."""

    kind: OutcomeKind
    code: str
    modifiers: tuple[str, ...]
    message: str


class Verdict(StrEnum):
    """How a rule fared: it decides; a cell of each row fails; an answer is missing; or a rule above it decides."""

    DECIDES = "decides"
    FAILS = "fails"
    MISSING = "missing"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """How a rule fared, with the fact of the first cell that failed, or lacks its answer, in each of its rows."""

    rule_id: str
    verdict: Verdict
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome with its rule, or None for both while answers are missing that still decide (``open_facts``)."""

    outcome: Outcome | None
    rule_id: str | None
    trace: tuple[RuleTrace, ...]
    open_facts: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """The decision as JSON data."""
        outcome = self.outcome
        return {
            "outcome": outcome
            and {
                "kind": outcome.kind.value,
                "code": outcome.code,
                "modifiers": list(outcome.modifiers),
                "message": outcome.message,
            },
            "rule": self.rule_id,
            "trace": [{"rule": t.rule_id, "verdict": t.verdict.value, "facts": list(t.facts)} for t in self.trace],
            "open_facts": list(self.open_facts),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Decision":
        """The decision that ``to_data`` wrote."""
        outcome = data["outcome"]
        return cls(
            outcome=outcome
            and Outcome(OutcomeKind(outcome["kind"]), outcome["code"], tuple(outcome["modifiers"]), outcome["message"]),
            rule_id=data["rule"],
            trace=tuple(RuleTrace(t["rule"], Verdict(t["verdict"]), tuple(t["facts"])) for t in data["trace"]),
            open_facts=tuple(data["open_facts"]),
        )


def decide(table: RuleTable, facts: Facts) -> Decision:
    """The one outcome of these answers.

    Answers may be missing: if every way to complete them leads to the same rule and modifiers, that is the
    outcome; otherwise the decision is open. Raises NoRuleApplies or RulesOverlap for a defective table, and
    UnknownFact for an answer to a fact that the table does not define.
    """
    foreign = sorted(facts.keys() - table.fact_by_key.keys())
    if foreign:
        raise UnknownFact(f"{foreign[0]} is no fact of {table.name}.")
    reached = diagram_of(table).restricted(facts)
    if len(reached.terminals) > 1:
        return Decision(None, None, _trace(table, facts, None), reached.open_facts)
    [terminal] = reached.terminals
    if terminal.rule is None:
        raise NoRuleApplies(f"{table.name}: no rule covers these answers.")
    rule = table.rules[terminal.rule]
    if table.hit_policy is HitPolicy.UNIQUE:
        _check_unique_hit(table, facts, rule)
    outcome = Outcome(rule.outcome, rule.code, terminal.modifiers, rule.message)
    return Decision(outcome, rule.id, _trace(table, facts, rule))


def applies(rows: Rows, facts: Facts) -> bool | None:
    """Whether one of the rows applies; None if that hangs on a missing answer."""
    verdicts = [_row_applies(row, facts) for row in rows]
    return True if True in verdicts else None if None in verdicts else False


def _row_applies(row: Row, facts: Facts) -> bool | None:
    verdicts = [cell.test.accepts(facts.get(cell.fact)) for cell in row]
    return False if False in verdicts else None if None in verdicts else True


def _check_unique_hit(table: RuleTable, facts: Facts, rule: Rule) -> None:
    for other in table.rules:
        if other is not rule and applies(other.rows, facts):
            raise RulesOverlap(f"{table.name}: rules {rule.id} and {other.id} both cover these answers.")


def _trace(table: RuleTable, facts: Facts, deciding: Rule | None) -> tuple[RuleTrace, ...]:
    return tuple(_trace_rule(rule, facts, deciding) for rule in table.rules)


def _trace_rule(rule: Rule, facts: Facts, deciding: Rule | None) -> RuleTrace:
    if rule is deciding:
        return RuleTrace(rule.id, Verdict.DECIDES)
    verdict = applies(rule.rows, facts)
    if verdict:
        return RuleTrace(rule.id, Verdict.MASKED)
    stops = (_first_cell(row, facts, verdict) for row in rule.rows if _row_applies(row, facts) is verdict)
    return RuleTrace(rule.id, Verdict.MISSING if verdict is None else Verdict.FAILS, tuple(dict.fromkeys(stops)))


def _first_cell(row: Row, facts: Facts, verdict: bool | None) -> str:
    return next(cell.fact for cell in row if cell.test.accepts(facts.get(cell.fact)) is verdict)
