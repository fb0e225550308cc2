"""The import by the workers: what the dry run showed is stored once, and nothing that came in meanwhile is lost."""

import pytest

from coding.actions import encounters, uploads
from coding.importing import import_rows
from coding.importing.write_encounters import record_of
from coding.intake.records import record_from_data
from coding.models import AuditEvent, Diagnosis, Encounter, JobChunk, JobState, Service, ServiceLine
from coding.work import leases
from tests import factories, incoming
from tests.incoming import bad_row, checked, imported, row, work

LONG_AGO = "2026-01-01T00:00:00Z"
MEANWHILE = "Upload the file again to see what it would do now."


def begun(people, *rows):
    """A checked file whose import waits for a worker."""
    upload = checked(people, *rows)
    uploads.start_import(people["coder"], upload)
    return incoming.now(upload)


def lose(chunk, at=None):
    """The worker that holds a chunk is gone; ``at`` is the row that it was trying."""
    JobChunk.objects.filter(pk=chunk.pk).update(lease_until=LONG_AGO, trying=at)


def stored():
    return sorted(Encounter.objects.values_list("external_id", flat=True))


def test_what_is_stored_is_what_the_dry_run_showed(people):
    factories.icd10cm("Q65.02", "Q65.01")
    rich = row(
        "V-1",
        diagnoses="Q65.02 Q65.01",
        service_lines="27256-LT x2 for 1 2; 99203",
        note="Two\nlines.",
    )
    upload = checked(people, rich)
    shown = record_from_data(upload.rows.get().record)
    uploads.start_import(people["coder"], upload)
    work()
    encounter = Encounter.objects.get()
    assert record_of(encounter) == shown
    assert encounter.content_hash == shown.content_hash


def test_an_imported_row_keeps_no_copy_of_the_record_and_points_to_its_encounter(people):
    upload = imported(people, row("V-1"), row("V-2"))
    kept = upload.rows.values_list("external_id", "record", "encounter__external_id")
    assert list(kept) == [("V-1", None, "V-1"), ("V-2", None, "V-2")]


def test_a_second_source_has_its_own_encounter_under_the_same_id(people):
    imported(people, row("V-1", note="Left hip out."), source="his")
    upload = imported(
        people, row("V-1", note="Right hip out.", patient_reference="P-9"), source="clinic"
    )
    assert incoming.states(upload) == ["imported"]
    assert upload.rows.get().encounter.source == "clinic"
    assert sorted(Encounter.objects.values_list("source", "note")) == [
        ("clinic", "Right hip out."),
        ("his", "Left hip out."),
    ]


def test_the_trail_tells_which_rows_a_chunk_brought_and_what_the_import_ended_with(people):
    imported(people, row("V-1"))
    upload = imported(people, row("V-1", payer="Southern"), bad_row("V-2"), row("V-3"))
    brought = AuditEvent.objects.filter(
        event="upload.rows_imported", subject_id=str(upload.public_id)
    ).get()
    figures = {name: brought.after[name] for name in ("first", "last", "new", "corrected")}
    assert figures == {"first": 1, "last": 3, "new": 1, "corrected": 1}
    ended = AuditEvent.objects.filter(
        event="upload.imported", subject_id=str(upload.public_id)
    ).get()
    assert ended.after == {"rejected": 1, "imported": 1, "corrected": 1}
    corrected = AuditEvent.objects.get(event="encounter.corrected")
    assert (corrected.before, corrected.after) == (
        {"revision": 1},
        {"revision": 2, "changed": ["payer"]},
    )


def test_the_digest_tells_other_rows_and_another_order_apart(people):
    upload = checked(people, row("V-1"), row("V-2"))
    first, second = upload.rows.all()
    digests = [
        import_rows.digest(rows)
        for rows in ([first], [second], [first, second], [second, first], [])
    ]
    assert len(set(digests)) == len(digests)


# Meanwhile.


def test_a_correction_of_what_was_corrected_meanwhile_overwrites_nothing(people):
    imported(people, row("V-1", note="First."))
    upload = checked(people, row("V-1", note="Second."))
    imported(people, row("V-1", note="Meanwhile."))
    uploads.start_import(people["coder"], upload)
    work()
    assert Encounter.objects.get().note == "Meanwhile."
    assert incoming.states(upload) == ["rejected"]
    [problem] = incoming.problems(upload)
    assert problem.endswith(MEANWHILE)
    assert upload.rows.get().record is None


