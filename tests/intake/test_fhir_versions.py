"""FHIR of other versions than R4 is named as such; identifiers, line details and loose diagnoses are told apart."""

import io
import json
import zipfile

import pytest

from coding.intake.fhir.file import FHIR_JSON, FHIR_NDJSON
from coding.intake.fhir.versions import version_of
from coding.intake.formats import detect
from coding.tables.errors import FileError
from tests.intake.case_files import items
from tests.intake.samples import ICD, bundle, code, drafts, ndjson, reasons, visit_resources


def visit(**changes):
    """The resources of a visit, each with its changed members; those of None are taken away."""
    resources = visit_resources()
    for name, members in changes.items():
        told = {**resources[name], **members}
        resources[name] = {member: value for member, value in told.items() if value is not None}
    return list(resources.values())


def read(*resources):
    [draft] = drafts(FHIR_JSON, bundle(*resources))
    return draft


def said(draft):
    return " ".join(remark.text for remark in draft.remarks)


PATIENT, HERE = {"reference": "Patient/p1"}, {"reference": "Encounter/e1"}


@pytest.mark.parametrize(
    ("version", "changes"),
    [
        ("DSTU2", {"encounter": {"subject": None, "patient": PATIENT}}),
        ("STU3", {"procedure": {"encounter": None, "context": HERE}}),
        ("STU3", {"document": {"context": {"encounter": HERE}}}),
        ("STU3", {"condition": {"verificationStatus": "confirmed"}}),
        ("R5", {"encounter": {"period": None, "actualPeriod": {"start": "2026-01-12"}}}),
        ("R5", {"encounter": {"participant": [{"actor": {"display": "Dr. Tester"}}]}}),
        ("R5", {"procedure": {"occurrenceDateTime": "2026-01-12"}}),
        ("R5", {"document": {"context": [HERE]}}),
    ],
)
def test_another_version_is_named_at_the_resource_that_shows_it(version, changes):
    draft = read(*visit(**changes))
    assert [
        f"of FHIR {version}. Export it as R4" in problem.text for problem in draft.problems
    ] == [True]


@pytest.mark.parametrize(
    ("version", "members"),
    [
        ("DSTU2", {"type": "professional"}),
        ("STU3", {"use": "complete"}),
        ("STU3", {"item": [{"service": {}}]}),
        ("R5", {"encounter": [HERE]}),
    ],
)
def test_a_claim_of_another_version_is_skipped_by_name(version, members):
    content = json.dumps({"resourceType": "Claim", "id": "k1", **members}).encode()
    assert reasons(FHIR_JSON, content) == [
        f"The Claim is of FHIR {version}. Export it as R4 (4.0.1)."
    ]


def test_a_visit_of_r4_shows_no_other_version():
    assert {version_of(resource) for resource in visit()} == {""}


@pytest.mark.parametrize(
    "identifier",
    [
        {"type": {"text": "SSN"}, "value": "999-11-2222"},
        {"type": {"text": "Driver's license"}, "value": "D1"},
        {"value": "NEW", "period": {"start": "2027-01-01"}},
        {"use": "temp", "value": "TMP"},
        {"use": "secondary", "value": "SEC"},
        {"type": {"coding": [{"code": "MB"}]}, "value": "M1"},
        {"system": "http://hl7.org/fhir/sid/us-mbi", "value": "1EG4"},
    ],
)
def test_an_identifier_of_less_worth_stands_behind_the_patients_own(identifier):
    resources = visit(patient={"identifier": [identifier, {"use": "usual", "value": "77001"}]})
    assert read(*resources).texts.patient_reference == "77001"


def test_a_deprecated_document_is_none_of_the_note():
    draft = read(*visit(document={"docStatus": "deprecated"}))
    assert (draft.texts.note, len(draft.texts.superseded)) == ("", 1)


