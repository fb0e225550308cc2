"""Uploads that end before they are imported, or stop on the way: cancelled while they wait, counted, and tidied up."""

from datetime import timedelta

import pytest
from django.urls import reverse

from coding.actions import uploads
from coding.actions.errors import Conflict
from coding.importing.kept_index import KEPT_FOR
from coding.intake.drafts import Layout
from coding.models import AuditEvent, Job, JobChunk, JobState, Upload, UploadIndexPart, UploadRow
from coding.work import leases, nightly
from tests import factories, incoming
from tests.incoming import FOREIGN, checked, row, table, work


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


@pytest.fixture
def unnamed(people):
    """A file whose sending system was not named."""
    return uploads.receive(people["coder"], [table(row())], "csv", "")


@pytest.fixture
def unmatched(people):
    """A table whose columns nobody matched."""
    upload = factories.upload(people, FOREIGN.encode())
    work()
    return incoming.now(upload)


@pytest.mark.parametrize("waiting", ["unnamed", "unmatched"])
def test_a_file_that_waits_for_a_person_is_cancelled_on_its_page(request, coder, waiting):
    upload = request.getfixturevalue(waiting)
    assert "Cancel this upload" in coder.get(upload.get_absolute_url()).content.decode()
    page = coder.post(
        reverse("steer-upload", args=[upload.public_id]), {"verb": "cancel"}, follow=True
    )
    assert page.status_code == 200
    assert "Cancelled before it was checked" in page.content.decode()
    assert "hx-get" not in page.content.decode().partition('id="_upload"')[2].partition(">")[0]
    assert AuditEvent.objects.filter(event="upload.cancelled").count() == 1


@pytest.mark.parametrize("waiting", ["unnamed", "unmatched"])
def test_what_was_cancelled_is_neither_named_matched_nor_steered_any_more(request, people, waiting):
    upload = request.getfixturevalue(waiting)
    uploads.cancel(people["coder"], upload)
    for act in (
        lambda: uploads.name_source(people["coder"], upload, "his"),
        lambda: uploads.match_columns(people["coder"], upload, Layout({})),
        lambda: uploads.resume(people["coder"], incoming.now(upload)),
        lambda: uploads.cancel(people["coder"], incoming.now(upload)),
    ):
        with pytest.raises(Conflict):
            act()
    work()
    assert not UploadRow.objects.exists()


def test_the_list_tells_the_cancelled_from_those_that_wait(people, coder, unnamed):
    other = uploads.receive(people["coder"], [table(row())], "csv", "")
    uploads.cancel(people["coder"], other)

    def listed(standing):
        return list(coder.get(reverse("uploads"), {"standing": standing}).context["page"])

    assert listed("ask") == [unnamed]
    assert listed("stopped") == [other]
    assert "Cancelled" in coder.get(reverse("uploads")).content.decode()


# --- Counts.


@pytest.fixture
def importing(people, monkeypatch):
    """An import of three rows, one a chunk, of which the first is in."""
    monkeypatch.setattr(uploads, "CHUNK_ROWS", 1)
    upload = checked(people, row("V-1"), row("V-2"), row("V-3"))
    uploads.start_import(people["coder"], upload)
    leases.work_on(leases.claim())
    return incoming.now(upload)


def test_a_cancelled_import_keeps_its_counts(people, importing):
    uploads.cancel(people["coder"], importing)
    assert incoming.now(importing).counts == {"new": 2, "imported": 1, "remarks": 0}


def test_a_failed_import_has_its_counts_by_the_morning_and_none_while_it_is_tried_again(
    people, importing
):
    JobChunk.objects.filter(job=importing.import_job, state="pending").update(state="failed")
    leases.close_finished()
    assert incoming.now(importing).import_job.state == JobState.FAILED
    nightly.tidy_uploads()
    assert incoming.now(importing).counts == {"new": 2, "imported": 1, "remarks": 0}
    uploads.resume(people["coder"], incoming.now(importing))
    assert incoming.now(importing).counts is None
    work()
    assert incoming.now(importing).counts == {"imported": 3, "remarks": 0}


# --- Indexes of files.


@pytest.fixture
def indexed(people, importing):
    """An upload with an index beside it, whose import is done."""
    UploadIndexPart.objects.create(upload=importing, number=0, digest="x", content=b"index")
    work()
    return incoming.now(importing)


def end(upload, ago):
    Job.objects.filter(pk=upload.import_job_id).update(
        finished_at=upload.import_job.finished_at - ago
    )


def test_an_index_is_forgotten_some_days_after_its_import_and_not_before(indexed):
    nightly.tidy_uploads()
    assert UploadIndexPart.objects.exists()
    end(indexed, KEPT_FOR + timedelta(minutes=1))
    nightly.tidy_uploads()
    assert not UploadIndexPart.objects.exists()
    assert Upload.objects.get().parts.exists()


def test_the_index_of_a_file_that_is_not_imported_yet_is_kept(people):
    upload = checked(people, row("V-1"))
    UploadIndexPart.objects.create(upload=upload, number=0, digest="x", content=b"index")
    Job.objects.update(finished_at=upload.check_job.finished_at - 2 * KEPT_FOR)
    nightly.tidy_uploads()
    assert UploadIndexPart.objects.exists()
