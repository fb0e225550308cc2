"""Verbs on encounters: enter, view, assign, give back what somebody who left was coding."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict, IdTaken, NotAllowed
from coding.actions.locks import lock_services_of
from coding.actions.require import people_who_may, require
from coding.importing.write_encounters import store_all
from coding.intake.records import EncounterRecord
from coding.models import Encounter, EncounterState, RuleSet, Service, ServiceState, User
from coding.models.encounters import TYPED

CODES = "coding.code_encounter"
# Encounters that one run of the scheduled work gives back.
MOST_GIVEN_BACK = 500


def enter(
    actor: User, record: EncounterRecord, only: RuleSet | None = None, source: str = TYPED
) -> Encounter:
    """Store one encounter with the services that its lines open; with ``only``, of no other rule set.

    Raises IdTaken where the source has sent this external id before.
    """
    require(actor, "coding.add_encounter", "enter encounters")
    try:
        with transaction.atomic():
            [key] = store_all([(record, record.content_hash)], only, source)
            encounter = Encounter.objects.get(pk=key)
            rows = [encounter, *encounter.services.all(), *encounter.service_lines.all()]
            after = {"source": source}
            trail.record(
                actor, "encounter.entered", encounter, encounter=encounter, after=after, rows=rows
            )
    except IntegrityError:
        raise IdTaken(_is_here(record.external_id, source)) from None
    return encounter


def _is_here(external_id: str, source: str) -> str:
    """Why an external id is not taken a second time, and what to do."""
    named = Encounter.objects.filter(external_id=external_id, source=source)
    there = named.select_related("void").first()
    if there is not None and there.state == EncounterState.VOID:
        day = timezone.localdate(there.void.voided_at)
        return (
            f"An encounter with this external id was voided here on {day}; it stays void."
            " If this is another visit, enter it under an external id of its own."
        )
    return "An encounter with this external id is here already. Look for it in the worklist."


def check_not_void(encounter: Encounter) -> None:
    """Refuse to go on with a locked encounter that was voided."""
    if encounter.state == EncounterState.VOID:
        raise Conflict("This encounter was voided. Nothing of it is coded or changed any more.")


def check_free(actor: User, services: Iterable[Service]) -> None:
    """Refuse whoever is not the one who codes the encounter of these services."""
    for service in services:
        is_open = service.state == ServiceState.TO_CODE
        if is_open and service.assigned_to not in (None, actor):
            raise Conflict(
                f"{service.assigned_to.name} is coding this encounter. Choose another one."
            )


def view(actor: User, encounter: Encounter) -> None:
    """Note that a person opened a patient's encounter."""
    with transaction.atomic():
        trail.record(actor, "encounter.viewed", encounter, encounter=encounter)


def assign(actor: User, encounter: Encounter, coder: User | None) -> None:
    """Give the services to code of an encounter to a coder (usually oneself), or back to everybody: all together."""
    require(actor, CODES, "take or give back encounters")
    if coder is not None and not _codes(coder):
        raise NotAllowed(f"{coder.name} does not code encounters. Choose a coder.")
    with transaction.atomic():
        all_services = lock_services_of(encounter)
        services = [service for service in all_services if service.state == ServiceState.TO_CODE]
        if not services:
            raise Conflict(
                "Nothing of this encounter is to be coded any more. Reload it to see where it stands."
            )
        check_free(actor, services)
        _give(actor, encounter, services, coder)


def give_back_left() -> str:
    """Give back to everybody what is to be coded by people who code no more; how much. Done at its time."""
    coders = people_who_may(CODES).order_by().values("pk")
    gone = User.objects.exclude(pk__in=coders)
    left = Service.objects.filter(assigned_to__in=gone, state=ServiceState.TO_CODE)
    # By themselves: joined, the database looks through all encounters for them.
    keys = list(left.order_by("encounter_id").values_list("encounter_id", flat=True).distinct())

    given_back = 0
    for encounter in Encounter.objects.filter(pk__in=keys[:MOST_GIVEN_BACK]).defer("note"):
        given_back += _give_back_left(encounter)
    return f"{given_back} encounters given back"


def _give_back_left(encounter: Encounter) -> bool:
    with transaction.atomic():
        services = []
        for service in lock_services_of(encounter):
            coder = service.assigned_to
            if service.state == ServiceState.TO_CODE and coder and not _codes(coder):
                services.append(service)
        if services:
            _give(None, encounter, services, None)
    return bool(services)


def _codes(person: User) -> bool:
    return person.is_active and person.has_perm(CODES)


def _give(
    actor: User | None, encounter: Encounter, services: Sequence[Service], coder: User | None
) -> None:
    """Let locked services, which nobody or one person codes, be somebody's or nobody's."""
    held = [service.assigned_to for service in services if service.assigned_to]
    before = held[0] if held else None
    rows = Service.objects.filter(pk__in=[service.pk for service in services])
    rows.update(assigned_to=coder)
    trail.record(
        actor,
        "encounter.assigned",
        encounter,
        encounter=encounter,
        before={"coder": before.name if before else None},
        after={"coder": coder.name if coder else None},
        rows=services,
    )
