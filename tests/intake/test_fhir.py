"""FHIR R4 Bundles and single resources come out as encounters; what is wrong is told by its path."""

import base64
import json

import pytest
from fhir.resources.R4B import get_fhir_model_class

from coding.intake.drafts import Covers, LineDraft, Skipped
from coding.intake.fhir import graph as fhir_graph
from coding.intake.fhir.file import FHIR_JSON
from tests.intake.samples import (
    CPT,
    NOTE,
    attachment,
    bundle,
    changed,
    claim_resource,
    code,
    drafts,
    problems,
    read,
    reasons,
    texts,
    visit_resources,
)


def with_part(name, **parts):
    return changed(**{name: visit_resources()[name] | parts})


def document_with(*attachments):
    return with_part("document", content=[{"attachment": attachment} for attachment in attachments])


def test_the_sample_resources_are_what_fhir_r4_allows():
    for resource in [*visit_resources().values(), claim_resource()]:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def test_an_encounter_is_read_with_all_that_points_to_it():
    encounter = texts(FHIR_JSON, changed())
    assert (
        encounter.external_id,
        encounter.patient_reference,
        encounter.birth_date,
        encounter.sex,
    ) == (
        "e1",
        "MRN-1",
        "2025-12-20",
        "F",
    )
    assert (encounter.provider, encounter.note, encounter.diagnoses) == (
        "Alex Tester",
        NOTE,
        ("Q65.02",),
    )
    assert encounter.service_lines == (LineDraft("27256"),)
    assert encounter.places["date_of_service"] == "entry[2].resource.period.start"


def test_the_date_of_service_is_the_local_day_as_written():
    assert texts(FHIR_JSON, changed()).date_of_service == "2026-01-12"


def test_a_claim_gives_lines_pointers_place_and_payer():
    encounter = texts(FHIR_JSON, changed(claim=claim_resource()))
    assert encounter.service_lines == (LineDraft("27256", ("LT",), "1", ("1",)),)
    assert (encounter.place_of_service, encounter.payer, encounter.diagnoses) == (
        "11",
        "Example Health Plan",
        ("Q65.02",),
    )


def test_a_claim_without_an_encounter_is_an_encounter_of_its_own():
    people = visit_resources()
    encounter = texts(
        FHIR_JSON,
        bundle(people["patient"], people["practitioner"], claim_resource(encounter=False)),
    )
    assert (encounter.external_id, encounter.patient_reference, encounter.date_of_service) == (
        "k1",
        "MRN-1",
        "2026-01-12",
    )
    assert (encounter.provider, encounter.place_of_service) == ("Alex Tester", "11")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"status": "cancelled"}, "is cancelled"),
        ({"use": "preauthorization"}, "a preauthorization, not a claim"),
    ],
)
def test_claims_that_were_not_made_are_skipped(parts, reason):
    assert reason in reasons(FHIR_JSON, bundle(claim_resource(encounter=False) | parts))[0]


def test_a_claim_of_two_encounters_gives_each_its_own_lines():
    claim = claim_resource("1")
    [line] = claim["item"]
    other = line | {
        "encounter": [{"reference": "Encounter/e2"}],
        "productOrService": code(CPT, "99203"),
    }
    claim["item"].append(other)
    second = visit_resources("2")
    second["encounter"]["subject"] = {"reference": "Patient/p1"}
    both = [*visit_resources("1").values(), second["encounter"], claim]
    lines = [
        [line.code for line in draft.texts.service_lines]
        for draft in drafts(FHIR_JSON, bundle(*both))
    ]
    assert lines == [["27256"], ["99203"]]


def test_payer_place_and_diagnosis_are_followed_to_coverage_location_and_condition():
    location = {
        "resourceType": "Location",
        "id": "l",
        "type": [code("urn:x:place-of-service", "22")],
    }
    organization = {"resourceType": "Organization", "id": "plan", "name": "Plan of Ohio"}
    coverage = {"resourceType": "Coverage", "id": "v", "beneficiary": {"reference": "Patient/p1"}}
    coverage["payor"] = [{"reference": "Organization/plan"}]
    around = {"location": location, "organization": organization, "coverage": coverage}
    encounter = visit_resources()["encounter"] | {
        "location": [{"location": {"reference": "Location/l"}}]
    }
    read_back = texts(FHIR_JSON, changed(encounter=encounter, **around))
    assert (read_back.place_of_service, read_back.payer) == ("22", "Plan of Ohio")
    claim = claim_resource() | {"insurance": [{"coverage": {"reference": "Coverage/v"}}]}
    claim["diagnosis"] = [{"sequence": 2, "diagnosisReference": {"reference": "Condition/c1"}}]
    del claim["item"][0]["locationCodeableConcept"]
    claim["facility"] = {"reference": "Location/l"}
    read_back = texts(FHIR_JSON, changed(claim=claim, **around))
    assert (read_back.place_of_service, read_back.payer) == ("22", "Plan of Ohio")
    assert read_back.service_lines[0].diagnosis_pointers == ("1",)


