"""Encounters that their source corrected after they were coded: a person looks again at what the correction touches."""

from collections.abc import Sequence

from coding import trail
from coding.actions.locks import lock_services
from coding.importing.write_encounters import Correction
from coding.models import Service, ServiceState, User
from reviews.actions import queries
from reviews.actions.cases import add_reason, open_case
from reviews.actions.rounds import open_round
from reviews.actions.services import withdraw_bare
from reviews.actions.standing import Step, refresh, settle
from reviews.coding_form.evidence import stale_answers_of, version_read_with
from reviews.models import OPEN_STATES, CodingDecision, ReviewCase, RoundReason, RouteReason

# What a coder reads beside the note to answer, and what chooses the version.
GIVEN = {"diagnoses", "date_of_service", "birth_date", "sex", "patient_reference", "place_of_service", "payer"}


def review(actor: User, corrections: Sequence[Correction]) -> list[trail.Entry]:
    """Have each judged service that a correction touches looked at again; the entries for the trail.

    Part of an import's transaction, which has locked the encounters. No decision and no final code is changed. A
    signature that arrives opens nothing: its encounter only stands anew.
    """
    by_encounter = {correction.encounter.pk: correction for correction in corrections}
    keys = Service.objects.filter(encounter__in=by_encounter).values_list("pk", flat=True)
    entries: list[trail.Entry] = []
    for service in lock_services(keys).values():
        entries += _review(actor, service, by_encounter[service.encounter_id])
    return entries + refresh(by_encounter)


def _review(actor: User, service: Service, correction: Correction) -> list[trail.Entry]:
    match service.state:
        case ServiceState.TO_CODE if service.round == 0 and service.pk in correction.bare:
            return withdraw_bare(service)
        case ServiceState.IN_REVIEW if _is_touched(service, correction):
            return _tell_its_case(service)
        case ServiceState.AWAITING_PROVIDER if "note" in correction.of_substance or _is_touched(service, correction):
            return _ask_again(actor, service)
        case ServiceState.FINAL if _is_touched(service, correction):
            return _open_case(service)
    return []


def _tell_its_case(service: Service) -> list[trail.Entry]:
    case = ReviewCase.objects.get(service=service, state__in=OPEN_STATES)
    case.service = service
    entry = add_reason(case, RouteReason.CORRECTED, revision=service.encounter.revision)
    return [entry] if entry else []


def _ask_again(actor: User, service: Service) -> list[trail.Entry]:
    """While a query is out, an amended note is its answer, or changes what there is to ask."""
    query = queries.close_as_corrected(actor, service)
    facts = query.facts if query else []
    open_round(actor, service, RoundReason.SOURCE_CORRECTED, ask_again=facts, query=query)
    entries = [queries.closed(query, service, queries.CORRECTED)] if query else []
    return entries + settle("correct", [Step(service, ServiceState.TO_CODE)])


def _open_case(service: Service) -> list[trail.Entry]:
    decision = CodingDecision.objects.select_related("suggestion", "coder").filter(service=service).latest("round")
    decision.service = service
    entry = open_case(decision, [RouteReason.CORRECTED], service.suggestion, revision=service.encounter.revision)
    return [entry, *settle("correct", [Step(service, ServiceState.IN_REVIEW)])]


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
