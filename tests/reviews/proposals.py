"""A second family, with a gate, diagnoses and two sides, beside whatever else is published."""

from tests import small_rules

KEY = "knee"
SIDE = {
    "key": "side",
    "kind": "choice",
    "label": "Side",
    "question": "Which side?",
    "choices": [{"value": value, "label": value.title()} for value in ("left", "right", "both")],
}
SIDES = {"fact": "side", "values": ["left", "right"], "both": "both"}
OPENING = {
    "claims": ["20600-20611"],
    "opens_by": {"diagnoses": ["M17"]},
    "one_service": {"sides": SIDES},
    "meanings": {"side": "side", "held": "held"},
}
# Asks for the side on every way through.
RULES = [
    {
        "id": f"R{number}",
        "title": side,
        "rows": [{"side": {"in": [side]}, "held": {"in": [True]}}],
        "outcome": "code",
        "code": "27256",
        "message": "Held.",
        "basis": "Page 1",
    }
    for number, side in enumerate(("left", "right", "both"), start=1)
]
ELSE = {
    "id": "R9",
    "title": "Anything else",
    "rows": [{}],
    "outcome": "supervisor_review",
    "message": "A person decides.",
    "basis": "Page 3",
}


def rules(key=KEY, **changes):
    """The table of the second family."""
    members = {
        "key": key,
        "name": key.capitalize(),
        "family": ["27256", "27257"],
        "facts": [SIDE, small_rules.HELD],
        "rules": [*RULES, ELSE],
        "modifiers": [],
        "diagnoses": [],
        **OPENING,
    }
    return small_rules.table(**{**members, **changes})


def rules_of(key, code, **changes):
    """The same table for another family, which yields a code of its own: no two families claim one."""
    own = [{**rule, "code": code} for rule in RULES]
    return rules(key, family=[code], rules=[*own, ELSE], **changes)


def gated():
    """A lexicon that opens a service where the note holds the knee."""
    terms = [{"phrase": "held", "fact": "held", "value": "yes", "negated": "no"}]
    return small_rules.Lexicon.from_document(
        {"rule_set": KEY, "terms": terms, "body": {"parts": ["knee"]}, "opens": ["held=yes"]}
    )
