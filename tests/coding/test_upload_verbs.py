"""The verbs on uploads: who may, what is noted, and that each acts only where it makes sense."""

import hashlib
import uuid

import pytest

from coding.actions import uploads
from coding.actions.errors import Conflict, NotAllowed
from coding.forms.uploads import SourceForm
from coding.importing import dry_run
from coding.intake.drafts import Layout
from coding.models import AuditEvent, Encounter, JobState, SourceLayout, Upload, UploadPart
from coding.work import leases, stored_bytes
from reviews.roles import ROLES
from tests import factories, incoming
from tests.incoming import bad_row, checked, row, table, work
from tests.intake import samples

LAYOUT = Layout(incoming.FOREIGN_COLUMNS, "mdy")
VERBS = {
    "receive": lambda actor, upload: uploads.receive(actor, [table(row())], "csv", "his"),
    "match columns": lambda actor, upload: uploads.match_columns(actor, upload, LAYOUT),
    "start the import": lambda actor, upload: uploads.start_import(actor, upload),
    "take the rejected part": lambda actor, upload: uploads.take_rejected(actor, upload, "0" * 64),
    "forget columns": lambda actor, upload: uploads.forget_columns(actor, upload),
    "pause": lambda actor, upload: uploads.pause(actor, upload),
    "resume": lambda actor, upload: uploads.resume(actor, upload),
    "cancel": lambda actor, upload: uploads.cancel(actor, upload),
}


def events(name):
    return AuditEvent.objects.filter(event=name).order_by("sequence")


@pytest.fixture
def foreign(people):
    """A table of another system that waits for somebody to match its columns."""
    upload = factories.upload(people, incoming.FOREIGN.encode())
    work()
    return incoming.now(upload)


# Who may.


@pytest.mark.parametrize("verb", VERBS)
def test_whoever_enters_no_encounters_does_nothing_with_uploads(people, verb):
    upload = factories.upload(people, table(row()))
    stored, noted = Upload.objects.values().get(), AuditEvent.objects.count()
    for role in sorted(set(ROLES) - {"coder"}):
        with pytest.raises(NotAllowed, match="You may not"):
            VERBS[verb](people[role], upload)
    assert Upload.objects.values().get() == stored
    assert AuditEvent.objects.count() == noted


def test_a_coder_who_is_no_longer_active_uploads_nothing(people):
    coder = people["coder"]
    coder.is_active = False
    with pytest.raises(NotAllowed, match="You may not upload encounters"):
        uploads.receive(coder, [table(row())], "csv", "his")
    assert not Upload.objects.exists()


def test_a_coder_goes_on_with_what_another_coder_sent(people):
    upload = checked(people, row())
    uploads.start_import(people["coder", 2], upload)
    work()
    assert Encounter.objects.count() == 1
    assert events("upload.import_started").get().actor == people["coder", 2]


# Receiving.


def test_a_file_is_kept_as_it_came_and_the_trail_tells_its_size_and_content(people):
    content = table(row())
    upload = uploads.receive(people["coder"], [content[:40], content[40:]], "csv", "his")
    event = events("upload.received").get()
    assert (event.actor, event.subject_id) == (people["coder"], str(upload.public_id))
    expected = {
        "format": "csv",
        "bytes": len(content),
        "content": hashlib.sha256(content).hexdigest(),
    }
    assert event.after == expected
    assert bytes(upload.parts.get().content) == content


def test_the_columns_of_a_table_are_looked_at_before_it_is_checked(people):
    upload = uploads.receive(people["coder"], [table(row())], "csv", "his")
    assert (upload.look_job.state, upload.check_job) == (JobState.RUNNING, None)
    assert upload.current_job == upload.look_job


def test_a_file_of_messages_is_checked_without_a_look_at_columns(people):
    upload = uploads.receive(people["coder"], [samples.dft("V1")], "hl7", "his")
    assert (upload.look_job, upload.check_job.state) == (None, JobState.RUNNING)
    assert upload.current_job == upload.check_job


def test_of_a_file_that_breaks_off_on_its_way_nothing_is_kept(people, monkeypatch):
    monkeypatch.setattr(stored_bytes, "PART_BYTES", 10)

    def broken_off():
        yield table(row())
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        uploads.receive(people["coder"], broken_off(), "csv", "his")
    assert not Upload.objects.exists()
    assert not UploadPart.objects.exists()
    assert not events("upload.received").exists()


# Matching columns.


def test_matched_columns_are_kept_for_the_source_with_who_matched_them(people, foreign):
    uploads.match_columns(people["coder"], foreign, LAYOUT)
    work()
    upload = incoming.now(foreign)
    assert upload.layout == {
        "columns": incoming.FOREIGN_COLUMNS,
        "date_order": "mdy",
        "numbered": {},
        "sheet": "",
    }
    assert incoming.states(upload) == ["new"]
    kept = SourceLayout.objects.get()
    assert (kept.source, kept.layout, kept.matched_by) == ("his", upload.layout, people["coder"])
    assert events("upload.matched").get().after == {"fields": sorted(incoming.FOREIGN_COLUMNS)}