def test_what_came_in_meanwhile_stops_only_its_own_row(people):
    upload = checked(people, row("V-1"), row("V-2"), row("V-3"))
    encounters.enter(
        people["coder"], factories.record(external_id="V-2", note="Meanwhile."), source="his"
    )
    uploads.start_import(people["coder"], upload)
    work()
    assert incoming.states(upload) == ["imported", "rejected", "imported"]
    assert Encounter.objects.get(external_id="V-2").note == "Meanwhile."


def test_a_row_that_was_stopped_is_told_of_when_its_file_comes_again(people):
    upload = checked(people, row("V-1", patient_reference="P-1"))
    meanwhile = factories.record(external_id="V-1", patient_reference="P-1", note="Meanwhile.")
    encounters.enter(people["coder"], meanwhile, source="his")
    uploads.start_import(people["coder"], upload)
    work()
    again = checked(people, row("V-1", patient_reference="P-1"))
    assert incoming.states(again) == ["changed"]
    assert "note" in again.rows.get().changes


# Workers that are lost.


def test_a_chunk_whose_worker_was_lost_is_imported_once(people):
    upload = begun(people, row("V-1", service_lines="99203"), row("V-2", service_lines="99203"))
    late = leases.claim()
    lose(late)
    work()
    assert leases.work_on(late) is False
    assert stored() == ["V-1", "V-2"]
    assert (Service.objects.count(), ServiceLine.objects.count()) == (2, 2)
    assert incoming.states(upload) == ["imported", "imported"]


def test_a_row_that_ends_two_workers_is_rejected_and_the_others_are_imported(people):
    upload = begun(people, row("V-1"), row("V-2"), row("V-3"))
    lose(leases.claim(), at=2)
    lose(leases.claim(), at=2)
    work()
    assert incoming.states(upload) == ["imported", "rejected", "imported"]
    assert incoming.problems(upload) == [
        "This item ended the program that imported it, twice. Show it to an operator."
    ]
    assert stored() == ["V-1", "V-3"]
    assert incoming.now(upload).import_job.state == JobState.DONE


def test_a_chunk_that_cannot_be_written_leaves_nothing_behind_and_can_be_resumed(
    people, monkeypatch
):
    factories.icd10cm("Q65.02")
    upload = begun(people, row("V-1", diagnoses="Q65.02"))
    handler = leases.handlers()[import_rows.IMPORT]

    def broken(actor, corrections):
        raise OSError("the disk is full")

    monkeypatch.setattr(handler, "review", broken)
    work()
    assert incoming.now(upload).import_job.state == JobState.FAILED
    assert not Encounter.objects.exists()
    assert not Diagnosis.objects.exists()
    assert incoming.states(upload) == ["new"]
    monkeypatch.undo()
    uploads.resume(people["coder"], incoming.now(upload))
    work()
    assert stored() == ["V-1"]
    assert incoming.states(upload) == ["imported"]


# The family of a file.


def test_the_family_that_was_chosen_for_a_file_opens_for_each_of_its_encounters(people, hip):
    upload = imported(people, row("V-1"), row("V-2", service_lines="99203"), only=hip.rule_set)
    assert incoming.states(upload) == ["imported", "imported"]
    opened = Service.objects.filter(rule_set=hip.rule_set).values_list(
        "encounter__external_id", flat=True
    )
    assert sorted(opened) == ["V-1", "V-2"]


@pytest.mark.parametrize(
    "changes", [{"note": "Right hip out."}, {"payer": "Southern"}, {"service_lines": "99204"}]
)
def test_a_correction_of_an_encounter_keeps_its_row_and_its_address(people, changes):
    imported(people, row("V-1", service_lines="99203"))
    before = Encounter.objects.get()
    upload = imported(people, row("V-1", **{"service_lines": "99203", **changes}))
    assert incoming.states(upload) == ["corrected"]
    now = Encounter.objects.get()
    assert (now.pk, now.public_id, now.revision) == (before.pk, before.public_id, 2)