def test_a_claim_whose_lines_are_of_several_days_is_told():
    claim = claim_resource(encounter=False)
    claim["item"].append(claim["item"][0] | {"servicedDate": "2026-01-19"})
    people = visit_resources()
    faults = problems(FHIR_JSON, bundle(people["patient"], people["practitioner"], claim))
    assert [(place, field) for place, field, _ in faults] == [
        ("entry[2].resource.item", "date_of_service")
    ]


def test_an_encounter_that_is_larger_than_memory_should_hold_is_told(monkeypatch):
    monkeypatch.setattr(fhir_graph, "LARGEST_ENCOUNTER", 100)
    assert "larger than 40 MB together" in problems(FHIR_JSON, changed())[0][2]


def test_a_role_that_points_to_itself_is_no_name():
    role = {
        "resourceType": "PractitionerRole",
        "id": "r",
        "practitioner": {"reference": "PractitionerRole/r"},
    }
    encounter = visit_resources()["encounter"] | {
        "participant": [{"individual": {"reference": "PractitionerRole/r"}}]
    }
    assert texts(FHIR_JSON, changed(encounter=encounter, role=role)).provider == "r"
    role["practitioner"] = {"reference": "Practitioner/dr"}
    assert texts(FHIR_JSON, changed(encounter=encounter, role=role)).provider == "Alex Tester"


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error", "planned"])
def test_encounters_that_did_not_happen_are_skipped(status):
    [item] = read(FHIR_JSON, with_part("encounter", status=status))
    assert isinstance(item, Skipped)


@pytest.mark.parametrize(
    "kind", ["collection", "searchset", "transaction", "batch", "document", "message"]
)
def test_every_kind_of_bundle_is_read(kind):
    assert texts(FHIR_JSON, bundle(*visit_resources().values(), kind=kind)).note == NOTE


def test_bundles_within_bundles_are_read_with_their_paths():
    inner = json.loads(changed())
    outer = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": inner}]}
    encounter = texts(FHIR_JSON, json.dumps(outer).encode())
    assert encounter.note == NOTE
    assert encounter.places["date_of_service"] == "entry[0].resource.entry[2].resource.period.start"


