"""What the worked cases of a version cover: which rules some case fires, and a case that would fire each other rule."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from coding.decision import DecisionError, FactError, RuleTable, case_of_rule, decide
from coding.models import WorkedCase
from coding.rules import case_rows
from coding.rules.worked_cases import Case


def fired(cases: Iterable[WorkedCase], table: RuleTable) -> Counter[str]:
    """How many cases each rule decides; a case that cannot be decided fires none."""
    rules: Counter[str] = Counter()
    for row in cases:
        try:
            decision = decide(table, case_rows.case_of(row, table).facts)
        except (ValueError, FactError, DecisionError):
            continue
        if decision.rule_id is not None:
            rules[decision.rule_id] += 1
    return rules


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A rule that no case fires, and a case that would; without one the rule decides nothing."""

    rule_id: str
    title: str
    proposed: WorkedCase | None


def uncovered(cases: Iterable[WorkedCase], table: RuleTable) -> list[Uncovered]:
    """The rules that none of the cases fires, in their order. What is expected of a proposal is what its rule says."""
    covered = fired(cases, table)
    idle = [rule for rule in table.rules if rule.id not in covered]
    return [Uncovered(rule.id, rule.title, proposed_case(table, rule.id)) for rule in idle]


def proposed_case(table: RuleTable, rule_id: str) -> WorkedCase | None:
    """A case that fires a rule, expecting what comes out; whoever takes it says with that that it is right."""
    facts = case_of_rule(table, rule_id)
    if facts is None:
        return None
    outcome = decide(table, facts).outcome
    if outcome is None:
        return None
    case = Case(
        id=f"C-{rule_id}",
        note="",
        facts=facts,
        outcome=outcome.kind,
        code=outcome.code,
        modifiers=outcome.modifiers,
        origin=f"Proposed for rule {rule_id}.",
        # Where the rule set has no further lines, the case says nothing of them.
        lines=outcome.lines if table.lines else None,
    )
    return case_rows.row_of(case, table)
