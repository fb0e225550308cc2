"""Locks are taken in one order: encounters, services, cases, queries, each by id; the trail's head comes last.

They are ``FOR NO KEY UPDATE``: adding a row that points to a locked one waits for nobody. A verb that changes a
state locks its encounters first, or two services settled at once would each count the encounter without the other.

Rows of the registers are locked, or added, by whoever holds all encounters that it needs; nobody who holds one of them
waits for an encounter.

A row is locked by itself and read with its relations afterwards. In one statement PostgreSQL would, for a row that
changed while it waited, look its relations up as they were before: a foreign key that changed meanwhile then finds
nothing, and the row, or what it points to, is missing from the answer.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from coding.models import Encounter, Service

AnyModel = TypeVar("AnyModel", bound=Model)


def locked(rows: QuerySet[AnyModel], *related: str, unread: Iterable[str] = ()) -> list[AnyModel]:
    """These rows by their ids, locked until the transaction ends, as they are now with their relations.

    Columns that are ``unread`` are asked for when they are used.
    """
    bare = rows.order_by("pk").select_for_update(no_key=True)
    keys = list(bare.values_list("pk", flat=True))
    now = rows.model._default_manager.filter(pk__in=keys).order_by("pk").defer(*unread)
    # Without a name Django follows every relation there is.
    return list(now.select_related(*related) if related else now)


def lock_encounters(keys: Iterable[int]) -> dict[int, Encounter]:
    """These encounters, locked until the transaction ends, as they are now."""
    rows = Encounter.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    return {encounter.pk: encounter for encounter in rows}


def lock_services(keys: Iterable[int]) -> dict[int, Service]:
    """These services with their encounters, all locked until the transaction ends, as they are now."""
    wanted = Service.objects.filter(pk__in=list(keys))
    encounters = lock_encounters(wanted.values_list("encounter", flat=True))
    related = ("rule_set", "assigned_to", "profile", "suggestion", "version__document")
    services = {service.pk: service for service in locked(wanted, *related)}
    for service in services.values():
        service.encounter = encounters[service.encounter_id]
    return services


def lock_service(service: Service) -> Service:
    """One service with its encounter, locked, as it is now.

    Relations that were read with the service and are the same still are taken over: they are not asked for again.
    """
    [encounter] = lock_encounters([service.encounter_id]).values()
    now = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    now.encounter = encounter
    for name in ("rule_set", "assigned_to", "version", "profile", "suggestion"):
        relation: Any = Service._meta.get_field(name)
        same = getattr(now, relation.attname) == getattr(service, relation.attname)
        if same and relation.is_cached(service):
            setattr(now, name, getattr(service, name))
    return now


def lock_services_of(encounter: Encounter) -> list[Service]:
    """An encounter's services, all locked with it."""
    keys = Service.objects.filter(encounter=encounter.pk).values_list("pk", flat=True)
    lock_encounters([encounter.pk])
    return list(lock_services(keys).values())