def test_references_by_urn_address_or_contained_resource_are_followed():
    people = visit_resources()
    urn = "urn:uuid:5bb5b7f0-0000-4000-8000-000000000001"
    people["condition"]["encounter"] = people["procedure"]["encounter"] = {"reference": urn}
    people["document"]["context"]["encounter"] = [
        {"reference": "https://example.org/fhir/Encounter/e1/_history/2"}
    ]
    people["encounter"]["participant"] = [{"individual": {"reference": "#dr"}}]
    people["encounter"]["contained"] = [people.pop("practitioner")]
    entries = [{"resource": resource} for resource in people.values()]
    entries[1]["fullUrl"] = urn
    content = json.dumps(
        {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    ).encode()
    encounter = texts(FHIR_JSON, content)
    assert (encounter.provider, encounter.diagnoses, encounter.note) == (
        "Alex Tester",
        ("Q65.02",),
        NOTE,
    )


def test_text_html_binary_composition_and_report_become_the_note():
    html = attachment("<h1>Note</h1><p>The hip<br>is out.</p><script>x</script>", "text/html")
    assert texts(FHIR_JSON, document_with(html)).note == "Note\n\nThe hip\nis out."
    binary = {"resourceType": "Binary", "id": "b1"} | attachment("In a Binary.")
    content = changed(
        document=visit_resources()["document"]
        | {"content": [{"attachment": {"url": "Binary/b1"}}]},
        binary=binary,
    )
    assert texts(FHIR_JSON, content).note == "In a Binary."
    composition = {
        "resourceType": "Composition",
        "status": "final",
        "title": "x",
        "encounter": {"reference": "Encounter/e1"},
        "section": [{"title": "Findings", "text": {"div": "<div>Left hip <b>out</b>.</div>"}}],
    }
    assert texts(FHIR_JSON, changed(document=composition)).note == "Findings\nLeft hip out."
    report = {
        "resourceType": "DiagnosticReport",
        "encounter": {"reference": "Encounter/e1"},
        "conclusion": "Out.",
    }
    assert texts(FHIR_JSON, changed(document=report)).note == "Out."


def test_several_notes_stand_below_their_headings_and_withdrawn_ones_are_left_out():
    second = visit_resources()["document"] | {
        "id": "d2",
        "content": [{"attachment": attachment("Second.")}],
    }
    withdrawn = second | {"id": "d3", "status": "entered-in-error"}
    encounter = texts(FHIR_JSON, changed(second=second, withdrawn=withdrawn))
    assert encounter.note == f"Progress note\n{NOTE}\n\nProgress note\nSecond."


@pytest.mark.parametrize(
    ("attachment_given", "words"),
    [
        ({"contentType": "application/pdf", "data": "AAAA"}, "of the kind application/pdf"),
        ({"contentType": "text/plain", "data": "A"}, "not valid base64"),
        ({"contentType": "text/plain", "url": "https://example.org/1"}, "stored elsewhere"),
        (attachment() | {"data": base64.b64encode(b"\xff\xfe\xff").decode()}, "not text in utf-16"),
        (attachment() | {"contentType": "text/plain; charset=zip"}, "not text in zip"),
    ],
)
def test_an_attachment_that_gives_no_text_is_a_remark_beside_a_procedure_and_a_problem_alone(
    attachment_given, words
):
    [draft] = drafts(FHIR_JSON, document_with(attachment_given))
    [remark] = draft.remarks
    assert (remark.place, draft.problems) == ("entry[5].resource.content[0].attachment", ())
    assert words in remark.text
    document = visit_resources()["document"] | {"content": [{"attachment": attachment_given}]}
    [(_, field, text)] = problems(FHIR_JSON, changed(procedure=None, document=document))
    assert (field, words in text) == ("note", True)
    assert texts(FHIR_JSON, document_with(attachment_given, attachment())).note == NOTE


def test_missing_resources_are_told():
    [(place, field, _)] = problems(FHIR_JSON, changed(patient=None))
    assert (place, field) == ("entry[1].resource.subject", "patient_reference")
    diagnosis = [{"condition": {"reference": "Condition/none"}}]
    assert [
        field for _, field, _ in problems(FHIR_JSON, with_part("encounter", diagnosis=diagnosis))
    ] == ["diagnoses"]


def test_a_note_whose_encounter_is_elsewhere_tells_of_the_note_only():
    encounter = texts(FHIR_JSON, json.dumps(visit_resources()["document"]).encode())
    assert (encounter.covers, encounter.external_id, encounter.note) == (Covers.NOTE, "e1", NOTE)


def test_an_encounter_at_which_nothing_was_done_is_skipped():
    assert (
        "nothing to code"
        in reasons(FHIR_JSON, changed(procedure=None, document=None, condition=None))[0]
    )
    assert reasons(FHIR_JSON, bundle(visit_resources()["patient"])) == [
        "The file holds no encounter, no claim and no note."
    ]


def test_an_encounter_that_stands_twice_is_skipped_if_equal_and_told_if_not():
    encounter = visit_resources()["encounter"]
    content = changed(again=encounter)
    assert reasons(FHIR_JSON, content) == ["It stands at entry[2] already."]
    patient = visit_resources()["patient"] | {"gender": "male"}
    assert "with other content, at entry[6]" in problems(FHIR_JSON, changed(other=patient))[0][2]
    procedure = visit_resources()["procedure"] | {"code": code(CPT, "27257")}
    [(place, _, text)] = problems(FHIR_JSON, changed(other=procedure))
    assert (place, "Keep one of them" in text) == ("entry[4]", True)
    unlike = drafts(FHIR_JSON, changed(other=encounter | {"status": "in-progress"}))
    assert all("with other content, at entry[6]" in draft.problems[0].text for draft in unlike)
