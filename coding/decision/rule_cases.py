"""A case of a rule: answers that people can give, at which this rule and no other decides."""

from coding.decision.bits import below
from coding.decision.compiled import compiled
from coding.decision.cover import Cover, Undecided, holds_cases
from coding.decision.errors import Entangled
from coding.decision.facts import Band, Facts, FactValue, Known
from coding.decision.table import RuleTable


def case_of_rule(table: RuleTable, rule_id: str) -> Facts | None:
    """A case that the rule decides, without what is derived.

    None for a rule that never decides, or where that is too hard to tell.
    """
    try:
        case = _deciding_case(table, rule_id)
    except (Entangled, Undecided):
        return None
    if case is None:
        return None
    return {key: _one_answer(answer) for key, answer in case.items()}


def _deciding_case(table: RuleTable, rule_id: str) -> Facts | None:
    """A case that one of the rule's rows takes, and no row before that one."""
    rows = compiled(table)
    cover = Cover(rows.facts)
    for number, index in enumerate(rows.rule_of):
        if table.rules[index].id != rule_id:
            continue
        box = cover.accepted(1 << number)
        if not holds_cases(box):
            continue
        case = cover.uncovered(box, below(number) | rows.contradictions)
        if case is not None:
            return cover.given(case)
    return None


def _one_answer(answer: FactValue) -> FactValue:
    """The answer itself, and of a range its first number: the rules tell none of it from another."""
    match answer:
        case Known(Band(low, high)):
            ends = [end for end in (low, high) if end is not None]
            return Known(ends[0] if ends else 0)
    return answer
