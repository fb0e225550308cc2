"""Verbs on answers: give one, take one back, go over to the newer version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import Model

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import lock_service
from coding.actions.require import require
from coding.actions.signatures import Signed, sign
from coding.decision import FactDefinition, Facts, FactValue, Guidance, RuleTable, Source, guide
from coding.importing.kept_codes import keep_of
from coding.models import Answer, AnswerSource, Meaning, RuleSetVersion, Service, ServiceState, User
from coding.rules import profiles, rulebook, suggesting
from coding.rules.note_reading import NoteReading, Passage, standing_answers
from coding.rules.shared_answers import offered_answers
from coding.signing.confirmation import Confirmation
from coding.signing.content import answer_content
from reviews.actions.rounds import open_first_round
from reviews.actions.service_lines import let_go_earlier
from reviews.coding_form.given import answers_of, changed_given, keep_given, with_given
from reviews.coding_form.group_rows import groups_of
from reviews.coding_form.guided import GuidedForm, form_of, in_force, table_of, version_of
from reviews.models import CodingDecision

CORRECTED = (
    "The source corrected this encounter while you coded it. Reload the page and read it again."
)
NOT_ASKED = "The rules do not ask this any more. Reload the page."
DERIVED = "“{}” follows from other answers: change those. Reload the page."
GIVEN = "“{}” comes from {} and is not asked. Where it is wrong, have it corrected there."
OF_ROWS = "“{}” stands in the rows of “{}”: change it there. Reload the page."
PLACES = {
    Source.RECORD: "the record",
    Source.SETUP: "the practice's set-up",
    Source.HISTORY: "the patient's history",
}


@dataclass(frozen=True, slots=True)
class Support:
    """What a coder brings for an answer: passages that they marked, and why they keep it against the note.

    An answer that is kept against the note is signed: ``confirmation`` proves that it is the coder. ``carried``: the
    form offered what another service of the encounter answers, and if this is it, the answer says so.
    """

    spans: Sequence[tuple[int, int]] = ()
    reason: str = ""
    confirmation: Confirmation | None = None
    carried: bool = False


NO_SUPPORT = Support()


class Pointed(NamedTuple):
    """What the answers of a service leave open, and the services that became its coder's with it."""

    guidance: Guidance
    taken: list[Service]


class Contradicted(Exception):
    """An answer that passages of the note speak against: the coder keeps it with a reason, or changes it."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        super().__init__("The note says something else. Say why you keep the answer, or change it.")
        self.passages = passages


def answer(
    actor: User, service: Service, fact: str, value: FactValue | None, support: Support = NO_SUPPORT
) -> GuidedForm:
    """Give an answer to a fact's question, or take it back with None; the form as it stands then.

    The encounter's services become the coder's if they were nobody's. The first answer opens the first round, and a
    round keeps the version of its first answer. The passages that say so are kept with the answer; one that the note
    speaks against needs a reason, or ``Contradicted`` is raised.
    """
    require(actor, "coding.code_encounter", "answer questions about encounters")
    with transaction.atomic():
        locked = lock_to_code(actor, service)
        version = version_of(locked)
        table = table_of(version)
        reading = NoteReading.of(version, locked.encounter.note)
        definition = asked_fact(table, fact)
        answers = answers_of(locked, table, reading)
        before = rulebook.facts_of(answers, table).get(fact)
        if before == value:
            return form_of(locked, version, answers, reading)
        _check_not_of_rows(table, answers, fact, value)

        rows = open_first_round(actor, locked)
        rows += keep_given(actor, locked, answers)
        given = given_answer(actor, locked, version, reading, fact, value, support)
        origin = _carry(given, value, support, table)
        given.save()
        if given.value is None:
            answers.pop(fact, None)
        else:
            answers[fact] = given
        signed = _signed(actor, given, support)

        pointed = point_to_answers(locked, version, answers, actor)
        rows += pointed.taken

        event = "answer.taken_back" if value is None else "answer.given"
        after = answer_in_words(definition, value) | origin | signed.in_trail(given)
        trail.record(
            actor,
            event,
            locked,
            encounter=locked.encounter,
            before=answer_in_words(definition, before),
            after=after,
            reason=given.reason,
            rows=[given, *rows, *signed.rows(given)],
        )
        return form_of(locked, version, answers, reading, pointed.guidance)


def answer_in_words(definition: FactDefinition, answer: FactValue | None) -> dict[str, str | None]:
    """An answer by its fact's label, for the trail; None where there is none."""
    return {definition.label: definition.describe(answer) if answer is not None else None}


