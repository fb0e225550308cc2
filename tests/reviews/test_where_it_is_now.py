"""Where an encounter is now: what each of its services waits for, with whom and for how long, in words."""

from datetime import timedelta

from django.utils import timezone

from coding.models import Encounter, EncounterState, Service, ServiceState, User
from reviews.lists.whereabouts import held, where_now
from reviews.models import ProviderQuery, ReviewCase, ServiceHold

CARLA = User(pk=1, first_name="Carla", last_name="Bishop")
SUE = User(pk=2, first_name="Sue", last_name="Warden")
TWO_DAYS = "2\xa0days"


def two_days_ago():
    return timezone.now() - timedelta(days=2, minutes=1)


def service(number=1, state=ServiceState.TO_CODE, holds=(), cases=(), queries=(), **values):
    """A service as the list reads it, with what is open about it."""
    row = Service(pk=number, number=number, state=state, **values)
    row.open_holds, row.open_cases, row.open_queries = list(holds), list(cases), list(queries)
    return row


def in_review(number=1, **values):
    return service(number, ServiceState.IN_REVIEW, cases=[case(**values)])


def encounter(*services, **values):
    row = Encounter(pk=1, **values)
    row._prefetched_objects_cache = {"services": list(services)}
    return row


def hold(reason="Operative note missing"):
    return ServiceHold(reason=reason, held_at=two_days_ago())


def case(**values):
    return ReviewCase(opened_at=two_days_ago(), **values)


def test_what_is_to_code_is_with_its_coder_or_nobody_s_yet():
    assert where_now(encounter(service(assigned_to=CARLA))) == ["to code by Carla Bishop"]
    assert where_now(encounter(service())) == ["to code, nobody’s yet"]


def test_a_case_waits_in_the_queue_or_is_with_whoever_holds_it():
    assert where_now(encounter(in_review())) == [f"in the queue for {TWO_DAYS}"]
    assert where_now(encounter(in_review(holder=SUE))) == [
        f"with Sue Warden, for review since {TWO_DAYS}"
    ]


def test_a_provider_who_was_asked_is_told_with_how_long_ago():
    asked = ProviderQuery(asked_at=two_days_ago())
    waiting = service(state=ServiceState.AWAITING_PROVIDER, queries=[asked])
    assert where_now(encounter(waiting)) == [f"provider asked {TWO_DAYS} ago"]


def test_a_hold_stands_beside_whom_the_service_waits_for_with_its_reason():
    waiting = service(assigned_to=CARLA, holds=[hold()])
    assert where_now(encounter(waiting)) == [
        "to code by Carla Bishop",
        f"on hold for {TWO_DAYS}: Operative note missing",
    ]


def test_of_several_services_each_is_told_by_its_number_and_what_is_settled_is_not():
    settled = service(2, ServiceState.FINAL)
    assert where_now(encounter(service(1), settled, in_review(3))) == [
        "1. to code, nobody’s yet",
        f"3. in the queue for {TWO_DAYS}",
    ]


def test_what_is_settled_or_has_no_service_waits_for_nothing():
    assert where_now(encounter(service(state=ServiceState.FINAL))) == []
    assert where_now(encounter()) == []


def test_what_is_blocked_says_what_blocks_it_in_place_of_its_services():
    dictated = {"kind": "note", "day": "2026-05-04", "author": "Dr. Falk", "unsigned": "dictated"}
    settled = service(state=ServiceState.FINAL)
    blocked = encounter(settled, state=EncounterState.BLOCKED, documents=[dictated])
    assert where_now(blocked) == [
        "Only an unsigned note of 2026-05-04 by Dr. Falk: wait for the signed document."
    ]


def test_the_holds_of_all_services_are_listed_in_their_order():
    first, second = hold("Unsigned"), hold("Pathology is awaited")
    waiting = encounter(service(1, holds=[first]), service(2), service(3, holds=[second]))
    assert held(waiting) == [first, second]
    assert held(encounter(service())) == []