CLAIM = {
    "resourceType": "Claim",
    "id": "k1",
    "status": "active",
    "use": "claim",
    "patient": PATIENT,
    "careTeam": [
        {"sequence": 1, "provider": {"display": "Dr. One"}},
        {"sequence": 2, "provider": {"display": "Dr. Two"}},
    ],
}


def line(number, team, site):
    return {
        "sequence": number,
        "productOrService": code("http://www.ama-assn.org/go/cpt", "27256"),
        "encounter": [HERE],
        "careTeamSequence": [team],
        "locationCodeableConcept": code("https://example.org/Place_of_Service", site),
    }


def test_who_rendered_a_line_and_where_counts_before_what_its_claim_says():
    draft = read(*visit(), CLAIM | {"item": [line(1, 2, "22"), line(2, 1, "11")]})
    assert (draft.texts.provider, draft.texts.place_of_service) == ("Dr. Two", "22")
    assert "Dr. One, who rendered another line" in said(draft)
    assert "place of service 11 of a line" in said(draft)


def test_a_stay_whose_services_tell_no_day_says_which_was_taken():
    draft = read(*visit(encounter={"period": {"start": "2026-01-12", "end": "2026-01-15"}}))
    assert draft.texts.date_of_service == "2026-01-12"
    assert "The stay is from 2026-01-12 to 2026-01-15" in said(draft)
    done = visit(
        encounter={"period": {"start": "2026-01-12", "end": "2026-01-15"}},
        procedure={"performedDateTime": "2026-01-14"},
    )
    assert (read(*done).texts.date_of_service, said(read(*done))) == ("2026-01-14", "")


LOOSE = {"resourceType": "Condition", "id": "c9", "code": code(ICD, "Q65.01"), "subject": PATIENT}


@pytest.mark.parametrize("where", [{}, {"encounter": {"reference": "Encounter/gone"}}])
def test_a_diagnosis_of_no_encounter_here_is_told(where):
    assert "1 Condition: of no encounter here" in said(read(*visit(), LOOSE | where))


def test_a_diagnosis_that_only_its_encounter_names_is_taken():
    named = {"diagnosis": [{"condition": {"reference": "Condition/c9"}}]}
    draft = read(*visit(encounter=named), LOOSE)
    assert (draft.texts.diagnoses, said(draft)) == (("Q65.01", "Q65.02"), "")


def test_one_encounter_of_an_export_says_that_the_rest_is_missing():
    patient, _, encounter, *_ = visit()
    assert (
        "The files of a bulk export belong together"
        in reasons(FHIR_NDJSON, ndjson(patient, encounter))[0]
    )


@pytest.mark.parametrize("first", ["export/", "README.txt", "manifest.json"])
def test_an_archive_is_told_by_what_it_holds(first):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr(first, "")
        members.writestr("export/visit.ndjson", ndjson(*visit()))
    assert detect(out.getvalue()) == "fhirzip"


def test_what_an_archive_holds_beside_is_told_and_its_files_are_told_apart():
    out = io.BytesIO()
    patient, *others = visit()
    with zipfile.ZipFile(out, "w") as members:
        members.writestr("a/Patient.ndjson", ndjson(patient))
        members.writestr("b/Patient.ndjson", ndjson(patient | {"birthDate": "2020-01-01"}, *others))
        for name in ("__MACOSX/._a", "notes/d.csv", *(f"{number}.txt" for number in range(6))):
            members.writestr(name, "")
    [item] = items(out.getvalue(), "export.zip")
    assert (
        "stands at a/Patient.ndjson, line 1 and, with other content, at b/Patient.ndjson"
        in item["problems"][0]
    )
    told = [remark for remark in item["remarks"] if "file" in remark]
    assert told[0] == "Left out: the file notes/d.csv, which is no NDJSON."
    assert told[-1] == "Left out: 2 more files of the ZIP."


def test_an_archive_of_other_files_is_named():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as members:
        members.writestr("charges.csv", "a,b")
    with pytest.raises(FileError, match="a ZIP archive without a workbook"):
        detect(out.getvalue())
