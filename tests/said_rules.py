"""A rule set that uses what a table may say beside questions: given facts, a number, a derived fact, lines, see."""

from tests import factories, small_rules

WOUND = {
    "key": "length",
    "kind": "whole_number",
    "label": "Length",
    "question": "How long is the wound?",
    "minimum": 1,
    "maximum": 300,
    "decimals": 1,
    "unit": "cm",
}
AGE = {
    "key": "age_years",
    "kind": "whole_number",
    "label": "Age",
    "minimum": 0,
    "maximum": 120,
    "unit": "years",
    "source": "record",
}
GLUE = {"key": "glue", "kind": "yes_no", "label": "Glue is G0168", "source": "setup"}
SEEN = {"key": "established_patient", "kind": "yes_no", "label": "Seen before", "source": "history"}
SIZE = {
    "key": "size",
    "kind": "choice",
    "label": "Size",
    "choices": [{"value": "small", "label": "Small"}, {"value": "large", "label": "Large"}],
    "derived": [
        {"value": "small", "rows": [{"length": {"between": [1, 25]}}]},
        {"value": "large", "rows": [{"length": {"between": [26, 300]}}]},
    ],
}


def rule(rule_id, rows, outcome="code", **more):
    """A rule."""
    return {
        "id": rule_id,
        "title": rule_id,
        "rows": rows,
        "outcome": outcome,
        "message": "So.",
        "basis": "P",
        **more,
    }


CHILD = {"age_years": {"between": [0, 17]}}
ADULT = {"age_years": {"between": [18, 120]}}
SMALL, LARGE = {"size": {"in": ["small"]}}, {"size": {"in": ["large"]}}
RULES = [
    rule("GLUE", [{**ADULT, "glue": {"in": ["not_documented"]}}], "supervisor_review"),
    rule("SMALL", [{**ADULT, **SMALL}], code="27256"),
    rule("LARGE", [{**ADULT, **LARGE}], code="27257"),
    rule("REST", [{}], "supervisor_review"),
]


def table(facts=(WOUND, AGE, GLUE, SIZE), rules=RULES, **more):
    """The table, with other parts where they matter."""
    return small_rules.table(
        facts=list(facts), rules=list(rules), modifiers=[], diagnoses=[], **more
    )


def published(people: factories.People, **parts):
    """A published version."""
    return small_rules.published(people, rules=table(**parts))
