"""Verbs on encounters: enter, view, assign."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict, IdTaken, NotAllowed
from coding.actions.locks import lock_services_of
from coding.actions.require import require
from coding.importing.write_encounters import store_all
from coding.intake.records import EncounterRecord
from coding.models import Encounter, EncounterState, RuleSet, Service, ServiceState, User
from coding.models.encounters import TYPED


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


def view(actor: User, encounter: Encounter) -> None:
    """Note that a person opened a patient's encounter."""
    with transaction.atomic():
        trail.record(actor, "encounter.viewed", encounter, encounter=encounter)


def assign(actor: User, encounter: Encounter, coder: User | None) -> None:
    """Give the services to code of an encounter to a coder (usually oneself), or back to everybody: all together."""
    require(actor, "coding.code_encounter", "take or give back encounters")
    if coder is not None and not (coder.is_active and coder.has_perm("coding.code_encounter")):
        raise NotAllowed(f"{coder.name} does not code encounters. Choose a coder.")
    with transaction.atomic():
        all_services = lock_services_of(encounter)
        services = [service for service in all_services if service.state == ServiceState.TO_CODE]
        if not services:
            raise Conflict(
                "Nothing of this encounter is to be coded any more. Reload it to see where it stands."
            )
        for service in services:
            if service.assigned_to not in (None, actor):
                raise Conflict(
                    f"{service.assigned_to.name} is coding this encounter. Choose another one."
                )

        # Nobody, or one person: the actor.
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
