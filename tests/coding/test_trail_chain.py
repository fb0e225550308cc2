"""The chain of the audit trail: what an event keeps, how it is linked, and what any tampering with a row shows."""

import uuid
from datetime import timedelta

import pytest
import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from coding import trail
from coding.actions import encounters
from coding.models import AuditEvent, AuditHead
from coding.trail import FIRST_HASH, Entry, guards, sign
from coding.trail.chain import hash_of
from tests import factories


@pytest.fixture
def encounter(people, hip):
    return factories.encounter(people, hip)


def last():
    return AuditEvent.objects.latest("sequence")


def test_an_event_says_who_did_what_to_which_subject_and_what_it_changed(people, encounter):
    coder = people["coder"]
    changes = {"before": {"coder": ""}, "after": {"coder": coder.name}}
    trail.record(
        coder, "encounter.assigned", encounter, encounter=encounter, reason="Asked for.", **changes
    )
    event = last()
    assert (event.event, event.actor, event.actor_name) == ("encounter.assigned", coder, coder.name)
    assert (event.subject_type, event.subject_id) == ("coding.encounter", str(encounter.public_id))
    assert event.encounter == encounter.public_id
    assert (event.before, event.after, event.reason) == (
        {"coder": ""},
        {"coder": coder.name},
        "Asked for.",
    )


def test_what_nobody_did_was_done_by_concord(hip):
    trail.record(None, "version.saved", hip)
    assert (last().actor, last().actor_name) == (None, "Concord")


def test_a_subject_without_a_public_id_is_named_by_its_number(people):
    trail.record(None, "user.saved", people["coder"].groups.get())
    assert (last().subject_type, last().subject_id) == (
        "auth.group",
        str(people["coder"].groups.get().pk),
    )


def test_an_event_keeps_the_name_that_the_person_had(people, encounter):
    coder = people["coder"]
    name_then = coder.name
    encounters.assign(coder, encounter, coder)
    coder.last_name = "Married"
    coder.save()
    assert last().actor_name == name_then != coder.name
    assert trail.verify() is None


def test_the_request_that_caused_an_event_stands_in_it(hip):
    with structlog.contextvars.bound_contextvars(request_id="req-77"):
        trail.record(None, "version.saved", hip)
    assert last().request_id == "req-77"
    structlog.contextvars.clear_contextvars()
    trail.record(None, "version.saved", hip)
    assert last().request_id == ""


def test_each_event_holds_the_hash_of_the_one_before_and_the_head_that_of_the_last(
    people, encounter
):
    encounters.view(people["coder"], encounter)
    previous = FIRST_HASH
    for number, event in enumerate(AuditEvent.objects.order_by("sequence"), start=1):
        assert (event.sequence, event.previous_hash, event.hash) == (
            number,
            previous,
            hash_of(event),
        )
        previous = event.hash
    head = AuditHead.objects.get()
    assert (head.count, head.hash) == (last().sequence, last().hash)
    assert head.signature == sign(head.count, head.hash)


def test_several_events_of_one_change_are_linked_in_their_order(hip):
    before = AuditHead.objects.get().count
    trail.record_all(
        None, [Entry("version.saved", hip, reason=text) for text in ("first", "second", "third")]
    )
    events = list(AuditEvent.objects.filter(sequence__gt=before))
    assert [event.reason for event in events] == ["first", "second", "third"]
    assert len({event.at for event in events}) == 1
    assert trail.verify() is None


def test_a_change_that_is_rolled_back_leaves_no_event_and_the_next_one_follows(hip):
    before = AuditHead.objects.values_list("count", "hash").get()
    with transaction.atomic():
        trail.record(None, "version.saved", hip)
        transaction.set_rollback(True)
    assert AuditHead.objects.values_list("count", "hash").get() == before
    trail.record(None, "version.saved", hip)
    assert last().sequence == before[0] + 1
    assert trail.verify() is None


def test_of_several_events_none_is_written_if_one_has_no_name(hip):
    before = AuditEvent.objects.count()
    with (
        pytest.raises(LookupError, match=r"made\.up is not among the names of events"),
        transaction.atomic(),
    ):
        trail.record_all(None, [Entry("version.saved", hip), Entry("made.up", hip)])
    assert AuditEvent.objects.count() == before
    assert trail.verify() is None


def test_a_row_is_neither_written_again_nor_deleted_by_its_model(encounter):
    event = last()
    with pytest.raises(TypeError, match="never deleted"):
        event.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()
    assert AuditEvent.objects.filter(pk=event.pk).exists()


@pytest.fixture
def unguarded(people, encounter):
    """What the owner of the tables can do; six events and more are there."""
    for _ in range(3):
        encounters.view(people["coder"], encounter)
    guards.lift(connection)
    return AuditEvent.objects


CHANGES = {
    "at": F("at") + timedelta(seconds=1),
    "event": "encounter.assigned",
    "actor": None,
    "actor_name": "Somebody else",
    "subject_type": "coding.service",
    "subject_id": "1",
    "encounter": uuid.UUID(int=5),
    "before": {"state": "Draft"},
    "after": {"state": "Final"},
    "reason": "Another reason.",
    "records": {"coding.service": {}},
    "request_id": "another",
    "hash": "0" * 63 + "1",
}


@pytest.mark.parametrize("column", CHANGES)
def test_no_column_of_an_event_is_changed_unseen(unguarded, column):
    number = last().sequence - 1
    unguarded.filter(sequence=number).update(**{column: CHANGES[column]})
    fault = trail.verify()
    assert (fault.sequence, fault.problem) == (
        number,
        f"event {number} was changed after it was written",
    )


def test_a_changed_event_with_its_hash_made_anew_no_longer_leads_to_the_next(unguarded):
    number = last().sequence - 1
    event = unguarded.get(sequence=number)
    event.reason = "Another reason."
    unguarded.filter(sequence=number).update(reason=event.reason, hash=hash_of(event))
    assert trail.verify().problem == f"event {number + 1} does not follow event {number}"


def test_two_events_that_changed_places_are_found(unguarded):
    number = last().sequence
    unguarded.filter(sequence=number).update(sequence=number + 10)
    unguarded.filter(sequence=number - 1).update(sequence=number)
    unguarded.filter(sequence=number + 10).update(sequence=number - 1)
    assert trail.verify().problem == f"event {number - 1} does not follow event {number - 2}"


def test_an_event_put_behind_the_end_is_found_though_it_is_well_linked(unguarded):
    end = last()
    forged = AuditEvent(
        sequence=end.sequence + 1, at=end.at, event="encounter.viewed", previous_hash=end.hash
    )
    forged.hash = hash_of(forged)
    forged.save()
    words = f"the trail ends at event {end.sequence + 1}, but {end.sequence} events were written"
    assert trail.verify().problem == words


def test_the_first_of_several_faults_is_named(unguarded):
    unguarded.filter(sequence__in=[2, 4]).update(reason="x")
    assert trail.verify().sequence == 2
