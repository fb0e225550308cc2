"""Uploads: checked first, imported on command, the bad part given back, the same file twice without effect."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coding.actions import uploads
from coding.actions.errors import Conflict
from coding.importing import dry_run, import_rows
from coding.models import AuditEvent, Encounter, RowState, SourceLayout, Upload
from coding.work import leases
from tests import factories
from tests.factories import rule_set_id

HEADER = "external_id,patient_reference,date_of_service,place_of_service,provider,note,diagnoses,service_lines"
GOOD = "A-1,P-1,2026-05-31,11,Dr. Falk,Left hip out.,Q65.02,27256-LT x1 for 1"
BAD = "A-2,P-2,31.05.2026,7,Dr. Falk,Left hip out.,Q65.0 X99.99,27256LT"


def csv_of(*rows, header=HEADER):
    return "\n".join([header, *rows, ""]).encode()


@pytest.fixture
def coder(people, hip, client):
    factories.icd10cm("Q65.02", "Q65.0-")
    client.force_login(people["coder"])
    return client


def post(client, content, source="his"):
    data = {"idempotency_key": uuid.uuid4(), "rule_set": rule_set_id(), "source": source}
    return client.post(
        reverse("uploads"), {**data, "file": SimpleUploadedFile("patient name.csv", content)}
    )


def send(client, content, source="his"):
    response = post(client, content, source)
    assert response.status_code == 302, response.context["form"].errors
    work()
    return Upload.objects.latest("pk")


def work():
    while leases.has_work():
        leases.pump()
    leases.close_finished()


def take_in(client, content, source="his"):
    upload = send(client, content, source)
    client.post(reverse("start-import", args=[upload.public_id]))
    work()
    upload.refresh_from_db()
    return upload


def states(upload):
    return list(upload.rows.values_list("place", "state"))


def back_from(client, upload):
    response = client.post(reverse("rejected-rows", args=[upload.public_id]))
    return b"".join(response.streaming_content)


def test_a_dry_run_tells_good_rows_from_bad_ones_and_imports_nothing(coder):
    upload = send(coder, csv_of(GOOD, BAD))
    assert states(upload) == [("line 2", RowState.NEW), ("line 3", RowState.REJECTED)]
    problems = " ".join(error["problem"] for error in upload.rows.get(number=2).errors)
    for words in ("Date of service", "27256LT", "year-month-day"):
        assert words in problems
    assert not Encounter.objects.exists()
    page = coder.get(upload.get_absolute_url()).content.decode()
    assert "Import 1 encounter" in page
    assert "31.05.2026" in page


def test_an_encounter_that_is_stored_never_becomes_another_patient_s(coder):
    take_in(coder, csv_of(GOOD))
    before = Encounter.objects.get()
    upload = take_in(
        coder, csv_of(GOOD.replace("P-1", "P-2").replace("Left hip out.", "Both hips out."))
    )
    [error] = upload.rows.get().errors
    assert error["field"] == "patient_reference"
    assert "another patient's (P-1)" in error["problem"]
    now = Encounter.objects.get()
    assert (now.patient_reference, now.note, now.revision) == ("P-1", before.note, before.revision)


def test_a_diagnosis_is_checked_against_the_release_in_force(coder):
    upload = send(
        coder,
        csv_of(
            GOOD.replace("Q65.02", "Q65.0"), GOOD.replace("A-1", "A-3").replace("Q65.02", "Q99")
        ),
    )
    problems = [row.errors[0]["problem"] for row in upload.rows.all()]
    assert "Q65.0 is a category" in problems[0]
    assert "Q99 is no ICD-10-CM code of release test" in problems[1]


def test_good_rows_are_imported_with_one_event_for_the_chunk_that_names_them(coder):
    upload = take_in(coder, csv_of(GOOD, BAD))
    encounter = Encounter.objects.get()
    assert (encounter.external_id, encounter.source) == ("A-1", "his")
    assert [str(line) for line in encounter.service_lines.all()] == ["27256-LT"]
    assert upload.rows.get(state=RowState.IMPORTED).encounter == encounter
    event = AuditEvent.objects.get(event="upload.rows_imported")
    row = upload.rows.get(state=RowState.IMPORTED)
    assert (event.after["new"], event.after["digest"]) == (1, import_rows.digest([row]))
    page = coder.get(reverse("encounter-history", args=[encounter.public_id])).content.decode()
    assert "Encounters imported from an upload" in page


def test_the_mended_file_of_rejected_rows_can_be_sent_again(coder):
    back = back_from(coder, send(coder, csv_of(GOOD, BAD))).decode("utf-8-sig")
    assert "A-1" not in back
    for wrong, right in (
        ("31.05.2026", "2026-05-31"),
        (",7,", ",11,"),
        ("Q65.0 X99.99", "Q65.02"),
        ("27256LT", "27256-LT"),
    ):
        assert wrong in back
        back = back.replace(wrong, right)
    assert [state for _, state in states(send(coder, back.encode()))] == [RowState.NEW]


def test_the_same_file_twice_changes_nothing(coder):
    take_in(coder, csv_of(GOOD))
    upload = take_in(coder, csv_of(GOOD))
    assert states(upload) == [("line 2", RowState.UNCHANGED)]
    encounter = Encounter.objects.get()
    assert (encounter.revision, encounter.revisions.count()) == (1, 0)


def test_a_corrected_encounter_makes_a_new_revision_and_keeps_the_old_one(coder):
    take_in(coder, csv_of(GOOD))
    mended = GOOD.replace("Left hip out.", "Right hip out.").replace(
        "Q65.02,27256-LT x1 for 1", ",27256-LT"
    )
    upload = send(coder, csv_of(mended))
    row = upload.rows.get()
    assert (row.state, row.changes) == (RowState.CHANGED, ["note", "diagnoses", "service_lines"])
    coder.post(reverse("start-import", args=[upload.public_id]))
    work()
    encounter = Encounter.objects.get()
    assert (encounter.note, encounter.revision) == ("Right hip out.", 2)
    assert not encounter.diagnoses.exists()
    before = encounter.revisions.get()
    assert (before.record["note"], before.record["diagnoses"]) == ("Left hip out.", ["Q65.02"])
    assert "Left hip out." in coder.get(encounter.get_absolute_url()).content.decode()


def test_two_rows_with_one_id_are_told_of_each_other(coder):
    upload = send(coder, csv_of(GOOD, GOOD, GOOD.replace("Left", "Right")))
    assert [state for _, state in states(upload)] == [
        RowState.DOUBLED,
        RowState.UNCHANGED,
        RowState.DOUBLED,
    ]
    assert "line 2" in upload.rows.get(number=3).errors[0]["problem"]


@pytest.mark.parametrize("most", [1, 1000])
def test_two_rows_with_one_id_and_two_patients_are_both_rejected_wherever_the_file_is_cut(
    coder, monkeypatch, most
):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", most)
    upload = send(coder, csv_of(GOOD, BAD, GOOD.replace("P-1", "P-7")))
    assert [state for _, state in states(upload)] == [RowState.REJECTED] * 3
    first, last = (upload.rows.get(number=number) for number in (1, 3))
    assert (first.doubled, last.doubled) == (True, True)
    assert "line 4 for another patient, P-7" in first.errors[0]["problem"]
    assert "line 2 for another patient, P-1" in last.errors[0]["problem"]


def test_an_id_is_known_from_an_earlier_part_of_a_long_file(coder, monkeypatch):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", 1)
    upload = send(coder, csv_of(GOOD, BAD, GOOD.replace("Left", "Right")))
    assert upload.check_job.chunks.count() > 2
    assert [state for _, state in states(upload)] == [
        RowState.DOUBLED,
        RowState.REJECTED,
        RowState.DOUBLED,
    ]


def test_what_changed_between_the_check_and_the_import_is_not_imported(people, hip, coder):
    upload = send(coder, csv_of(GOOD))
    take_in(coder, csv_of(GOOD.replace("Left", "Right")))
    coder.post(reverse("start-import", args=[upload.public_id]))
    work()
    assert Encounter.objects.get().note == "Right hip out."
    assert "Upload the file again" in upload.rows.get().errors[0]["problem"]


def test_an_import_is_started_once(people, coder):
    upload = send(coder, csv_of(GOOD))
    uploads.start_import(people["coder"], upload)
    with pytest.raises(Conflict, match="started already"):
        uploads.start_import(people["coder"], upload)


def test_a_check_can_be_paused_resumed_and_cancelled(people, coder, monkeypatch):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", 1)
    post(coder, csv_of(GOOD, BAD))
    leases.work_on(leases.claim())
    upload = Upload.objects.get()
    steer = reverse("steer-upload", args=[upload.public_id])
    coder.post(steer, {"verb": "pause"})
    work()
    assert states(upload) == []
    coder.post(steer, {"verb": "resume"})
    leases.work_on(leases.claim())
    assert len(states(upload)) == 1
    coder.post(steer, {"verb": "cancel"})
    work()
    assert len(states(upload)) == 1
    assert "Cancelled" in coder.get(upload.get_absolute_url()).content.decode()


def test_a_table_with_other_headers_is_matched_once_for_its_source(coder):
    foreign = "MRN,Visit number,DOS,POS,Seen by,Narrative"
    row = "P-1,A-1,05/31/2026,11,Dr. Falk,Left hip out."
    upload = send(coder, csv_of(row, header=foreign))
    assert upload.check_job is None
    page = coder.get(upload.get_absolute_url()).content.decode()
    assert "Left hip out." in page
    part = coder.get(upload.get_absolute_url(), headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    fields = {
        "external_id": "Visit number",
        "patient_reference": "MRN",
        "date_of_service": "DOS",
        "place_of_service": "POS",
        "note": "Narrative",
    }
    address = upload.get_absolute_url()
    data = {"idempotency_key": uuid.uuid4(), "date_order": "mdy", **fields}
    refused = coder.post(address, data)
    assert refused.status_code == 422
    assert "Choose the column that holds it." in refused.content.decode()
    coder.post(address, {**data, "provider": "Seen by"})
    work()
    assert states(upload) == [("line 2", RowState.NEW)]
    assert upload.rows.get().record["date_of_service"] == "2026-05-31"
    assert SourceLayout.objects.get().layout["columns"]["provider"] == "Seen by"
    again = send(coder, csv_of(row.replace("A-1", "A-2"), header=foreign))
    assert states(again) == [("line 2", RowState.NEW)]


def test_what_is_no_file_of_encounters_is_refused_and_nothing_is_kept(coder):
    response = post(coder, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert response.status_code == 422
    assert "This is an image" in str(response.context["form"].errors)
    assert not Upload.objects.exists()


def test_a_file_that_cannot_be_read_further_keeps_what_was_read(coder):
    upload = send(coder, csv_of(GOOD) + b"A-3,P-3,2026-05-31,11,Dr. Falk,caf\x81,,\n")
    assert ("line 2", RowState.NEW) in states(upload)
    assert "UTF-8" in upload.problem
    assert "up to here only" in coder.get(upload.get_absolute_url()).content.decode()


def test_text_that_a_spreadsheet_would_run_survives_the_way_out_and_back(coder):
    row = GOOD.replace("Left hip out.", '"+ Ortolani, =1+1"').replace("2026-05-31", "never")
    back = back_from(coder, send(coder, csv_of(row)))
    assert b"'+ Ortolani" in back
    take_in(coder, back.replace(b"never", b"2026-05-31"))
    assert Encounter.objects.get().note == "+ Ortolani, =1+1"


def test_a_big_file_is_checked_and_imported_in_chunks_and_every_row_is_accounted_for(
    coder, monkeypatch
):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", 250)
    rows = [
        GOOD.replace("A-1", f"B-{n}") if n % 100 else BAD.replace("A-2", f"B-{n}")
        for n in range(1, 601)
    ]
    upload = take_in(coder, csv_of(*rows))
    assert upload.check_job.chunks.count() == 3
    assert Encounter.objects.count() == 594
    assert dry_run.totals(upload) == {"rejected": 6, "imported": 594}


def test_a_request_that_is_too_large_is_refused_before_it_is_read(coder, settings):
    settings.UPLOAD_BYTES = 100
    response = post(coder, csv_of(GOOD) + b"x" * 2_000_000)
    assert response.status_code == 413
    assert not Upload.objects.exists()


def test_the_columns_of_a_source_are_forgotten_and_its_next_file_is_matched_anew(coder):
    foreign = "MRN,Visit number,DOS,POS,Seen by,Narrative"
    upload = send(coder, csv_of("P-1,A-1,05/31/2026,11,Dr. Falk,Left hip out.", header=foreign))
    fields = {"external_id": "Visit number", "patient_reference": "MRN", "date_of_service": "DOS"}
    fields |= {
        "place_of_service": "POS",
        "note": "Narrative",
        "provider": "Seen by",
        "date_order": "mdy",
    }
    coder.post(upload.get_absolute_url(), {"idempotency_key": uuid.uuid4(), **fields})
    work()
    assert "Match the next file anew" in coder.get(upload.get_absolute_url()).content.decode()
    page = coder.post(reverse("forget-columns", args=[upload.public_id]), follow=True)
    assert "The columns of the next file of his are matched anew." in page.content.decode()
    assert not SourceLayout.objects.exists()
    assert AuditEvent.objects.filter(event="upload.columns_forgotten").count() == 1
    again = send(coder, csv_of("P-1,A-2,05/31/2026,11,Dr. Falk,Left hip out.", header=foreign))
    assert again.waits_for_columns


def test_columns_that_were_matched_are_not_matched_again(coder):
    upload = send(coder, csv_of(GOOD))
    response = coder.post(upload.get_absolute_url(), {"idempotency_key": uuid.uuid4()})
    assert response.status_code == 409
    assert "matched already" in response.content.decode()


@pytest.mark.parametrize("key", ["csv", "xlsx"])
def test_the_template_of_a_table_is_a_file_that_can_be_sent(coder, key):
    response = coder.get(reverse("upload-template", args=[key]))
    assert response["Content-Disposition"] == f'attachment; filename="template.{key}"'
    upload = send(
        coder, b"".join(response.streaming_content) if response.streaming else response.content
    )
    assert (upload.format, [state for _, state in states(upload)]) == (key, [RowState.NEW])


@pytest.mark.parametrize("key", ["hl7", "fhir", "pdf"])
def test_what_is_no_table_has_no_template(coder, key):
    assert coder.get(reverse("upload-template", args=[key])).status_code == 404


def test_where_nothing_was_rejected_there_is_no_file_to_mend(coder):
    upload = send(coder, csv_of(GOOD))
    assert (
        coder.get(reverse("rejected-rows", args=[upload.public_id])).url
        == upload.get_absolute_url()
    )
    assert not AuditEvent.objects.filter(event="upload.rejected_taken").exists()


def test_whoever_looks_at_a_file_or_takes_its_rejected_part_is_noted(people, coder):
    upload = send(coder, csv_of(BAD))
    coder.get(upload.get_absolute_url())
    back_from(coder, upload)
    events = AuditEvent.objects.filter(subject_id=str(upload.public_id)).values_list(
        "event", "actor_name"
    )
    assert ("upload.viewed", people["coder"].name) in events
    assert ("upload.rejected_taken", people["coder"].name) in events


def test_an_auditor_reads_an_upload_and_steers_nothing(people, client, coder):
    upload = send(coder, csv_of(GOOD, BAD))
    client.force_login(people["auditor"])
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "A-2" in page
    for name in ("start-import", "steer-upload", "forget-columns", "rejected-rows"):
        assert reverse(name, args=[upload.public_id]) not in page
