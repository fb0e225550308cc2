"""The verb that confirms what a note says: several answers at once, each with its passages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model

from coding import trail
from coding.actions.require import require
from coding.actions.signatures import Signed, sign
from coding.decision import FactDefinition, Facts, FactValue, RuleTable
from coding.models import Answer, Meaning, RuleSetVersion, Service, User
from coding.rules import rulebook
from coding.rules.note_reading import NoteReading, Passage
from coding.signing.confirmation import Confirmation
from coding.signing.content import answer_content
from reviews.actions.answers import (
    Contradicted,
    Support,
    answer_in_words,
    asked_fact,
    given_answer,
    lock_to_code,
    point_to_answers,
)
from reviews.actions.rounds import open_first_round
from reviews.coding_form.given import answers_of, keep_given
from reviews.coding_form.guided import GuidedForm, form_of, table_of, version_of


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Answers by fact, the reasons of those that are kept against the note, and the proof that it is the coder."""

    values: Mapping[str, FactValue]
    reasons: Mapping[str, str]
    confirmation: Confirmation | None = None


class AllContradicted(Exception):
    """Answers that passages of the note speak against, by fact: each needs a reason, or is changed."""

    def __init__(self, passages: Mapping[str, Sequence[Passage]]) -> None:
        super().__init__("The note says something else. Say why you keep the answer, or change it.")
        self.passages = passages


def confirm(actor: User, service: Service, confirmed: Confirmed) -> GuidedForm:
    """Give several answers at once; the form as it stands then. All of them are given, or none.

    What is answered so already stays as it is. Answers that the note speaks against need a reason each and are signed
    together: without a reason ``AllContradicted`` is raised, without a signature ``NotSigned``.
    """
    require(actor, "coding.code_encounter", "answer questions about encounters")
    with transaction.atomic():
        locked = lock_to_code(actor, service)
        version = version_of(locked)
        table = table_of(version)
        for fact in confirmed.values:
            asked_fact(table, fact)

        reading = NoteReading.of(version, locked.encounter.note)
        answers = answers_of(locked, table, reading)
        before = rulebook.facts_of(answers, table)
        if all(before.get(fact) == value for fact, value in confirmed.values.items()):
            return form_of(locked, version, answers, reading)

        rows = open_first_round(actor, locked)
        rows += keep_given(actor, locked, answers)
        given = _given(actor, locked, version, reading, before, confirmed)
        Answer.objects.bulk_create(given.values())
        kept = [answer_content(answer) for answer in given.values() if answer.reason]
        signed = sign(actor, Meaning.OVERRIDE, kept, confirmed.confirmation)

        answers |= given
        after = rulebook.facts_of(answers, table)
        pointed = point_to_answers(locked, version, answers, actor)
        rows += pointed.taken

        words = _Words(table, before, after)
        trail.record_all(actor, _events(locked, words, given, signed, rows))
        return form_of(locked, version, answers, reading, pointed.guidance)


def _given(
    actor: User,
    service: Service,
    version: RuleSetVersion,
    reading: NoteReading,
    before: Facts,
    confirmed: Confirmed,
) -> dict[str, Answer]:
    """The answers that are new, by fact. Raises AllContradicted where reasons are missing."""
    given, against = {}, {}
    for fact, value in confirmed.values.items():
        if before.get(fact) == value:
            continue
        support = Support(reason=confirmed.reasons.get(fact, ""))
        try:
            given[fact] = given_answer(actor, service, version, reading, fact, value, support)
        except Contradicted as refusal:
            against[fact] = refusal.passages
    if against:
        raise AllContradicted(against)
    return given


@dataclass(frozen=True, slots=True)
class _Words:
    """Answers before and after in words, for the trail."""

    table: RuleTable
    before: Facts
    after: Facts

    def change(self, facts: Iterable[str]) -> tuple[dict[str, str | None], dict[str, str | None]]:
        definitions = [self.table.fact_by_key[fact] for fact in facts]
        return _in_words(definitions, self.before), _in_words(definitions, self.after)


def _in_words(definitions: Iterable[FactDefinition], answers: Facts) -> dict[str, str | None]:
    """The answer to each fact by its label; None where there is none."""
    words: dict[str, str | None] = {}
    for definition in definitions:
        words |= answer_in_words(definition, answers.get(definition.key))
    return words


def _events(
    service: Service,
    words: _Words,
    given: Mapping[str, Answer],
    signed: Signed,
    rows: Sequence[Model],
) -> list[trail.Entry]:
    """One event for what was confirmed, and one for each answer that is kept against the note."""
    # A round that begins with them is told by the first event.
    untold = list(rows)
    entries = []
    confirmed = [fact for fact, answer in given.items() if not answer.reason]
    if confirmed:
        before, after = words.change(confirmed)
        own = [given[fact] for fact in confirmed]
        entries.append(_entry("answers.confirmed", service, before, after, [*own, *untold]))
        untold = []

    for fact, answer in given.items():
        if answer.reason:
            before, after = words.change([fact])
            after |= signed.in_trail(answer)
            own_rows: list[Model] = [answer, *signed.rows(answer), *untold]
            entries.append(_entry("answer.given", service, before, after, own_rows, answer.reason))
            untold = []
    return entries


def _entry(
    event: str,
    service: Service,
    before: dict[str, str | None],
    after: dict[str, str | None],
    rows: Sequence[Model],
    reason: str = "",
) -> trail.Entry:
    return trail.Entry(
        event, service, service.encounter, before=before, after=after, reason=reason, rows=rows
    )
