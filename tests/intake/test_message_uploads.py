"""Claims, messages and bundles through the upload: stored with their notes, whichever comes first, and given back."""

import io
import json
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from coding.importing.dry_run import totals
from coding.importing.rejected import rejected_file
from coding.intake.formats import FORMATS, detect
from coding.models import Encounter, RowState, Upload
from coding.tables.errors import FileError
from tests import factories, incoming
from tests.intake import samples


@pytest.fixture(autouse=True)
def _codes(db):
    factories.icd10cm("Q65.02", "Q65.01", valid_from=date(2025, 10, 1))


@pytest.fixture
def take_in(people, hip):
    """Receive a file, check it, import it."""

    def act(content, source="his"):
        return incoming.taken_in(people, content, source, hip.rule_set)

    return act


def test_a_claim_comes_without_its_note_and_the_note_is_joined_later(take_in):
    take_in(samples.claims_file(samples.claim("V1")))
    encounter = Encounter.objects.get()
    assert (encounter.external_id, encounter.note) == ("V1", "")
    note = samples.mdm("V1", "The left hip is dislocated.").replace(b"P-V1^^^EXAMPLE", b"M-V1")
    upload = take_in(note)
    assert upload.format == "hl7"
    encounter.refresh_from_db()
    assert (encounter.note, encounter.revision) == ("The left hip is dislocated.", 2)
    assert [str(line) for line in encounter.service_lines.all()] == ["27256-LT"]


def test_the_same_claim_again_does_not_take_the_note_away(take_in):
    take_in(samples.claims_file(samples.claim("V1")))
    take_in(samples.mdm("V1", "The left hip is dislocated.").replace(b"P-V1^^^EXAMPLE", b"M-V1"))
    upload = take_in(samples.claims_file(samples.claim("V1")))
    assert totals(upload) == {"unchanged": 1}
    assert Encounter.objects.get().note == "The left hip is dislocated."


def addendum():
    return samples.mdm("V1", "Addendum.", header=samples.document("D-V1-2"))


def test_a_second_note_stands_behind_the_first_and_the_same_one_changes_nothing(take_in):
    take_in(samples.dft("V1") + samples.mdm("V1", "First."))
    for _ in range(2):
        take_in(addendum())
    encounter = Encounter.objects.get()
    assert (encounter.note, encounter.revision) == ("First.\n\nAddendum.", 2)


def test_the_first_file_again_does_not_take_a_later_note_away(take_in):
    first = samples.dft("V1") + samples.mdm("V1", "First.")
    take_in(first)
    take_in(addendum())
    assert totals(take_in(first)) == {"unchanged": 1}
    assert Encounter.objects.get().note == "First.\n\nAddendum."
    corrected = samples.dft("V1") + samples.mdm("V1", "Altogether other.")
    assert totals(take_in(corrected)) == {"corrected": 1}
    assert totals(take_in(first)) == {"corrected": 1}


def test_what_its_source_took_back_is_left_to_a_person_if_it_is_here_and_else_to_nobody(take_in):
    void = samples.claims_file(samples.claim("V1", facility="11:B:8"))
    assert totals(take_in(void)) == {"skipped": 1}
    take_in(samples.claims_file(samples.claim("V1")))
    assert "took the encounter" in take_in(void).rows.get().errors[0]["problem"]
    cancelled = samples.mdm("V1", "Old.", trigger="T11").replace(b"P-V1^^^EXAMPLE", b"M-V1")
    assert totals(take_in(cancelled)) == {"rejected": 1}
    assert Encounter.objects.get().revision == 1


def test_an_edited_note_is_not_put_behind_the_one_that_it_replaces(take_in):
    take_in(samples.dft("V1") + samples.mdm("V1", "No anesthesia."))
    edited = take_in(samples.mdm("V1", "General anesthesia.", trigger="T08"))
    assert "edited at its source" in edited.rows.get().errors[0]["problem"]
    assert Encounter.objects.get().note == "No anesthesia."
    take_in(samples.dft("V1") + samples.mdm("V1", "General anesthesia."))
    assert Encounter.objects.get().note == "General anesthesia."


