"""Verbs on encounters: enter, view, assign, answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.decision import FactValue
from coding.importing.write_encounters import store_all
from coding.intake.records import EncounterRecord
from coding.models import (
    Answer,
    AnswerSource,
    Encounter,
    EncounterStatus,
    RuleSet,
    RuleSetVersion,
    User,
)
from coding.rules import profiles, rulebook
from coding.rules.note_reading import NoteReading, Passage, standing_answers


@dataclass(frozen=True, slots=True)
class Support:
    """What a coder brings for an answer: passages that they marked, and why they keep it against the note."""

    spans: Sequence[tuple[int, int]] = ()
    reason: str = ""


NO_SUPPORT = Support()


class Contradicted(Exception):
    """An answer that passages of the note speak against: the coder keeps it with a reason, or changes it."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        super().__init__("The note says something else. Say why you keep the answer, or change it.")
        self.passages = passages


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


def answer(
    actor: User,
    encounter: Encounter,
    version: RuleSetVersion,
    fact: str,
    value: FactValue | None,
    support: Support = NO_SUPPORT,
) -> None:
    """Give an answer to a fact's question, or take it back with None.

    The encounter becomes the coder's if it was nobody's. It points to the profile of its answers and to what the
    rules make of it. The passages that say so are kept with the answer; one that the note speaks against needs a
    reason, or ``Contradicted`` is raised.
    """
    require(actor, "coding.code_encounter", "answer questions about encounters")
    if version.document is None:
        raise ValueError("Only a version with a document asks questions.")
    with transaction.atomic():
        locked = _lock_to_code(actor, encounter)
        table = rulebook.table_of(version.document)
        answers = standing_answers(locked, version, table)
        before = answers[fact].value if fact in answers else None
        after = None if value is None else rulebook.answer_to_data(fact, value)
        if before == after:
            return
        answers[fact] = _given(actor, locked, version, fact, value, support)
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
            reason=answers[fact].reason,
        )


def _given(
    actor: User, encounter: Encounter, version: RuleSetVersion, fact: str, value: FactValue | None, support: Support
) -> Answer:
    """The stored answer, with what the note says for it."""
    row = Answer(encounter=encounter, fact=fact, source=AnswerSource.CODER, answered_by=actor)
    row.revision = encounter.revision
    if value is not None:
        reading = NoteReading.of(version, encounter.note)
        against = reading.against(fact, value)
        if against and not support.reason.strip():
            raise Contradicted(against)
        found = reading.passages_for(fact, value)
        row.value = rulebook.answer_to_data(fact, value)
        row.source = AnswerSource.EVIDENCE if found else AnswerSource.CODER
        row.passages = [passage.to_data() for passage in (*found, *reading.marked(support.spans))]
        row.reason = support.reason.strip() if against else ""
        row.lexicon = version.lexicon
    row.save()
    return row


def _lock_to_code(actor: User, encounter: Encounter) -> Encounter:
    """The encounter, locked, if it still waits for a decision and belongs to nobody else."""
    locked = (
        Encounter.objects.select_for_update(of=("self",)).select_related("assigned_to", "rule_set").get(pk=encounter.pk)
    )
    if locked.status != EncounterStatus.TO_CODE:
        raise Conflict("This encounter has been decided. Reload it to see the decision.")
    if locked.assigned_to not in (None, actor):
        raise Conflict(f"{locked.assigned_to.name} is coding this encounter. Choose another one in the worklist.")
    if locked.revision != encounter.revision:
        raise Conflict("The source corrected this encounter while you coded it. Reload the page and read it again.")
    return locked
