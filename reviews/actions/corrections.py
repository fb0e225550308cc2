"""Encounters that are corrected, by a file or by hand: a person looks again at what the correction touches."""

from collections.abc import Sequence

from django.db import transaction

from coding import trail
from coding.actions.encounters import check_not_void
from coding.actions.errors import Conflict
from coding.actions.locks import lock_encounters, lock_services
from coding.actions.require import require
from coding.importing.write_encounters import Correction, correct, record_of
from coding.intake.records import EncounterRecord, keeping_documents
from coding.models import Encounter, EncounterState, Service, ServiceState, User
from coding.models.encounters import TYPED
from reviews.actions import queries
from reviews.actions.answers import renew_given
from reviews.actions.opening import add_reason, open_case, rules_on
from reviews.actions.rounds import open_round
from reviews.actions.service_lines import let_go_unsubmitted
from reviews.actions.services import withdraw_bare
from reviews.actions.standing import Step, refresh, settle
from reviews.coding_form.evidence import stale_answers_of, version_read_with
from reviews.models import OPEN_STATES, CodingDecision, ReviewCase, RoundReason, RouteReason

# What a coder reads beside the note to answer, and what chooses the version.
GIVEN = {
    "diagnoses",
    "date_of_service",
    "birth_date",
    "sex",
    "patient_reference",
    "place_of_service",
    "payer",
}


def correct_typed(
    actor: User, encounter: Encounter, record: EncounterRecord, seen: int
) -> Correction | None:
    """Let a typed encounter say something else, as a corrected file does; None where nothing differs.

    ``seen`` is the revision that the person had before them. Whose encounter it is, and its external id, never change.
    """
    require(actor, "coding.add_encounter", "correct encounters")
    with transaction.atomic():
        [now] = lock_encounters([encounter.pk]).values()
        check_not_void(now)
        before = record_of(now)
        _check_may_be_typed(now, before, record)
        if now.revision != seen:
            raise Conflict(
                "Somebody corrected this encounter meanwhile. Open it, and correct what it says now."
            )

        record = keeping_documents(record, before)
        if before == record:
            return None
        correction = correct(actor, now, record, record.content_hash)
        trail.record_all(actor, [correction.entry(), *review(actor, [correction])])
    return correction


def may_correct(actor: User, encounter: Encounter) -> bool:
    """Whether to offer it: the verb looks again."""
    is_open = encounter.source == TYPED and encounter.state != EncounterState.VOID
    return is_open and actor.has_perm("coding.add_encounter")


def _check_may_be_typed(
    encounter: Encounter, before: EncounterRecord, after: EncounterRecord
) -> None:
    if encounter.source != TYPED:
        raise Conflict(
            f"This encounter comes from {encounter.source}: a file of that system corrects it."
        )
    is_same_encounter = before.external_id == after.external_id
    is_same_patient = before.patient_reference == after.patient_reference
    if not (is_same_encounter and is_same_patient):
        raise Conflict(
            "An encounter never becomes another one or another patient's. Void it, and enter the right one."
        )


def review(actor: User, corrections: Sequence[Correction]) -> list[trail.Entry]:
    """Have each judged service that a correction touches looked at again; the entries for the trail.

    Part of an import's transaction, which has locked the encounters. No decision and no final code is changed. A
    signature that arrives opens nothing: its encounter only stands anew.
    """
    by_encounter = {correction.encounter.pk: correction for correction in corrections}
    keys = Service.objects.filter(encounter__in=by_encounter).values_list("pk", flat=True)
    entries: list[trail.Entry] = []
    for service in lock_services(keys).values():
        correction = by_encounter[service.encounter_id]
        if service.pk in correction.touched:
            let_go_unsubmitted(service)
        entries += _review(actor, service, correction)
    return entries + refresh(by_encounter)


def _review(actor: User, service: Service, correction: Correction) -> list[trail.Entry]:
    match service.state:
        case ServiceState.TO_CODE if service.round == 0 and service.pk in correction.bare:
            return withdraw_bare(service)
        case ServiceState.IN_REVIEW if _is_touched(service, correction):
            return _tell_its_case(service, renew_given(actor, service))
        case ServiceState.AWAITING_PROVIDER if _may_answer(service, correction):
            return _ask_again(actor, service)
        case ServiceState.FINAL if _is_touched(service, correction):
            return _open_case(service, renew_given(actor, service))
    return []


def _tell_its_case(service: Service, renewed: list[trail.Entry]) -> list[trail.Entry]:
    case = ReviewCase.objects.get(service=service, state__in=OPEN_STATES)
    case.service = service
    suggestion = rules_on(case) if renewed else case.suggestion
    revision = service.encounter.revision
    entry = add_reason(case, RouteReason.CORRECTED, suggestion, revision=revision)
    return [*renewed, entry] if entry else renewed


def _ask_again(actor: User, service: Service) -> list[trail.Entry]:
    """While a query is out, an amended note is its answer, or changes what there is to ask."""
    query = queries.close_as_corrected(actor, service)
    facts = query.facts if query else []
    opened = open_round(actor, service, RoundReason.SOURCE_CORRECTED, ask_again=facts, query=query)
    entries = [queries.closed(query, service, queries.CORRECTED)] if query else []
    return entries + settle("correct", [Step(service, ServiceState.TO_CODE, rows=opened)])


def _open_case(service: Service, renewed: list[trail.Entry]) -> list[trail.Entry]:
    decisions = CodingDecision.objects.filter(service=service)
    decision = decisions.select_related("suggestion", "coder").latest("round")
    decision.service = service
    opened = open_case(
        decision, [RouteReason.CORRECTED], service.suggestion, revision=service.encounter.revision
    )
    return [*renewed, *opened, *settle("correct", [Step(service, ServiceState.IN_REVIEW)])]


def _may_answer(service: Service, correction: Correction) -> bool:
    """Whether a correction may answer the provider's query: any amended note may, whatever it supported before."""
    return "note" in correction.of_substance or _is_touched(service, correction)


def _is_touched(service: Service, correction: Correction) -> bool:
    """Whether lines, what is given, diagnoses or the passages behind the answers changed: a typo elsewhere does not."""
    if service.pk in correction.touched or GIVEN & correction.of_substance:
        return True
    return "note" in correction.of_substance and _evidence_changed(service)


def _evidence_changed(service: Service) -> bool:
    """Whether an answer lost its passage or is contradicted now. Where nothing reads notes, any change may matter."""
    version = version_read_with(service)
    if version is None:
        return False
    return version.lexicon is None or bool(stale_answers_of(service))
