"""The verb that voids an encounter: nothing of it is coded, reported or counted any more, and all of it is kept."""

from django.db import transaction
from django.db.models import Model

from coding import trail
from coding.actions.encounters import check_not_void
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.locks import lock_encounters, lock_services_of
from coding.actions.transitions import of
from coding.models import Encounter, EncounterState, EncounterVoid, Service, ServiceState, User
from coding.models.encounters import TYPED
from reviews.actions.cases import lock_cases, move
from reviews.actions.queries import close_open, closed
from reviews.actions.rounds import end_round
from reviews.actions.standing import Step, refresh, settle
from reviews.models import OPEN_STATES, CodingDecision, ReviewCase, RoundEnd
from reviews.transitions import CASE, SERVICE

VOID = of(SERVICE, "void")
CLOSE = of(CASE, "close")


def void(actor: User, encounter: Encounter, reason: str) -> None:
    """Take an encounter out of the coding, with a reason: its services are withdrawn, and what is open is closed.

    A final code stands no longer; of a report that was exported a void report is made. A supervisor voids any
    encounter, unless a case about their own decision is open; a coder one that was typed, while nothing of it is
    decided.
    """
    check_may_void(actor, encounter)
    reason = reason.strip()
    with transaction.atomic():
        [now] = lock_encounters([encounter.pk]).values()
        check_not_void(now)
        all_services = lock_services_of(now)
        services = [row for row in all_services if row.state != ServiceState.WITHDRAWN]
        _check_nothing_hinders(actor, services)

        closings = _close_cases(services, reason)
        closings += _close_queries(actor, services, reason)
        ended: list[Model] = []
        for service in services:
            ended += end_round(service, RoundEnd.OVERTAKEN)
        voided = EncounterVoid.objects.create(encounter=now, reason=reason, voided_by=actor)

        entries = [_voided(now, reason, [now, voided, *ended]), *closings]
        steps = [Step(service, ServiceState.WITHDRAWN, taken_back=True) for service in services]
        if steps:
            entries += settle(VOID.verb, steps)
        else:
            # Without a service nothing is settled, and the encounter is void all the same.
            entries += refresh([now.pk])
        trail.record_all(actor, entries)


def may_void(actor: User, encounter: Encounter, services: list[Service] | None = None) -> bool:
    """Whether to offer it: the verb looks again. ``services`` are the standing ones, where they were read already."""
    if encounter.state == EncounterState.VOID:
        return False
    if not (actor.has_perm(VOID.permission) or _may_as_coder(actor, encounter)):
        return False
    if services is None:
        services = list(encounter.services.standing())
    return not _hindrance(actor, services)


def check_may_void(actor: User, encounter: Encounter) -> None:
    """Refuse whoever is no supervisor, and no coder where the encounter was typed."""
    if actor.is_active and (actor.has_perm(VOID.permission) or _may_as_coder(actor, encounter)):
        return
    raise NotAllowed("You may not void this encounter. Ask a supervisor to do it.")


def _may_as_coder(actor: User, encounter: Encounter) -> bool:
    return actor.has_perm("coding.add_encounter") and encounter.source == TYPED


def _check_nothing_hinders(actor: User, services: list[Service]) -> None:
    if hindrance := _hindrance(actor, services):
        raise Conflict(hindrance)


def _hindrance(actor: User, services: list[Service]) -> str:
    """Why a person may not void the encounter of these services, and who may; empty if nothing hinders.

    Nobody voids away a dispute about what they coded.
    """
    if ReviewCase.objects.filter(service__in=services, state__in=OPEN_STATES, coder=actor).exists():
        return "A review case about your own decision is open. Ask another supervisor to void the encounter."
    if actor.has_perm(VOID.permission):
        return ""
    if any(service.assigned_to_id not in (None, actor.pk) for service in services):
        return "Somebody else is coding it. Ask a supervisor to void the encounter."
    if CodingDecision.objects.filter(service__in=services).exists():
        return "Something of it was decided. Ask a supervisor to void the encounter."
    return ""


def _voided(encounter: Encounter, reason: str, rows: list[Model]) -> trail.Entry:
    before = {"state": encounter.get_state_display()}
    after = {"state": EncounterState.VOID.label}
    return trail.Entry(
        VOID.event, encounter, encounter, before=before, after=after, reason=reason, rows=rows
    )


def _close_cases(services: list[Service], reason: str) -> list[trail.Entry]:
    """The open cases of locked services end without a ruling."""
    by_key = {service.pk: service for service in services}
    open_cases = ReviewCase.objects.filter(service__in=by_key, state__in=OPEN_STATES)
    keys = open_cases.values_list("pk", flat=True)
    entries = []
    for case in lock_cases(list(keys)):
        move(case, CLOSE, holder=case.holder)
        service = by_key[case.service_id]
        after = {"service": service.number}
        entries.append(
            trail.Entry(
                CLOSE.event, case, service.encounter, after=after, reason=reason, rows=[case]
            )
        )
    return entries


def _close_queries(actor: User, services: list[Service], reason: str) -> list[trail.Entry]:
    """The queries that are out about locked services end without an answer."""
    entries = []
    for service in services:
        query = close_open(actor, service, reason)
        if query is not None:
            entries.append(closed(query, service, reason))
    return entries
