"""Every FHIR, X12 and HL7 v2 file of the shared data comes to what stands in it."""

import io
import re

import pytest
from x12sdk.io import X12ModelReader

from coding.intake.drafts import Covers, Draft, Layout, LineDraft, Skipped
from coding.intake.fhir.file import FHIR_JSON, FHIR_NDJSON
from coding.intake.hl7.file import HL7_V2
from coding.intake.x12.file import X12_837P
from tests.conftest import SHARED_DATA

CLAIMS = sorted((SHARED_DATA / "x12_837p").glob("*.837"))
FOREIGN = [path for path in CLAIMS if path.name.startswith("demo")]
# Lines of several days; an encounter is of one.
SEVERAL_DAYS = {
    "demo",
    "demo.example1",
    "demo.example2",
    "demo.drug.example10.2",
    "demo.drug.example10.3",
}
HL7_FILES = sorted((SHARED_DATA / "hl7v2").glob("*.hl7"))
FHIR_FILES = {
    path.stem: path.read_bytes() for path in sorted((SHARED_DATA / "fhir").glob("*.json"))
}
NO_ENCOUNTER = "The file holds no encounter, no claim and no note."
WHAT_US_CORE_COMES_TO = {
    "uscore_bundle-docref-example1": "The DocumentReference names no encounter that it belongs to.",
    "uscore_condition-encounter-diagnosis-example1": NO_ENCOUNTER,
    "uscore_encounter-example-1": "Nothing that it holds can be coded from; what was left out is named.",
    "uscore_patient-child-example": NO_ENCOUNTER,
    "uscore_patient-infant-example": NO_ENCOUNTER,
    "uscore_practitioner-1": NO_ENCOUNTER,
    "uscore_procedure-rehab": "The encounter of this Procedure is not in the file. Export them together.",
}


def items(form, content):
    return list(form.read(io.BytesIO(content), Layout()))


def only_draft(form, content):
    [item] = items(form, content)
    assert isinstance(item, Draft)
    return item


def test_there_are_nineteen_foreign_files():
    assert len(FOREIGN) == 19


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.stem)
def test_a_foreign_file_holds_one_claim_with_its_codes(path):
    content = path.read_bytes()
    assert X12_837P.sniff(content)
    draft = only_draft(X12_837P, content)
    text = content.decode()
    assert draft.texts.external_id == re.search(r"CLM\*([^*]+)", text)[1]
    assert [line.code for line in draft.texts.service_lines] == re.findall(
        r"SV1\*HC[:>](\w{5})", text
    )
    assert [code.replace(".", "") for code in draft.texts.diagnoses] == re.findall(
        r"[*]B[KF][:>](\w+)", text
    )
    fields = [problem.field for problem in draft.problems]
    # All are of the days of ICD-9.
    assert fields.count("diagnoses") == len(draft.texts.diagnoses)
    assert ("date_of_service" in fields) == (path.stem in SEVERAL_DAYS)
    assert set(fields) <= {"diagnoses", "date_of_service"}
    assert draft.texts.patient_reference
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", draft.texts.birth_date)
    assert re.fullmatch(r"\d\d", draft.texts.place_of_service)
    assert draft.texts.provider
    assert draft.texts.payer


@pytest.mark.parametrize("path", CLAIMS, ids=lambda path: path.stem)
def test_another_reader_finds_as_many_segments_of_service(path):
    with X12ModelReader(path.read_text()) as reader:
        models = [str(model.x12()) for model in reader.models()]
    read = [draft for draft in items(X12_837P, path.read_bytes()) if isinstance(draft, Draft)]
    assert len(read) == sum(len(re.findall(r"CLM\*", model)) for model in models)
    lines = [line for draft in read for line in draft.texts.service_lines]
    assert len(lines) == sum(len(re.findall(r"SV1\*", model)) for model in models)


def test_the_hip_claim_is_read_whole():
    draft = only_draft(
        X12_837P, (SHARED_DATA / "x12_837p" / "hip_27256_pavlik_synthetic.837").read_bytes()
    )
    assert draft.problems == ()
    encounter = draft.texts
    assert (encounter.external_id, encounter.patient_reference, encounter.birth_date) == (
        "HIPENC0001",
        "TEST000001",
        "2025-12-20",
    )
    assert (encounter.date_of_service, encounter.place_of_service, encounter.provider) == (
        "2026-01-12",
        "11",
        "ALEX TESTER",
    )
    assert encounter.diagnoses == ("Q65.02",)
    assert encounter.service_lines == (
        LineDraft("27256", ("LT",), "1", ("1",)),
        LineDraft("99203", ("25",), "1", ("1",)),
    )


