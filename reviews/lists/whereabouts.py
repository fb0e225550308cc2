"""Where encounters are now: what each of their services waits for, and with whom; in a fixed number of queries."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.timesince import timesince

from coding.models import Encounter, EncounterState, Service, ServiceState
from reviews.blocking import what_blocks
from reviews.models import (
    OPEN_STATES,
    FinalCode,
    ProviderQuery,
    QueryState,
    ReviewCase,
    ServiceHold,
)


def with_whereabouts(
    encounters: QuerySet[Encounter], columns: Collection[str]
) -> QuerySet[Encounter]:
    """Encounters with their services and holds, and with what these columns of a list read besides."""
    parts: list[str | Prefetch[Any]] = ["lines", open_holds()]
    if "where" in columns:
        cases = ReviewCase.objects.filter(state__in=OPEN_STATES).select_related("holder")
        queries = ProviderQuery.objects.filter(state=QueryState.OPEN)
        parts += [Prefetch("review_cases", cases, to_attr="open_cases")]
        parts += [Prefetch("queries", queries, to_attr="open_queries")]
    if "final" in columns:
        parts += [Prefetch("final_codes", FinalCode.objects.current(), to_attr="current_codes")]
    by_number = Service.objects.standing().order_by("number")
    services = by_number.select_related("rule_set", "assigned_to")
    own: list[str | Prefetch[Any]] = [Prefetch("services", services.prefetch_related(*parts))]
    if "diagnoses" in columns:
        own += ["diagnoses"]
    return encounters.prefetch_related(*own).defer("note")


def open_holds() -> "Prefetch[Any]":
    """The holds that services wait for, as ``open_holds`` of each, with who holds them."""
    holds = ServiceHold.objects.filter(released_at=None).select_related("held_by")
    return Prefetch("holds", holds, to_attr="open_holds")


def where_now(encounter: Encounter) -> list[str]:
    """What an encounter waits for, in words: one text for each service that is not settled."""
    if encounter.state == EncounterState.BLOCKED:
        return list(what_blocks(encounter))
    services = list(encounter.services.all())
    if len(services) == 1:
        return list(_of_service(services[0]))

    texts = []
    for service in services:
        for words in _of_service(service):
            texts.append(f"{service.number}. {words}")
    return texts


def held(encounter: Encounter) -> list[ServiceHold]:
    """The holds of an encounter's services."""
    holds: list[ServiceHold] = []
    services: list[Any] = list(encounter.services.all())
    for service in services:
        holds += service.open_holds
    return holds


def _of_service(service: Any) -> Iterator[str]:
    if service.state == ServiceState.TO_CODE:
        coder = service.assigned_to
        yield f"to code by {coder.name}" if coder else "to code, nobody’s yet"
    for hold in service.open_holds:
        yield f"on hold for {timesince(hold.held_at)}: {hold}"
    for case in service.open_cases:
        age = timesince(case.opened_at)
        if case.holder:
            yield f"with {case.holder.name}, for review since {age}"
        else:
            yield f"in the queue for {age}"
    for query in service.open_queries:
        yield f"provider asked {timesince(query.asked_at)} ago"
