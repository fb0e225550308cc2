"""Locks: rows as they are now, whatever was read before; and nobody who only points to a locked row has to wait."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from coding.actions import encounters
from coding.actions.locks import (
    lock_encounters,
    lock_service,
    lock_services,
    lock_services_of,
    locked,
)
from coding.intake.records import ServiceLineRecord
from coding.models import Encounter, EncounterState, Service, ServiceState
from tests import factories
from tests.races import at_once

LINES = (ServiceLineRecord("27256"), ServiceLineRecord("99203"), ServiceLineRecord("73525"))


@pytest.fixture
def visit(people, hip):
    return encounters.enter(people["coder"], factories.record(service_lines=LINES))


def test_a_locked_service_is_as_it_is_now_and_not_as_it_was_read(people, visit):
    read = factories.service_of(visit)
    Service.objects.filter(pk=read.pk).update(
        assigned_to=people["coder"], state=ServiceState.FINAL, round=3
    )
    Service.objects.filter(encounter=visit).update(state=ServiceState.FINAL)
    Encounter.objects.filter(pk=visit.pk).update(state=EncounterState.FINAL, revision=7)
    with transaction.atomic():
        now = lock_service(read)
    assert (now.assigned_to, now.state, now.round) == (people["coder"], ServiceState.FINAL, 3)
    assert (now.encounter.state, now.encounter.revision) == (EncounterState.FINAL, 7)
    assert (read.assigned_to, read.encounter.revision) == (None, 1)


def test_what_was_read_with_a_service_and_is_the_same_still_is_not_asked_for_again(
    people, hip, visit, django_assert_num_queries
):
    factories.answer(people["coder"], visit, factories.PAVLIK)
    read = factories.service_of(visit)
    expected = hip.rule_set, hip, people["coder"]
    with transaction.atomic():
        now = lock_service(read)
        with django_assert_num_queries(0):
            assert (now.rule_set, now.version, now.assigned_to) == expected


def test_a_relation_that_changed_meanwhile_is_asked_for_again(people, visit):
    encounters.assign(people["coder"], visit, people["coder"])
    read = factories.service_of(visit)
    assert read.assigned_to == people["coder"]
    Service.objects.filter(pk=read.pk).update(assigned_to=people["coder", 2])
    with transaction.atomic():
        assert lock_service(read).assigned_to == people["coder", 2]


def test_several_services_come_with_one_encounter_that_they_share(visit):
    with transaction.atomic():
        services = lock_services_of(visit)
    assert [service.number for service in services] == [1, 2, 3]
    assert len({id(service.encounter) for service in services}) == 1


def test_rows_come_by_their_ids_however_they_were_asked_for(visit):
    keys = list(Service.objects.values_list("pk", flat=True))
    with transaction.atomic():
        assert list(lock_services(reversed(keys))) == sorted(keys)
        assert [row.pk for row in locked(Service.objects.order_by("-pk"), "rule_set")] == sorted(
            keys
        )
        assert list(lock_encounters([visit.pk])) == [visit.pk]


@pytest.mark.parametrize(("related", "joins"), [((), 0), (("rule_set",), 1)])
def test_a_row_comes_with_the_relations_that_are_named_and_no_others(visit, related, joins):
    """Every relation at once is a join of dozens of tables, over which PostgreSQL sits until its time is up."""
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        locked(Service.objects.filter(encounter=visit), *related)
    assert sum(query["sql"].count(" JOIN ") for query in queries) == joins


def test_a_service_that_is_gone_is_not_locked(visit):
    with transaction.atomic():
        assert lock_services([0]) == {}


@pytest.mark.django_db(transaction=True)
def test_coders_who_answer_and_take_at_the_same_instant_never_lock_each_other_up(people, hip):
    """Each verb locks the encounter first, and then its services by their ids."""
    coder = people["coder"]
    visit = encounters.enter(coder, factories.record(service_lines=LINES))

    def act(place):
        with transaction.atomic():
            return (
                len(lock_services_of(visit))
                if place % 2
                else lock_service(factories.service_of(visit)).number
            )

    assert sorted(at_once(8, act)) == [1, 1, 1, 1, 3, 3, 3, 3]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_points_to_a_locked_encounter_is_written_without_waiting(people, hip):
    """On SQLite one writer holds the whole file: there the second one waits until the first has ended."""
    visit = encounters.enter(people["coder"], factories.record(service_lines=LINES))
    written = threading.Event()

    def add():
        try:
            Service.objects.create(encounter=visit, number=9, day=visit.date_of_service)
            written.set()
        finally:
            connection.close()

    thread = threading.Thread(target=add)
    with transaction.atomic():
        lock_encounters([visit.pk])
        thread.start()
        if connection.vendor == "postgresql":
            thread.join()
            assert written.is_set()
    thread.join()
    assert written.is_set()
