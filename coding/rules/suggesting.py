"""Decisions as they are stored: suggestions of fact profiles, and whether they follow again."""

from collections.abc import Mapping
from typing import Any

from coding.decision import (
    ENGINE,
    Decision,
    Facts,
    RuleTable,
    decide,
    facts_from_data,
    facts_to_data,
    trace,
)
from coding.models import FactProfile, RuleDocument, Suggestion
from coding.models.reported import short_of
from coding.rules.rulebook import table_of

# What a suggestion says of its profile under its document.
WRITTEN = (
    "outcome",
    "code",
    "modifiers",
    "further_lines",
    "rule_id",
    "message",
    "decision",
    "engine",
)


def decide_profile(profile: FactProfile, document: RuleDocument) -> Decision:
    """Decide a profile under a document, without storing anything."""
    table = table_of(document)
    return decide(table, facts_from_data(table.facts, profile.facts))


def unsaved_suggestion(
    profile: FactProfile, document: RuleDocument, decision: Decision
) -> Suggestion:
    """A decision with an outcome as a row to be stored."""
    outcome = decision.outcome
    if outcome is None or decision.rule_id is None:
        raise ValueError("A decision that lacks answers is no suggestion.")
    return Suggestion(
        profile=profile,
        document=document,
        reported=short_of(outcome),
        outcome=outcome.kind.value,
        code=outcome.code,
        modifiers=list(outcome.modifiers),
        further_lines=[list(line) for line in outcome.lines],
        rule_id=decision.rule_id,
        message=outcome.message,
        decision=_record(table_of(document), profile, decision),
        engine=ENGINE,
    )


def suggest(profile: FactProfile, document: RuleDocument) -> Suggestion | None:
    """The stored suggestion for a profile, decided now if it is the first time; None while answers are missing."""
    stored = Suggestion.objects.filter(profile=profile, document=document).first()
    if stored is not None:
        return stored
    decision = decide_profile(profile, document)
    if decision.outcome is None:
        return None
    new = unsaved_suggestion(profile, document, decision)
    written = {name: getattr(new, name) for name in WRITTEN}
    # Somebody else may have decided it since: then theirs stays, which is the same.
    suggestion, _ = Suggestion.objects.get_or_create(
        profile=profile, document=document, defaults=written
    )
    return suggestion


def passing_suggestion(facts: Facts, document: RuleDocument) -> Suggestion | None:
    """A suggestion to be shown and not stored; None while answers are missing."""
    table = table_of(document)
    decision = decide(table, facts)
    if decision.outcome is None:
        return None
    return unsaved_suggestion(FactProfile(facts=facts_to_data(facts)), document, decision)


def replays(suggestion: Suggestion) -> bool:
    """Whether deciding the suggestion's facts again under its own document gives what was stored.

    That is: the outcome, the rule, and what became of each rule by which facts. How a trace is written, and in which
    order it lists facts, differed between editions of Concord.
    """
    decision = decide_profile(suggestion.profile, suggestion.document)
    again = _decided(_record(table_of(suggestion.document), suggestion.profile, decision))
    return again == _decided(suggestion.decision) and again["shown"] == _shown(suggestion)


def _decided(record: Mapping[str, Any]) -> dict[str, Any]:
    """What was decided, by which rule and why, of a stored decision."""
    outcome = record["outcome"]
    shown = (
        outcome["kind"],
        outcome["code"],
        sorted(outcome["modifiers"]),
        sorted(outcome.get("lines", [])),
        outcome["message"],
        record["rule"],
    )
    verdicts = {}
    for line in record.get("trace", []):
        verdicts[line["rule"]] = (line["verdict"], sorted(line.get("facts", [])))
    return {"shown": shown, "beside": outcome.get("see", []), "why": verdicts}


def _shown(suggestion: Suggestion) -> tuple[Any, ...]:
    """What people read of a suggestion, which its row holds beside the decision."""
    return (
        suggestion.outcome,
        suggestion.code,
        sorted(suggestion.modifiers),
        sorted(suggestion.further_lines),
        suggestion.message,
        suggestion.rule_id,
    )


def _record(table: RuleTable, profile: FactProfile, decision: Decision) -> dict[str, Any]:
    """A decision with its trace, as it is stored."""
    lines = trace(table, facts_from_data(table.facts, profile.facts), decision).lines()
    return {**decision.to_data(), "trace": [line.to_data() for line in lines]}


def decision_of(suggestion: Suggestion) -> Decision:
    return Decision.from_data(suggestion.decision)