def test_the_generated_batch_holds_its_25_claims_each_of_one_day():
    read = items(X12_837P, (SHARED_DATA / "x12_837p" / "x12sdk_seed11_25claims.837").read_bytes())
    assert [draft.texts.external_id for draft in read] == [
        f"PCN{number:06}" for number in range(1, 26)
    ]
    assert {problem.field for draft in read for problem in draft.problems} == {"diagnoses"}


def test_an_excerpt_of_the_generated_batch_is_sound_to_another_reader():
    content = (SHARED_DATA / "x12_837p" / "x12sdk_seed11_25claims.837").read_bytes()
    written = b"".join(
        X12_837P.excerpt(io.BytesIO(content), Layout(), dict.fromkeys((2, 3, 25), ()))
    )
    with X12ModelReader(written.decode()) as reader:
        [model] = reader.models()
    assert re.findall(r"CLM\*(\w+)", model.x12()) == ["PCN000002", "PCN000003", "PCN000025"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_charge_and_the_note_join_into_one_encounter(order):
    draft = only_draft(HL7_V2, b"".join(HL7_FILES[at].read_bytes() for at in order))
    assert (draft.texts.external_id, draft.texts.diagnoses, draft.problems) == (
        "HIPENC0001",
        ("Q65.02",),
        (),
    )
    assert draft.texts.service_lines == (LineDraft("27256", ("LT",), "1", ("1",)),)
    assert draft.texts.note.startswith("Three-week-old girl with a dislocated left hip.")


def test_the_note_by_itself_tells_of_the_note_only():
    assert only_draft(HL7_V2, HL7_FILES[1].read_bytes()).texts.covers is Covers.NOTE


@pytest.mark.parametrize(("name", "code"), [("hip_V01_27256", "27256"), ("hip_V08_27257", "27257")])
def test_the_bundles_of_the_worked_cases_hold_their_code_and_note(name, code):
    draft = only_draft(FHIR_JSON, FHIR_FILES[f"{name}_synthetic_bundle"])
    encounter = draft.texts
    assert draft.problems == ()
    assert (encounter.diagnoses, encounter.service_lines, encounter.provider) == (
        ("Q65.02",),
        (LineDraft(code),),
        "Alex Tester",
    )
    assert (encounter.date_of_service, encounter.patient_reference) == (
        "2026-01-12",
        f"TEST-{name[4:7]}",
    )
    assert "left hip" in encounter.note


def test_an_encounter_without_procedure_and_note_is_nothing_to_code():
    [item] = items(FHIR_JSON, FHIR_FILES["carebundle_healthy_seed7"])
    assert isinstance(item, Skipped)
    assert "can be coded from" in item.reason


@pytest.mark.parametrize("name", WHAT_US_CORE_COMES_TO)
def test_us_core_examples_that_hold_nothing_say_why(name):
    [item] = items(FHIR_JSON, FHIR_FILES[name])
    assert item.reason == WHAT_US_CORE_COMES_TO[name]


def test_us_core_examples_together_are_an_encounter_with_its_diagnosis_and_note():
    names = [name for name in FHIR_FILES if name.startswith("uscore_") and "bundle" not in name]
    lines = b"".join(FHIR_FILES[name].replace(b"\n", b" ") + b"\n" for name in names)
    draft = only_draft(FHIR_NDJSON, lines)
    assert (draft.texts.external_id, draft.texts.date_of_service) == ("example-1", "2015-11-01")
    assert draft.texts.diagnoses == ("T20.21",)
    assert draft.texts.note.startswith("No activity restriction")
    # The patient of these examples is not among them.
    assert [problem.field for problem in draft.problems] == ["patient_reference"]


def test_every_file_is_told_for_what_it_is():
    formats = {"fhir": FHIR_JSON, "x12_837p": X12_837P, "hl7v2": HL7_V2}
    for folder, form in formats.items():
        for path in (SHARED_DATA / folder).glob("*.[8jh]*"):
            head = path.read_bytes()[:65536]
            assert [
                other for other in (FHIR_JSON, FHIR_NDJSON, X12_837P, HL7_V2) if other.sniff(head)
            ] == [form], path
    assert set(FHIR_FILES) >= set(WHAT_US_CORE_COMES_TO)