def facts_in_words(table: RuleTable, facts: Facts) -> dict[str, str | None]:
    """Answers by their facts' labels, for the trail."""
    words: dict[str, str | None] = {}
    for key, value in facts.items():
        words |= answer_in_words(table.fact_by_key[key], value)
    return words


def _check_not_of_rows(
    table: RuleTable, answers: Mapping[str, Answer], fact: str, value: FactValue | None
) -> None:
    """Refuse to change what rows of a group gave, but for taking their number back."""
    for group in groups_of(table, fact):
        number = answers.get(group.fact)
        is_taken_back = fact == group.fact and value is None
        if number is not None and number.rows and not is_taken_back:
            raise Conflict(OF_ROWS.format(table.fact_by_key[fact].label, group.label))


def given_answer(
    actor: User,
    service: Service,
    version: RuleSetVersion,
    reading: NoteReading,
    fact: str,
    value: FactValue | None,
    support: Support,
) -> Answer:
    """The answer to be stored, with what the note says for it."""
    row = Answer(
        service=service,
        round=service.round,
        fact=fact,
        source=AnswerSource.CODER,
        revision=service.encounter.revision,
        answered_by=actor,
    )
    if value is None:
        return row

    reason = support.reason.strip()
    against = reading.against(fact, value)
    if against and not reason:
        raise Contradicted(against)

    passages = reading.passages_for(fact, value)
    marked = reading.marked(support.spans)
    row.value = rulebook.answer_to_data(fact, value)
    # What the coder marked supports an answer; what the note was read to say is where it comes from.
    row.source = AnswerSource.EVIDENCE if passages else AnswerSource.CODER
    row.passages = [passage.to_data() for passage in (*passages, *marked)]
    row.reason = reason if against else ""
    row.lexicon = version.lexicon
    return row


def _carry(
    given: Answer, value: FactValue | None, support: Support, table: RuleTable
) -> dict[str, object]:
    """Mark an answer that is the one of another service, as the form offered it; where it comes from, for the trail.

    What the note says is better evidence: such an answer stays read.
    """
    if value is None or not support.carried or given.passages:
        return {}
    offered = offered_answers(given.service, table).get(given.fact)
    if offered is None or offered.value != value:
        return {}
    given.source = AnswerSource.CARRIED
    return {"from service": offered.service.number}


def _signed(actor: User, given: Answer, support: Support) -> Signed:
    """The signature under an answer that is kept against the note; another one needs none."""
    if not given.reason:
        return Signed()
    return sign(actor, Meaning.OVERRIDE, [answer_content(given)], support.confirmation)


def point_to_answers(
    service: Service,
    version: RuleSetVersion,
    answers: dict[str, Answer],
    coder: User,
) -> Pointed:
    """Point a service to the profile of its answers and, once they are complete, to what the rules make of it.

    What is to be coded of its encounter becomes the coder's if it was nobody's.
    """
    table = table_of(version)
    facts = rulebook.facts_of(answers, table)
    guidance = guide(table, facts)
    is_complete = guidance.next_question is None
    _point(service, version, facts, complete=is_complete)
    return Pointed(guidance, taken=_take_with_encounter(service, coder))


def _point(service: Service, version: RuleSetVersion, facts: Facts, *, complete: bool) -> None:
    if service.rule_set is None or version.document is None:
        raise LookupError(f"{service} has no rule set that decides.")
    earlier = service.suggestion
    service.version = version
    service.profile = profiles.intern_profile(service.rule_set, facts)
    service.suggestion = suggesting.suggest(service.profile, version.document) if complete else None
    service.save(update_fields=["version", "profile", "suggestion"])
    keep_of(service)
    let_go_earlier(service, earlier)


def _take_with_encounter(service: Service, coder: User) -> list[Service]:
    """What is to be coded of its encounter and is nobody's, now the coder's."""
    if service.assigned_to is not None:
        return []
    service.assigned_to = coder
    to_code = Service.objects.filter(encounter=service.encounter_id, state=ServiceState.TO_CODE)
    free = to_code.filter(assigned_to=None)
    taken = list(free)
    free.update(assigned_to=coder)
    return taken


