"""A rule set of two questions and three rules, for tests to which the rules themselves do not matter."""

import copy
from datetime import date
from typing import Any

from coding.actions import rule_sets
from coding.decision import RuleTable
from coding.evidence import Lexicon
from coding.models import RuleSet, RuleSetVersion
from tests import factories

KEY = "small"
NEW_YEAR = date(2026, 1, 1)
HELD = {"key": "held", "kind": "yes_no", "label": "Held", "question": "Was the joint held?"}
DRUG = {
    "key": "drug",
    "kind": "choice",
    "label": "Drug",
    "question": "Which drug was given?",
    "choices": [{"value": "none", "label": "None"}, {"value": "sleep", "label": "Put to sleep"}],
}
DOCUMENT: dict[str, Any] = {
    "key": KEY,
    "name": "Small",
    "description": "Two codes.",
    "notes": ["Nobody reviewed this."],
    "family": ["27256", "27257"],
    "hit_policy": "first",
    "facts": [HELD, DRUG],
    "rules": [
        {
            "id": "R1",
            "title": "Held awake",
            "rows": [{"held": {"in": [True]}, "drug": {"in": ["none"]}}],
            "outcome": "code",
            "code": "27256",
            "message": "Held without a drug.",
            "basis": "Page 1",
        },
        {
            "id": "R2",
            "title": "Held asleep",
            "rows": [{"held": {"in": [True]}, "drug": {"in": ["sleep"]}}],
            "outcome": "code",
            "code": "27257",
            "message": "Held under a drug.",
            "basis": "Page 2",
        },
        {
            "id": "R3",
            "title": "Anything else",
            "rows": [{}],
            "outcome": "supervisor_review",
            "message": "A person decides.",
            "basis": "Page 3",
        },
    ],
    "modifiers": [{"modifier": "LT", "rows": [{"held": {"in": [True]}}]}],
    "diagnoses": [{"codes": ["Q65.01", "Q65.02"], "rows": [{}]}],
}


def document(**changes: Any) -> dict[str, Any]:
    """The document, with other values for some of its keys; it is the caller's to change."""
    return copy.deepcopy({**DOCUMENT, **changes})


def table(**changes: Any) -> RuleTable:
    """The rule table."""
    return RuleTable.from_document(document(**changes))


def with_gap() -> RuleTable:
    """A table that leaves cases without a rule."""
    return table(rules=document()["rules"][:2])


def another(key: str = "other") -> RuleTable:
    """The same rules under another key, for codes of their own: two published rule sets claim no code both."""
    own = {"27256": "27250", "27257": "27252"}
    rules = [
        {**rule, "code": own[rule["code"]]} if "code" in rule else rule
        for rule in document()["rules"]
    ]
    return table(key=key, family=list(own.values()), rules=rules)


def lexicon(*terms: dict[str, Any], **rest: Any) -> Lexicon:
    """A lexicon for it: of these terms, or of two usual ones, and what else a document of one may hold."""
    usual = [
        {"phrase": "held", "fact": "held", "value": "yes", "negated": "no"},
        {"phrase": "put to sleep", "fact": "drug", "value": "sleep", "negated": "none"},
    ]
    return Lexicon.from_document({"rule_set": KEY, "terms": list(terms) or usual, **rest})


def rule_set(key: str = KEY) -> RuleSet:
    """The rule set itself, without a version when it is new."""
    made, _ = RuleSet.objects.get_or_create(key=key, defaults={"name": key.capitalize()})
    return made


def draft(
    people: factories.People, rules: RuleTable | None = None, lexicon: Lexicon | None = None
) -> RuleSetVersion:
    """A draft of the rule author's."""
    rules = rules or table()
    return rule_sets.draft(people["rule author"], rule_set(rules.key), rules, lexicon=lexicon)


def in_review(
    people: factories.People, rules: RuleTable | None = None, effective_from: date = NEW_YEAR
) -> RuleSetVersion:
    """A version that its author submitted."""
    version = draft(people, rules)
    RuleSetVersion.objects.filter(pk=version.pk).update(effective_from=effective_from)
    rule_sets.submit(people["rule author"], version)
    return now(version)


def published(
    people: factories.People,
    effective_from: date = NEW_YEAR,
    rules: RuleTable | None = None,
    lexicon: Lexicon | None = None,
) -> RuleSetVersion:
    """A version that the rule approver published."""
    return factories.publish(people, draft(people, rules, lexicon), effective_from)


def now(version: RuleSetVersion) -> RuleSetVersion:
    """The version as it is stored now."""
    return RuleSetVersion.objects.get(pk=version.pk)
