"""What the answers behind a case rest on now: those that a corrected note no longer bears, and those left open."""

from coding.decision import FactError, explain, facts_from_data
from coding.decision.facts import Silence
from coding.models import RuleSetVersion, Service, Suggestion
from coding.rules import rulebook, suggesting
from coding.rules.note_reading import NoteReading, Stale, stale_answers
from reviews.coding_form.guided import in_force, table_of
from reviews.models import ReviewCase


def version_read_with(service: Service) -> RuleSetVersion | None:
    """The version whose lexicon reads the note of a decided service; None where no rule set judges."""
    if service.rule_set is None:
        return None
    return service.version or in_force(service)


def stale_answers_of(service: Service) -> dict[str, Stale]:
    """The answers of earlier revisions that the note as it is now contradicts or no longer supports, by fact."""
    version = version_read_with(service)
    if version is None:
        return {}
    reading = NoteReading.of(version, service.encounter.note)
    return stale_answers(service, table_of(version), reading)


def deciding_facts(suggestion: Suggestion) -> set[str]:
    """The facts on whose answers a suggestion rests; none where its answers cannot be read any more."""
    table = rulebook.table_of(suggestion.document)
    try:
        facts = facts_from_data(table.facts, suggestion.profile.facts)
    except FactError:
        return set()
    explanation = explain(table, facts, suggesting.decision_of(suggestion))
    return {answer.fact for answer in explanation.deciding}


def facts_to_ask(case: ReviewCase) -> list[str]:
    """The facts that a provider query is about: those that decide and are not documented, or documented two ways.

    Where none that decides is open, all that are: the coder or the supervisor asks beyond what the rules ask. What
    record, set-up or history leave open is none of them: a supervisor sees to it.
    """
    suggestion = case.suggestion
    if suggestion is None:
        return []
    table = rulebook.table_of(suggestion.document)
    answers = rulebook.facts_of(rulebook.current_answers(case.service), table)
    asked = [fact for fact in answers if table.fact_by_key[fact].is_asked]
    silent = [fact for fact in asked if isinstance(answers[fact], Silence)]
    deciding = deciding_facts(suggestion)
    return [fact for fact in silent if fact in deciding] or silent