def renew_version(actor: User, service: Service) -> None:
    """Let the round go on with the version in force, in place of the one that it kept from its first answer."""
    require(actor, "coding.code_encounter", "choose the version that a service is coded with")
    with transaction.atomic():
        locked = lock_to_code(actor, service)
        newer = in_force(locked)
        kept = locked.version
        if newer is None or kept is None or newer == kept:
            raise Conflict(
                "There is no newer version in force on the day of service. Reload the page."
            )

        table = table_of(newer)
        reading = NoteReading.of(newer, locked.encounter.note)
        answers = answers_of(locked, table, reading)
        rows: list[Model] = [*keep_given(actor, locked, answers)]
        rows += point_to_answers(locked, newer, answers, actor).taken
        trail.record(
            actor,
            "service.version_renewed",
            locked,
            encounter=locked.encounter,
            before={"version": kept.number},
            after={"version": newer.number, "service": locked.number},
            rows=rows,
        )


def renew_given(actor: User, service: Service) -> list[trail.Entry]:
    """Take what is given to a locked, decided service anew, as its record was corrected; nothing where nothing is.

    Part of the verb that corrects. What was decided stands; the rules say what they make of the record as it is now.
    """
    table = _table_decided_by(service)
    if table is None:
        return []
    answers = with_given(service, table, rulebook.current_answers(service))
    return _take_anew(actor, service, table, answers)


def renew_changed(service: Service) -> list[trail.Entry]:
    """Take what history and registers give otherwise by now to a locked, answered service; nothing where nothing is.

    It counts as taken when its coder coded, as all that is given does.
    """
    version, table = service.version, _table_decided_by(service)
    if version is None or table is None:
        return []
    answers = rulebook.current_answers(service)
    if service.state == ServiceState.TO_CODE:
        answers = standing_answers(service, table, NoteReading.of(version, service.encounter.note))
    return _take_anew(coder_of(service), service, table, answers | changed_given(service, table))


def coder_of(service: Service) -> User:
    """Whoever coded a service last."""
    decision = CodingDecision.objects.filter(service=service).order_by("round").last()
    return decision.coder if decision else service.answers.latest("pk").answered_by


def _table_decided_by(service: Service) -> RuleTable | None:
    version = service.version
    if version is None or version.document is None or service.rule_set is None:
        return None
    return table_of(version)


def _take_anew(
    actor: User, service: Service, table: RuleTable, answers: dict[str, Answer]
) -> list[trail.Entry]:
    """Store those of the answers that are not stored yet, and let the rules say what they make of all.

    What a run looked up for another version may be otherwise by now, too: the next run looks again.
    """
    rows = keep_given(actor, service, answers)
    held = service.profile.facts.keys() if service.profile else set()
    asked_by_others = held - table.fact_by_key.keys()
    if service.version is None or not (rows or asked_by_others):
        return []
    facts = rulebook.facts_of(answers, table)
    is_complete = service.state != ServiceState.TO_CODE or guide(table, facts).next_question is None
    _point(service, service.version, facts, complete=is_complete)
    if not rows:
        return []

    renewed = rulebook.facts_of({row.fact: row for row in rows}, table)
    after = facts_in_words(table, renewed)
    written = [*rows, service]
    return [trail.Entry("answer.renewed", service, service.encounter, after=after, rows=written)]


def lock_to_code(actor: User, service: Service) -> Service:
    """The service, locked, if it is to be coded and belongs to nobody else, on the revision that was read."""
    locked = lock_service(service)
    if locked.state != ServiceState.TO_CODE:
        raise Conflict(
            f"This service is {ServiceState(locked.state).label.lower()} by now. Reload it to see more."
        )
    if locked.assigned_to not in (None, actor):
        raise Conflict(
            f"{locked.assigned_to.name} is coding this encounter. Choose another one in the worklist."
        )
    check_as_read(locked, service.encounter.revision)
    return locked


def check_as_read(service: Service, revision: int) -> None:
    """Refuse what was answered or decided on an earlier revision of the encounter. Raises Conflict."""
    if service.encounter.revision != revision:
        raise Conflict(CORRECTED)


def definition_of(service: Service, fact: str) -> FactDefinition:
    """The definition of a fact that a service's version asks for. Raises Conflict if it does not ask it."""
    return asked_fact(table_of(version_of(service)), fact)


def asked_fact(table: RuleTable, fact: str) -> FactDefinition:
    """A fact that takes an answer. Raises Conflict for any other: what is derived or given is not asked."""
    definition = table.fact_by_key.get(fact)
    if definition is None:
        raise Conflict(NOT_ASKED)
    if definition.derived:
        raise Conflict(DERIVED.format(definition.label))
    if definition.source is not Source.CODER:
        raise Conflict(GIVEN.format(definition.label, PLACES[definition.source]))
    return definition
