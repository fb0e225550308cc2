"""Facts of a version that nobody is asked for, as answers of a service that say where they come from.

They are taken from record, set-up and history when a round begins, and kept with its answers: what was decided can be
decided again, whatever the registers say by then. A corrected record has them taken anew.
"""

from collections.abc import Mapping

from coding.decision import (
    NOT_DOCUMENTED,
    FactDefinition,
    FactError,
    Facts,
    FactValue,
    RuleTable,
    Source,
)
from coding.models import Answer, AnswerSource, Service, User
from coding.rules import rulebook
from coding.rules.from_note import answer_text
from coding.rules.note_reading import NoteReading, standing_answers
from reviews.coding_form.given_facts import FROM_PAYER, Given, given_facts


def answers_of(service: Service, table: RuleTable, reading: NoteReading) -> dict[str, Answer]:
    """All answers that count: those of coders that stand, and those that are given, which may not be stored yet."""
    return with_given(service, table, standing_answers(service, table, reading))


def with_given(service: Service, table: RuleTable, answers: dict[str, Answer]) -> dict[str, Answer]:
    """Answers of coders with what is given for the service now."""
    not_asked = [fact for fact in table.facts if fact.source is not Source.CODER]
    if not not_asked:
        return answers
    keys = {fact.key for fact in not_asked}
    counting = {key: answer for key, answer in answers.items() if key not in keys}
    missing = []
    for fact in not_asked:
        stored = answers.get(fact.key)
        if stored is not None and _stands(stored, fact, service):
            counting[fact.key] = stored
        else:
            missing.append(fact)

    if not missing:
        return counting
    known = given_facts(service)
    for fact in missing:
        row = _row(service, fact, known)
        if row is not None:
            counting[fact.key] = row
    return counting


def given_of(service: Service, table: RuleTable) -> Facts:
    """What is given for a service under a table: the facts that nobody is asked for."""
    answers = with_given(service, table, rulebook.current_answers(service))
    facts = rulebook.facts_of(answers, table)
    return {key: value for key, value in facts.items() if not table.fact_by_key[key].is_asked}


def changed_given(service: Service, table: RuleTable) -> dict[str, Answer]:
    """What history, registers and set-up give now otherwise than it is stored, by fact; not what the record gives.

    A record changes by a correction, which takes all of it anew.
    """
    stored = rulebook.current_answers(service)
    looked_up = [fact for fact in table.facts if _is_looked_up(fact) and fact.key in stored]
    if not looked_up:
        return {}
    known = given_facts(service)
    changed = {}
    for fact in looked_up:
        row = _row(service, fact, known)
        if row is not None and row.value != stored[fact.key].value:
            changed[fact.key] = row
    return changed


def _is_looked_up(fact: FactDefinition) -> bool:
    """Whether what a fact says may change while its encounter stays as it is."""
    if fact.source is Source.RECORD:
        return fact.key in FROM_PAYER
    return fact.source in (Source.HISTORY, Source.SETUP)


def keep_given(actor: User, service: Service, answers: Mapping[str, Answer]) -> list[Answer]:
    """Store what is given and not stored yet, in the round that a locked service is in. Part of verbs."""
    new = [answer for answer in answers.values() if answer.pk is None]
    for answer in new:
        answer.round = service.round
        answer.answered_by = actor
    return Answer.objects.bulk_create(new)


def _stands(answer: Answer, fact: FactDefinition, service: Service) -> bool:
    """Whether what is stored was given in this round, for the record as it is now."""
    is_of_source = answer.source == fact.source.value
    is_of_round = answer.round == service.round
    return is_of_source and is_of_round and answer.revision == service.encounter.revision


def _row(service: Service, fact: FactDefinition, known: Mapping[str, Given]) -> Answer | None:
    """The answer to be stored; None where nothing here tells of such a fact: it waits."""
    given = known.get(fact.key)
    if given is None and fact.source is Source.SETUP:
        given = Given(NOT_DOCUMENTED, f"payer register: the payer has no option “{fact.key}”")
    if given is None:
        return None
    answer = _as_defined(fact, given.answer)
    origin = given.origin if answer is not None else f"{given.origin}, which is no answer to this"
    return Answer(
        service=service,
        fact=fact.key,
        value=rulebook.answer_to_data(fact.key, answer or NOT_DOCUMENTED),
        source=AnswerSource(fact.source.value),
        origin=origin,
        revision=service.encounter.revision,
    )


def _as_defined(fact: FactDefinition, answer: FactValue) -> FactValue | None:
    """The answer as the fact has it: a number of years has its decimals; None for what the fact cannot be."""
    try:
        return fact.answer_from_text(answer_text(answer))
    except FactError:
        return None
