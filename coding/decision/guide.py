"""Guide: which outcomes are still possible, which facts still matter, and the next question."""

from dataclasses import dataclass

from coding.decision.decide import Outcome
from coding.decision.diagram import Terminal, diagram_of
from coding.decision.facts import FactDefinition, Facts
from coding.decision.table import RuleTable


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the answers so far leave open; exact, not estimated."""

    outcomes: tuple[Outcome, ...]
    open_facts: tuple[str, ...]
    next_question: FactDefinition | None


def guide(table: RuleTable, facts: Facts) -> Guidance:
    """The outcomes that some completion of the answers yields, and the first question that still decides."""
    reached = diagram_of(table).restricted(facts)
    outcomes = dict.fromkeys(_outcome(table, end) for end in reached.terminals if end.rule is not None)
    question = table.fact_by_key[reached.open_facts[0]] if reached.open_facts else None
    return Guidance(tuple(outcomes), reached.open_facts, question)


def find_gap(table: RuleTable) -> Facts | None:
    """Answers that no rule covers, or None for a complete table."""
    return diagram_of(table).whole.path_to_gap()


def _outcome(table: RuleTable, end: Terminal) -> Outcome:
    rule = table.rules[end.rule or 0]
    return Outcome(rule.outcome, rule.code, end.modifiers, rule.message)
