"""Pausing, resuming and cancelling uploads: nothing is imported meanwhile, nothing twice, and what was stays."""

import pytest

from coding.actions import uploads
from coding.actions.errors import Conflict
from coding.models import AuditEvent, Encounter, JobState
from coding.work import leases
from tests import factories, incoming
from tests.incoming import checked, imported, row, table, work


@pytest.fixture
def importing(people, monkeypatch):
    """An import of three rows, one a chunk, of which the first is in."""
    monkeypatch.setattr(uploads, "CHUNK_ROWS", 1)
    upload = checked(people, row("V-1"), row("V-2"), row("V-3"))
    uploads.start_import(people["coder"], upload)
    leases.work_on(leases.claim())
    return incoming.now(upload)


def stored():
    return sorted(Encounter.objects.values_list("external_id", flat=True))


def test_a_paused_import_brings_nothing_until_it_is_resumed_and_then_the_rest_once(
    people, importing
):
    uploads.pause(people["coder"], importing)
    work()
    assert stored() == ["V-1"]
    uploads.resume(people["coder"], incoming.now(importing))
    work()
    assert stored() == ["V-1", "V-2", "V-3"]
    assert incoming.states(importing) == ["imported"] * 3
    assert AuditEvent.objects.filter(event="upload.imported").count() == 1


def test_what_a_cancelled_import_has_brought_stays_and_the_rest_is_still_told(people, importing):
    uploads.cancel(people["coder"], importing)
    work()
    assert stored() == ["V-1"]
    assert incoming.states(importing) == ["imported", "new", "new"]
    assert incoming.now(importing).import_job.state == JobState.CANCELLED
    assert not AuditEvent.objects.filter(event="upload.imported").exists()


def test_a_cancelled_import_is_not_started_again_but_its_file_can_be_sent_again(people, importing):
    uploads.cancel(people["coder"], importing)
    with pytest.raises(Conflict, match="was started already"):
        uploads.start_import(people["coder"], importing)
    again = imported(people, row("V-1"), row("V-2"), row("V-3"))
    assert incoming.states(again) == ["unchanged", "imported", "imported"]
    assert stored() == ["V-1", "V-2", "V-3"]


def test_a_worker_that_is_at_a_row_when_the_import_is_cancelled_brings_it_no_more(
    people, importing
):
    chunk = leases.claim()
    uploads.cancel(people["coder"], importing)
    assert leases.work_on(chunk) is False
    assert stored() == ["V-1"]


def test_the_look_at_the_columns_can_be_paused_and_goes_on(people):
    upload = factories.upload(people, table(row()))
    uploads.pause(people["coder"], upload)
    work()
    assert incoming.now(upload).preview is None
    uploads.resume(people["coder"], incoming.now(upload))
    work()
    assert incoming.states(upload) == ["new"]


@pytest.mark.parametrize("verb", [uploads.pause, uploads.resume])
def test_while_columns_are_to_be_matched_there_is_nothing_to_steer(people, verb):
    upload = factories.upload(people, incoming.FOREIGN.encode())
    work()
    with pytest.raises(Conflict, match="columns of this file are to be matched first"):
        verb(people["coder"], incoming.now(upload))


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (uploads.pause, "cannot be paused"),
        (uploads.resume, "cannot be resumed"),
        (uploads.cancel, "cannot be cancelled"),
    ],
)
def test_a_check_that_is_done_is_steered_no_more(people, verb, words):
    upload = checked(people, row())
    with pytest.raises(Conflict, match=f"It {words}: it is done"):
        verb(people["coder"], upload)


def test_steering_is_noted_with_who_did_it(people, importing):
    uploads.pause(people["coder", 2], importing)
    uploads.resume(people["coder"], incoming.now(importing))
    uploads.cancel(people["coder", 2], incoming.now(importing))
    noted = (
        AuditEvent.objects.filter(event__startswith="job.")
        .order_by("sequence")
        .values_list("event", "actor")
    )
    first, second = people["coder"].pk, people["coder", 2].pk
    assert list(noted) == [
        ("job.paused", second),
        ("job.resumed", first),
        ("job.cancelled", second),
    ]