def test_a_note_of_an_unknown_visit_or_another_patient_is_rejected_and_says_why(take_in):
    take_in(samples.dft("V1"))
    unknown = take_in(samples.mdm("V9", "Recheck."))
    assert "Send its charges first" in unknown.rows.get().errors[0]["problem"]
    stranger = take_in(samples.mdm("V1", "Recheck.").replace(b"P-V1", b"P-V2"))
    assert "another patient" in stranger.rows.get().errors[0]["problem"]
    assert Encounter.objects.get().note == ""


def test_a_visit_number_one_field_early_joins_a_later_note_if_the_patient_is_the_same(take_in):
    take_in(samples.dft("V1"))
    early = samples.mdm("V1", "Recheck.").replace(b"||||||||||||V1", b"|||||||||||V1")
    stranger = take_in(early.replace(b"P-V1", b"P-V2"))
    assert "another patient" in stranger.rows.get().errors[0]["problem"]
    assert totals(take_in(early)) == {"corrected": 1}
    assert Encounter.objects.get().note == "Recheck."


def test_a_note_that_names_no_visit_is_told_so(take_in):
    nameless = samples.mdm("V1", "Recheck.").replace(b"||||||||||||V1", b"||||||||||||")
    assert "names no visit" in take_in(nameless).rows.get().errors[0]["problem"]


def test_the_rejected_claims_come_back_as_a_file_that_is_taken_in_once_mended(take_in):
    bad = [row.replace("Q6502", "Q6599") for row in samples.claim("V2")]
    upload = take_in(samples.claims_file(samples.claim("V1"), bad))
    assert totals(upload) == {"rejected": 1, "imported": 1}
    back = b"".join(rejected_file(upload))
    assert b"CLM*V1" not in back
    mended = take_in(back.replace(b"Q6599", b"Q6502"))
    assert totals(mended) == {"imported": 1}
    assert set(Encounter.objects.values_list("external_id", flat=True)) == {"V1", "V2"}


def test_a_bundle_without_anything_to_code_is_no_error(take_in):
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "p"}},
            {
                "resource": {
                    "resourceType": "Encounter",
                    "id": "e",
                    "status": "finished",
                    "class": {"code": "AMB"},
                    "subject": {"reference": "Patient/p"},
                    "period": {"start": "2026-01-12"},
                }
            },
        ],
    }
    upload = take_in(json.dumps(bundle).encode())
    assert (upload.format, totals(upload)) == ("fhir", {"skipped": 1})
    assert "nothing to code" in upload.rows.get().errors[0]["problem"].lower()


def test_every_kind_of_file_is_told_by_what_it_holds():
    heads = {
        "xlsx": FORMATS["xlsx"].table.template(),
        "csv": FORMATS["csv"].table.template(),
        "x12": samples.claims_file(samples.claim("V1")),
        "hl7": samples.dft("V1"),
        "fhir": b'{"resourceType": "Bundle", "entry": []}',
        "ndjson": b'{"resourceType": "Patient"}\n{"resourceType": "Encounter"}\n',
    }
    assert {key: detect(content) for key, content in heads.items()} == {key: key for key in heads}
    long_line = b'{"resourceType": "Patient", "text": "' + b"x" * 100_000
    assert detect(long_line, "Export.NDJSON") == "ndjson"
    with pytest.raises(FileError, match="This is an image"):
        detect(b"\x89PNG\r\n\x1a\n\0\0")


def test_the_templates_are_read_without_a_problem(take_in, people, hip):
    for key in ("csv", "xlsx"):
        upload = take_in(FORMATS[key].table.template(), source=key)
        assert list(upload.rows.values_list("state", "errors")) == [(RowState.IMPORTED, [])]


def test_a_large_file_is_received_by_command(people, hip, tmp_path):
    file = tmp_path / "claims.837"
    file.write_bytes(samples.claims_file(samples.claim("V1")))
    out = io.StringIO()
    options = {"source": "his", "user": people["coder"].username, "stdout": out}
    call_command("receive_upload", file, **options)
    incoming.work()
    upload = Upload.objects.get()
    assert upload.get_absolute_url() in out.getvalue()
    assert totals(upload) == {"new": 1}
    with pytest.raises(CommandError, match=r"upload encounters"):
        call_command("receive_upload", file, **{**options, "user": people["auditor"].username})
    with pytest.raises(CommandError, match="--rule-set"):
        call_command("receive_upload", file, **{**options, "rule_set": "knee"})
