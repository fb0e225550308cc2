"""Locks are taken in one order: encounters, services, cases, queries, each by id; the trail's head comes last.

They are ``FOR NO KEY UPDATE``: adding a row that points to a locked one waits for nobody. A verb that changes a
state locks its encounters first, or two services settled at once would each count the encounter without the other.
"""

from collections.abc import Iterable

from coding.models import Encounter, Service


def lock_encounters(keys: Iterable[int]) -> dict[int, Encounter]:
    """These encounters, locked until the transaction ends, as they are now."""
    locked = Encounter.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    return {encounter.pk: encounter for encounter in locked}


def lock_services(keys: Iterable[int]) -> dict[int, Service]:
    """These services with their encounters, all locked until the transaction ends, as they are now."""
    wanted = list(keys)
    encounters = lock_encounters(Service.objects.filter(pk__in=wanted).values_list("encounter", flat=True))
    rows = Service.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted).order_by("pk")
    locked = rows.select_related("rule_set", "assigned_to", "profile", "suggestion", "version__document")
    services = {service.pk: service for service in locked}
    for service in services.values():
        service.encounter = encounters[service.encounter_id]
    return services


def lock_service(service: Service) -> Service:
    """One service with its encounter, locked."""
    return lock_services([service.pk])[service.pk]


def lock_services_of(encounter: Encounter) -> list[Service]:
    """An encounter's services, all locked with it."""
    keys = Service.objects.filter(encounter=encounter.pk).values_list("pk", flat=True)
    lock_encounters([encounter.pk])
    return list(lock_services(keys).values())
