"""A rule table as people read it."""

from coding.decision import RuleTable, in_words
from coding.decision.cells import Row


def in_full(table: RuleTable) -> list[dict[str, object]]:
    """Each rule with its alternatives as pairs of label and what is asked for."""
    rules: list[dict[str, object]] = []
    for rule in table.rules:
        rows = [conditions_in_words(table, row) for row in rule.rows]
        rules.append({"rule": rule, "rows": rows})
    return rules


def conditions_in_words(table: RuleTable, row: Row) -> tuple[tuple[str, str], ...]:
    """The conditions of one row, each as the fact's label and what is asked for."""
    facts = table.fact_by_key
    return tuple((facts[cell.fact].label, in_words(facts[cell.fact], cell)) for cell in row)
