"""The rules behind codes and outcomes, and what they are called."""

from collections.abc import Iterable

from coding.decision.outcomes import Outcome
from coding.decision.table import Rule, RuleTable


def rules_of(table: RuleTable, code: str) -> tuple[Rule, ...]:
    """The rules that yield a code."""
    return tuple(rule for rule in table.rules if rule.code == code)


def rules_with(table: RuleTable, outcomes: Iterable[Outcome]) -> tuple[Rule, ...]:
    """The rules that yield one of some outcomes."""
    endings = {(outcome.kind, outcome.code, outcome.message) for outcome in outcomes}
    return tuple(rule for rule in table.rules if (rule.outcome, rule.code, rule.message) in endings)


def label_of(rules: Iterable[Rule]) -> str:
    """What rules call their code: their titles."""
    return "; ".join(dict.fromkeys(rule.title for rule in rules))


def short_names(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """Outcomes without their modifiers, each once."""
    return tuple(dict.fromkeys(outcome.short_name for outcome in outcomes))
