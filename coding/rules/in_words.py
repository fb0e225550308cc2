"""A rule table as people read it."""

from coding.decision import RuleTable, in_words


def in_full(table: RuleTable) -> list[dict[str, object]]:
    """Each rule with its alternatives as pairs of label and what is asked for."""
    return [
        {
            "rule": rule,
            "rows": [
                [(table.fact_by_key[cell.fact].label, in_words(table.fact_by_key[cell.fact], cell)) for cell in row]
                for row in rule.rows
            ],
        }
        for rule in table.rules
    ]