def test_who_matches_a_sources_columns_later_replaces_what_was_kept(people, foreign):
    second = incoming.now(factories.upload(people, incoming.FOREIGN.encode()))
    work()
    uploads.match_columns(people["coder"], foreign, LAYOUT)
    uploads.match_columns(
        people["coder", 2], incoming.now(second), Layout(incoming.FOREIGN_COLUMNS, "dmy")
    )
    kept = SourceLayout.objects.get()
    assert (kept.layout["date_order"], kept.matched_by) == ("dmy", people["coder", 2])


def test_of_two_who_match_the_columns_of_one_file_the_second_is_told(people, foreign):
    uploads.match_columns(people["coder"], foreign, LAYOUT)
    with pytest.raises(Conflict, match="were matched already"):
        uploads.match_columns(people["coder", 2], foreign, Layout({"note": "DOS"}))
    assert SourceLayout.objects.get().layout["columns"] == incoming.FOREIGN_COLUMNS
    assert events("upload.matched").count() == 1


def test_columns_are_not_matched_before_a_worker_has_looked_at_them(people):
    upload = factories.upload(people, incoming.FOREIGN.encode())
    with pytest.raises(Conflict, match="are not to be matched"):
        uploads.match_columns(people["coder"], upload, LAYOUT)
    assert incoming.now(upload).check_job is None


# Forgetting columns.


def test_only_the_columns_of_the_uploads_own_source_are_forgotten(people):
    for source in ("his", "clinic"):
        upload = factories.upload(people, incoming.FOREIGN.encode(), source=source)
        work()
        uploads.match_columns(people["coder"], incoming.now(upload), LAYOUT)
    uploads.forget_columns(people["coder"], upload)
    assert list(SourceLayout.objects.values_list("source", flat=True)) == ["his"]
    assert events("upload.columns_forgotten").get().subject_id == str(upload.public_id)


def test_where_no_columns_are_kept_nothing_is_forgotten_and_nothing_noted(people):
    upload = checked(people, row())
    uploads.forget_columns(people["coder"], upload)
    assert not events("upload.columns_forgotten").exists()


# Starting the import.


def test_a_file_is_not_imported_before_it_is_checked_to_its_end(people, monkeypatch):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", 1)
    upload = factories.upload(people, table(row("V-1"), row("V-2")))
    leases.work_on(leases.claim())
    leases.work_on(leases.claim())
    assert incoming.states(upload) == ["new"]
    with pytest.raises(Conflict, match="not checked to its end"):
        uploads.start_import(people["coder"], upload)
    assert incoming.now(upload).import_job is None


def test_a_file_whose_columns_are_not_matched_is_not_imported(people, foreign):
    with pytest.raises(Conflict, match="not checked to its end"):
        uploads.start_import(people["coder"], foreign)


def test_a_file_whose_check_was_cancelled_is_not_imported(people):
    upload = factories.upload(people, table(row()))
    leases.work_on(leases.claim())
    leases.close_finished()
    uploads.cancel(people["coder"], incoming.now(upload))
    with pytest.raises(Conflict, match="or upload it again"):
        uploads.start_import(people["coder"], upload)
    assert not events("upload.import_started").exists()


def test_of_a_file_without_a_good_row_the_import_ends_at_once(people):
    upload = checked(people, bad_row())
    uploads.start_import(people["coder"], upload)
    work()
    assert incoming.now(upload).import_job.state == JobState.DONE
    assert events("upload.import_started").get().after == {"rows": 0}
    assert not Encounter.objects.exists()


def test_the_import_is_cut_where_the_check_was_and_after_so_many_rows(people, monkeypatch):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", 4)
    monkeypatch.setattr(uploads, "CHUNK_ROWS", 2)
    rows = [row(f"V-{number}") for number in range(1, 8)]
    rows[1] = bad_row("V-2")
    upload = checked(people, *rows)
    uploads.start_import(people["coder"], upload)
    chunks = incoming.now(upload).import_job.chunks.values_list("size", "payload")
    assert list(chunks) == [(2, [1, 3]), (1, [4, 4]), (2, [5, 6]), (1, [7, 7])]
    work()
    assert Encounter.objects.count() == 6


def test_no_file_comes_under_the_name_of_what_is_typed(people):
    with pytest.raises(Conflict, match="Name the sending system otherwise"):
        factories.upload(people, table(row()), source="typed")
    form = SourceForm({"idempotency_key": uuid.uuid4(), "source": "typed"})
    assert "Name the sending system otherwise" in form.errors["source"][0]
