"""Precedents of a rule set: which of them some answers hold, and which a table would reverse."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from coding.decision import DecisionError, FactError, RuleTable, decide, facts_from_data
from coding.models import Precedent
from coding.models.reported import in_words, short_of

OPEN = "no outcome"


@dataclass(frozen=True, slots=True)
class Reversal:
    """A precedent that comes out otherwise under a table, and what that gives instead, in words."""

    precedent: Precedent
    instead: str


def in_force(rule_set: int) -> QuerySet[Precedent]:
    """The precedents of a rule set that no version has reversed."""
    return Precedent.objects.filter(rule_set=rule_set, reversed_by=None).select_related(
        "profile", "version"
    )


def of_code(rule_set: int, code: str) -> QuerySet[Precedent]:
    """Those in force that found a code, the latest first, with what is shown of them alone."""
    shown = ("number", "title", "recorded_at", "outcome", "code", "modifiers", "further_lines")
    of_version = ("number", "for_payer", "for_place", "rule_set__name")
    latest_first = in_force(rule_set).filter(code=code).order_by("-number")
    # Without their profiles, which are long.
    with_version = latest_first.select_related(None).select_related("version__rule_set")
    return with_version.only(*shown, *(f"version__{name}" for name in of_version))


def held(precedents: Iterable[Precedent], facts: Mapping[str, Any]) -> list[Precedent]:
    """Those whose deciding answers are all among some answers, as canonical data."""
    return [precedent for precedent in precedents if precedent.deciding.items() <= facts.items()]


def reversals(rule_set: int, table: RuleTable) -> list[Reversal]:
    """The precedents in force that a table decides otherwise, or no more, by number."""
    reversed_ones = []
    for precedent in in_force(rule_set).order_by("number"):
        short, words = _outcome(table, precedent.profile.facts)
        if short != precedent.reported:
            reversed_ones.append(Reversal(precedent, words))
    return reversed_ones


def _outcome(table: RuleTable, data: Mapping[str, Any]) -> tuple[str, str]:
    """What a table makes of answers, in short and in words. Facts that it does not have are left out."""
    own = {key: value for key, value in data.items() if key in table.fact_by_key}
    try:
        outcome = decide(table, facts_from_data(table.facts, own)).outcome
    except (DecisionError, FactError):
        outcome = None
    if outcome is None:
        return "", OPEN
    words = in_words(outcome.kind.value, outcome.code, outcome.modifiers, outcome.lines)
    return short_of(outcome), words
