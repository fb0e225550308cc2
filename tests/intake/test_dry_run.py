"""The dry run by the workers: every item is looked at once, whatever happens to whoever looks."""

import pytest

from coding.importing import dry_run
from coding.importing.dry_run import totals
from coding.models import AuditEvent, ChunkState, Encounter, JobChunk, JobState, UploadRow
from coding.work import leases
from tests import factories, incoming
from tests.incoming import bad_row, checked, row, table, work

LONG_AGO = "2026-01-01T00:00:00Z"


@pytest.fixture
def looked_at(people):
    """A file of three rows whose columns are known and whose rows nobody has checked."""
    upload = factories.upload(people, table(row("V-1"), row("V-2"), row("V-3")))
    leases.work_on(leases.claim())
    leases.close_finished()
    return incoming.now(upload)


def lose(chunk, at=None):
    """The worker that holds a chunk is gone; ``at`` is the item that it was trying."""
    JobChunk.objects.filter(pk=chunk.pk).update(lease_until=LONG_AGO, trying=at)


def test_the_trail_tells_what_a_checked_file_holds(people):
    upload = checked(people, row("V-1"), bad_row("V-2"), row("V-3"), row("V-3"))
    event = AuditEvent.objects.get(event="upload.checked")
    assert (event.actor, event.subject_id) == (people["coder"], str(upload.public_id))
    assert event.after == {"new": 2, "unchanged": 1, "rejected": 1}


def test_items_are_counted_in_the_order_of_their_states(people):
    upload = checked(people, bad_row("V-2"), row("V-1"), row("V-1"))
    assert list(totals(upload).items()) == [("new", 1), ("unchanged", 1), ("rejected", 1)]


def test_how_far_the_file_was_read_is_kept_with_each_portion(people, looked_at, monkeypatch):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", 1)
    places = []
    while leases.has_work():
        leases.work_on(leases.claim())
        places.append(incoming.now(looked_at).read_to)
    assert places == sorted(places)
    assert places[0] > 0
    assert places[-1] == looked_at.size


def test_each_portion_counts_the_items_that_it_held(people, monkeypatch):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", 2)
    upload = checked(people, row("V-1"), row("V-2"), bad_row("V-3"))
    assert list(upload.check_job.chunks.values_list("size", flat=True)) == [2, 1]


def test_nothing_of_an_encounter_is_stored_by_a_check(people):
    upload = checked(people, row("V-1", service_lines="27256-LT"))
    assert upload.rows.get().record["external_id"] == "V-1"
    assert not Encounter.objects.exists()


def test_a_portion_whose_worker_was_lost_is_looked_at_again_one_item_at_a_time(looked_at):
    lose(leases.claim())
    work()
    assert incoming.states(looked_at) == ["new", "new", "new"]
    chunks = looked_at.check_job.chunks.order_by("number")
    assert list(chunks.values_list("size", "state")) == [(1, ChunkState.DONE), (2, ChunkState.DONE)]


def test_a_worker_that_comes_back_late_writes_no_item_twice(looked_at):
    late = leases.claim()
    lose(late)
    work()
    assert leases.work_on(late) is False
    assert UploadRow.objects.count() == 3
    assert incoming.now(looked_at).check_job.state == JobState.DONE


def test_an_item_that_ends_two_workers_is_rejected_and_those_behind_it_are_checked(looked_at):
    lose(leases.claim(), at=1)
    lose(leases.claim(), at=1)
    work()
    assert incoming.states(looked_at) == ["rejected", "new", "new"]
    [error] = looked_at.rows.get(number=1).errors
    assert (
        error["problem"]
        == "This item ended the program that read it, twice. Show it to an operator."
    )
    assert incoming.now(looked_at).check_job.state == JobState.DONE


def test_an_item_at_which_one_worker_was_lost_is_not_blamed(looked_at):
    lose(leases.claim(), at=1)
    work()
    assert incoming.states(looked_at) == ["new", "new", "new"]


def test_an_item_that_cannot_be_read_keeps_its_place_and_what_it_says(people):
    upload = checked(people, row("V-1"), bad_row(" V-2 "))
    bad = upload.rows.get(number=2)
    assert (bad.place, bad.external_id, bad.record) == ("line 3", "V-2", None)
    assert bad.errors == [
        {
            "field": "date_of_service",
            "place": "",
            "value": incoming.NEVER,
            "problem": "Date of service: there is no such day. Write year-month-day, such as 2026-05-31.",
        }
    ]
