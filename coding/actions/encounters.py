"""Verbs on encounters: enter, view, assign, answer."""

from django.db import IntegrityError, transaction

from coding import profiles, rulebook, trail
from coding.decision import FactValue
from coding.errors import Conflict
from coding.models import (
    Answer,
    AnswerSource,
    Encounter,
    EncounterStatus,
    RuleSet,
    RuleSetVersion,
    User,
)
from coding.permissions import require
from coding.records import EncounterRecord
from coding.storing import store_all

trail.register(
    {
        "encounter.entered": "Encounter entered",
        "encounter.viewed": "Encounter opened",
        "encounter.assigned": "Encounter assigned",
        "answer.given": "Question answered",
        "answer.taken_back": "Answer taken back",
    }
)


def enter(actor: User, record: EncounterRecord, rule_set: RuleSet, source: str = "typed") -> Encounter:
    """Store one encounter. Raises Conflict where the source has sent this external id before."""
    require(actor, "coding.add_encounter", "enter encounters")
    try:
        with transaction.atomic():
            [key] = store_all([(record, record.content_hash)], rule_set, source)
            encounter = Encounter.objects.get(pk=key)
            trail.record(actor, "encounter.entered", encounter, encounter=encounter, after={"source": source})
    except IntegrityError:
        raise Conflict("An encounter with this external id is here already. Look for it in the worklist.") from None
    return encounter


def view(actor: User, encounter: Encounter) -> None:
    """Note that a person opened a patient's encounter."""
    with transaction.atomic():
        trail.record(actor, "encounter.viewed", encounter, encounter=encounter)


def assign(actor: User, encounter: Encounter, coder: User | None) -> None:
    """Give an open encounter to a coder (usually oneself), or give it back to everybody."""
    require(actor, "coding.code_encounter", "take or give back encounters")
    with transaction.atomic():
        before = _lock_to_code(actor, encounter)
        Encounter.objects.filter(pk=encounter.pk).update(assigned_to=coder)
        trail.record(
            actor,
            "encounter.assigned",
            encounter,
            encounter=encounter,
            before={"coder": before.assigned_to.name if before.assigned_to else None},
            after={"coder": coder.name if coder else None},
        )


def answer(actor: User, encounter: Encounter, version: RuleSetVersion, fact: str, value: FactValue | None) -> None:
    """Give an answer to a fact's question, or take it back with None.

    The encounter becomes the coder's if it was nobody's. It points to the profile of its answers and to what the
    rules make of it.
    """
    require(actor, "coding.code_encounter", "answer questions about encounters")
    if version.document is None:
        raise ValueError("Only a version with a document asks questions.")
    with transaction.atomic():
        locked = _lock_to_code(actor, encounter)
        table = rulebook.table_of(version.document)
        answers = rulebook.current_answers(locked)
        before = answers[fact].value if fact in answers else None
        after = None if value is None else rulebook.answer_to_data(fact, value)
        if before == after:
            return
        answers[fact] = Answer.objects.create(
            encounter=locked, fact=fact, value=after, source=AnswerSource.CODER, answered_by=actor
        )
        given = {key: row for key, row in answers.items() if row.value is not None}
        profile = profiles.intern_profile(locked.rule_set, rulebook.facts_of(given, table))
        suggestion = rulebook.suggest(profile, version.document)
        Encounter.objects.filter(pk=locked.pk).update(
            profile=profile, suggestion=suggestion, assigned_to=locked.assigned_to or actor
        )
        trail.record(
            actor,
            "answer.taken_back" if after is None else "answer.given",
            locked,
            encounter=locked,
            before={fact: before},
            after={fact: after},
        )


def _lock_to_code(actor: User, encounter: Encounter) -> Encounter:
    """The encounter, locked, if it still waits for a decision and belongs to nobody else."""
    locked = (
        Encounter.objects.select_for_update(of=("self",)).select_related("assigned_to", "rule_set").get(pk=encounter.pk)
    )
    if locked.status != EncounterStatus.TO_CODE:
        raise Conflict("This encounter has been decided. Reload it to see the decision.")
    if locked.assigned_to not in (None, actor):
        raise Conflict(f"{locked.assigned_to.name} is coding this encounter. Choose another one in the worklist.")
    return locked
