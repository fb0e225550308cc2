"""Uploads: checked first, imported on command, the bad rows given back, the same file twice without effect."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coding import jobs
from coding.actions import uploads
from coding.errors import Conflict
from coding.intake.csv_file import read_csv
from coding.models import AuditEvent, Encounter, RowState, Upload
from coding.progress import progress
from tests import factories
from tests.factories import rule_set_id

HEADER = "external_id,patient_reference,date_of_service,place_of_service,provider,note,diagnoses,service_lines"
GOOD = "A-1,P-1,2026-05-31,11,Dr. Falk,Left hip out.,Q65.02,27256-LT x1 for 1"
BAD = "A-2,P-2,31.05.2026,77,Dr. Falk,Left hip out.,Q65.0 X99.99,27256LT"


def csv_of(*rows):
    return "\n".join([HEADER, *rows, ""]).encode()


@pytest.fixture
def coder(people, hip, client):
    factories.icd10cm("Q65.02", "Q65.0-")
    client.force_login(people["coder"])
    return client


def send(client, content, source="his"):
    data = {
        "idempotency_key": uuid.uuid4(),
        "rule_set": rule_set_id(),
        "source": source,
        "file": SimpleUploadedFile("p.csv", content),
    }
    response = client.post(reverse("uploads"), data)
    assert response.status_code == 302, response.context["form"].errors
    jobs.pump()
    return Upload.objects.latest("pk")


def states(upload):
    return list(upload.rows.values_list("line", "state"))


def test_a_dry_run_tells_good_rows_from_bad_ones_and_imports_nothing(coder):
    upload = send(coder, csv_of(GOOD, BAD))
    assert states(upload) == [(2, RowState.NEW), (3, RowState.REJECTED)]
    errors = {error["field"]: error["problem"] for error in upload.rows.get(line=3).errors}
    assert "year-month-day" in errors["date_of_service"]
    assert "77" in errors["place_of_service"]
    assert "27256LT" in errors["service_lines"]
    assert not Encounter.objects.exists()
    page = coder.get(upload.get_absolute_url()).content.decode()
    assert "Import 1 new encounter" in page


def test_a_diagnosis_is_checked_against_the_release_in_force(coder):
    upload = send(coder, csv_of(GOOD.replace("Q65.02", "Q65.0"), GOOD.replace("A-1", "A-3").replace("Q65.02", "Q99")))
    problems = [row.errors[0]["problem"] for row in upload.rows.all()]
    assert problems == ["Q65.0 is a category; it needs more characters.", "Q99 is no ICD-10-CM code of release test."]


def test_good_rows_are_imported_and_bad_ones_come_back_as_a_file(coder):
    upload = send(coder, csv_of(GOOD, BAD))
    coder.post(reverse("start-import", args=[upload.public_id]))
    jobs.pump()
    encounter = Encounter.objects.get()
    assert (encounter.external_id, encounter.source) == ("A-1", "his")
    assert [str(line) for line in encounter.service_lines.all()] == ["27256-LT"]
    assert AuditEvent.objects.filter(event="encounter.entered", encounter=encounter.public_id).count() == 1
    back = coder.get(reverse("rejected-rows", args=[upload.public_id])).content
    sheet = read_csv(back)
    assert sheet.columns[-1] == "problem"
    assert sheet.lines[0].cells[0] == "A-2"


def test_the_mended_file_of_rejected_rows_can_be_sent_again(coder):
    upload = send(coder, csv_of(GOOD, BAD))
    back = coder.get(reverse("rejected-rows", args=[upload.public_id])).content.decode()
    for wrong, right in (
        ("31.05.2026", "2026-05-31"),
        (",77,", ",11,"),
        ("Q65.0 X99.99", "Q65.02"),
        ("27256LT", "27256-LT"),
    ):
        back = back.replace(wrong, right)
    assert states(send(coder, back.encode())) == [(2, RowState.NEW)]


def test_the_same_file_twice_creates_nothing_twice(coder):
    for _ in range(2):
        upload = send(coder, csv_of(GOOD))
        coder.post(reverse("start-import", args=[upload.public_id]))
        jobs.pump()
    assert states(upload) == [(2, RowState.UNCHANGED)]
    assert Encounter.objects.count() == 1


def test_a_changed_encounter_is_reported_and_not_overwritten(coder):
    upload = send(coder, csv_of(GOOD))
    coder.post(reverse("start-import", args=[upload.public_id]))
    jobs.pump()
    upload = send(coder, csv_of(GOOD.replace("Left hip out.", "Right hip out.")))
    assert "not overwritten" in upload.rows.get().errors[0]["problem"]


def test_two_rows_with_one_id_are_told_of_each_other(coder):
    upload = send(coder, csv_of(GOOD, GOOD))
    assert states(upload) == [(2, RowState.NEW), (3, RowState.REJECTED)]
    assert "line 2" in upload.rows.get(line=3).errors[0]["problem"]


def test_an_import_is_started_once(people, coder):
    upload = send(coder, csv_of(GOOD))
    uploads.start_import(people["coder"], upload)
    with pytest.raises(Conflict, match="started already"):
        uploads.start_import(people["coder"], upload)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04\0\0", "NUL"),
        (HEADER.encode() + b"\n\xff\xfe", "Line 2 is not UTF-8"),
        (b"external_id,external_id\n1,2\n", "twice"),
        (b"external_id,mrn\n1,2\n", "is no column"),
        (b"external_id\n1\n", "lacks patient_reference"),
        (csv_of('A-1,"unclosed'), "line 2 cannot be read"),
        (csv_of("A-1,P-1"), "Line 2 has 2 cells"),
    ],
)
def test_a_file_that_cannot_be_read_for_certain_is_refused_with_the_reason(coder, content, words):
    data = {
        "idempotency_key": uuid.uuid4(),
        "rule_set": rule_set_id(),
        "source": "his",
        "file": SimpleUploadedFile("p.csv", content),
    }
    response = coder.post(reverse("uploads"), data)
    assert response.status_code == 422
    assert words.lower() in str(response.context["form"].errors).lower() or "empty" in words
    assert not Upload.objects.exists()


def test_text_that_a_spreadsheet_would_run_survives_the_way_out_and_back(coder):
    row = GOOD.replace("Left hip out.", '"+ Ortolani, =1+1"').replace("2026-05-31", "never")
    upload = send(coder, csv_of(row))
    back = coder.get(reverse("rejected-rows", args=[upload.public_id])).content
    assert b"'+ Ortolani" in back
    assert read_csv(back).lines[0].cells[5] == "+ Ortolani, =1+1"


def test_a_big_file_is_checked_and_imported_in_chunks_and_every_row_is_accounted_for(coder):
    rows = [GOOD.replace("A-1", f"B-{n}") if n % 100 else BAD.replace("A-2", f"B-{n}") for n in range(1, 601)]
    upload = send(coder, csv_of(*rows))
    assert upload.check_job.chunks.count() == 3
    coder.post(reverse("start-import", args=[upload.public_id]))
    jobs.pump()
    upload.refresh_from_db()
    assert Encounter.objects.count() == 594
    assert upload.rows.filter(state=RowState.REJECTED).count() == 6
    assert progress(upload.import_job).percent == 100


def test_an_encounter_is_typed_and_sent_twice_and_stands_once(coder):
    data = {
        "idempotency_key": uuid.uuid4(),
        "rule_set": rule_set_id(),
        "external_id": "T-1",
        "patient_reference": "P-9",
        "sex": "F",
        "date_of_service": "2026-05-31",
        "place_of_service": "11",
        "provider": "Dr. Falk",
        "note": "- Barlow, + Ortolani",
        "diagnoses": "q65.02",
        "service_lines": "27256-LT x2 for 1",
    }
    addresses = {coder.post(reverse("new-encounter"), data).url for _ in range(3)}
    encounter = Encounter.objects.get()
    assert addresses == {encounter.get_absolute_url()}
    assert encounter.note == "- Barlow, + Ortolani"
    assert encounter.service_lines.get().units == 2
    again = coder.post(reverse("new-encounter"), {**data, "idempotency_key": uuid.uuid4()})
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("date_of_service", "2999-01-01", "future"),
        ("birth_date", "2026-06-30", "after the date of service"),
        ("diagnoses", "Q99", "no ICD-10-CM code"),
        ("service_lines", "27256 for 3", "not in the list"),
        ("patient_reference", "", "required"),
    ],
)
def test_a_typed_encounter_with_a_fault_names_the_field(coder, field, value, words):
    data = {
        "idempotency_key": uuid.uuid4(),
        "rule_set": rule_set_id(),
        "external_id": "T",
        "patient_reference": "P",
        "sex": "F",
        "note": "n",
    }
    data |= {"date_of_service": "2026-05-31", "place_of_service": "11", "provider": "Dr. Falk", field: value}
    response = coder.post(reverse("new-encounter"), data)
    assert response.status_code == 422
    assert words in " ".join(response.context["form"].errors[field])
