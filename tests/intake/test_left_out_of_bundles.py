"""What a FHIR bundle holds besides is told; of several, the one that counts is taken."""

import base64
import json

import pytest

from tests.intake.case_files import content_of, items, lines

VISIT = "codes-fhir-dx-sequence.json"
PLACES = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
SECTION = "<section><title>Procedure</title><text><paragraph>Left hip reduced.</paragraph></text></section>"
CDA = (
    f'<ClinicalDocument xmlns="urn:hl7-org:v3"><component>{SECTION}</component></ClinicalDocument>'
)


def changed_visit(change):
    """A bundle after ``change`` was done to its resources, by id."""
    whole = json.loads(content_of(VISIT))
    parts = {entry["resource"]["id"]: entry["resource"] for entry in whole["entry"]}
    change(parts)
    whole["entry"] = [{"resource": resource} for resource in parts.values()]
    [encounter] = items(json.dumps(whole).encode())
    return encounter


def test_resources_of_other_kinds_are_counted():
    def change(parts):
        parts["o1"] = {
            "resourceType": "Observation",
            "id": "o1",
            "encounter": {"reference": "Encounter/e1"},
        }
        parts["o2"] = parts["o1"] | {"id": "o2"}

    assert "Left out: 2 Observations." in changed_visit(change)["remarks"]


def test_what_people_wrote_beside_codes_is_told():
    def change(parts):
        code = {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "27256"}]}
        parts["pr1"] = {
            "resourceType": "Procedure",
            "id": "pr1",
            "status": "completed",
            "code": code,
            "subject": {"reference": "Patient/p1"},
            "encounter": {"reference": "Encounter/e1"},
            "bodySite": [{"text": "left hip"}],
            "note": [{"text": "Under sedation."}],
            "followUp": [{"text": "Recheck in two weeks"}],
            "usedReference": [{"display": "Spica cast"}],
        }
        parts["e1"]["reasonCode"] = [{"text": "Fall"}]
        hospital = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-pcs", "code": "0SSB"}]}
        parts["k1"]["supportingInfo"] = [{"sequence": 1, "valueString": "Seen by night"}]
        parts["d1"]["description"] = "Dictated in the car"
        parts["d1"].setdefault("context", {})["event"] = [
            {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "12345"}]}
        ]
        parts["k1"]["procedure"] = [{"sequence": 1, "procedureCodeableConcept": hospital}]

    told = " ".join(changed_visit(change)["remarks"])
    for words in (
        "bodySite left hip.",
        "note Under sedation.",
        "reasonCode Fall.",
        "Claim.procedure 0SSB.",
        "followUp Recheck in two weeks.",
        "usedReference Spica cast.",
        "supportingInfo.valueString Seen by night.",
        "DocumentReference.description Dictated in the car.",
        "DocumentReference.context code 12345.",
    ):
        assert words in told


def test_what_a_payer_says_of_a_claim_is_named_where_there_is_nothing_else():
    def change(parts):
        for name in ("k1", "d1"):
            del parts[name]
        line = {"encounter": [{"reference": "Encounter/e1"}]}
        benefit = {"resourceType": "ExplanationOfBenefit", "id": "b1", "item": [line]}
        parts["b1"] = benefit

    visit = changed_visit(change)
    assert visit["standing"] == "skipped"
    assert "Left out: 1 ExplanationOfBenefit." in visit["remarks"]


def a_place(code):
    kind = {"coding": [{"system": PLACES, "code": code}]}
    return {"resourceType": "Location", "id": f"l{code}", "type": [kind]}


def test_of_several_people_places_and_payers_the_others_are_told():
    def change(parts):
        del parts["k1"]
        parts |= {code: a_place(code) for code in ("11", "22")}
        parts["e1"]["location"] = [
            {"location": {"reference": f"Location/l{code}"}} for code in ("11", "22")
        ]
        parts["e1"]["participant"].append({"individual": {"display": "Dr. Bo Roe"}})
        covers = {"resourceType": "Coverage", "beneficiary": {"reference": "Patient/p1"}}
        parts |= {
            name: covers | {"id": name, "payor": [{"display": name}]} for name in ("One", "Two")
        }

    visit = changed_visit(change)
    assert (visit["place_of_service"], visit["provider"], visit["payer"]) == (
        "11",
        "Dr. Al Smith",
        "",
    )
    told = " ".join(visit["remarks"])
    assert "Left out: place of service 22." in told
    assert "Left out: Dr. Bo Roe, who took part too." in told
    assert "Left out: payers One and Two: no claim says which of them pays." in told


def test_the_insurance_that_a_claim_is_sent_to_pays():
    def change(parts):
        parts["k1"]["insurance"] = [
            {"focal": focal, "coverage": {"display": name}}
            for focal, name in ((False, "One"), (True, "Two"))
        ]

    visit = changed_visit(change)
    assert visit["payer"] == "Two"
    assert any(remark.startswith("Left out: payer One.") for remark in visit["remarks"])


def test_a_procedure_that_stands_there_twice_is_taken_twice_and_told():
    def change(parts):
        del parts["k1"]
        code = {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "12345"}]}
        known = {
            "resourceType": "Procedure",
            "status": "completed",
            "subject": {"reference": "Patient/p1"},
        }
        for number in ("a", "b"):
            parts[number] = known | {
                "id": number,
                "encounter": {"reference": "Encounter/e1"},
                "code": code,
            }

    visit = changed_visit(change)
    assert lines(visit) == ["12345 x1", "12345 x1"]
    assert (
        "12345 was done more than once, by what the file says. All were taken." in visit["remarks"]
    )


def test_codes_of_a_report_are_told_and_null_is_nothing():
    def change(parts):
        result = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M25.551"}]}
        report = {
            "resourceType": "DiagnosticReport",
            "id": "r1",
            "status": "final",
            "conclusion": "In place.",
        }
        parts["r1"] = report | {
            "encounter": {"reference": "Encounter/e1"},
            "conclusionCode": [result],
        }
        parts["p1"]["birthDate"] = None

    visit = changed_visit(change)
    assert (visit["standing"], visit["birth_date"]) == ("good", "")
    assert any(
        "DiagnosticReport.conclusionCode code M25.551" in remark for remark in visit["remarks"]
    )


def test_a_claim_that_another_one_replaces_is_left_out():
    def change(parts):
        relation = {
            "claim": {"reference": "Claim/k1"},
            "relationship": {"coding": [{"code": "prior"}]},
        }
        parts["k2"] = json.loads(json.dumps(parts["k1"])) | {"id": "k2", "related": [relation]}
        parts["k2"]["item"][0]["productOrService"]["coding"][0]["code"] = "27257"

    assert lines(changed_visit(change)) == ["27257-LT x1"]


def test_a_preliminary_document_is_shown_as_not_signed():
    encounter = changed_visit(lambda parts: parts["d1"].update(docStatus="preliminary"))
    assert encounter["note"].startswith("Op note, 2026-06-01 (not signed: preliminary)\n")


@pytest.mark.parametrize(
    ("media_type", "text", "note"),
    [
        ("application/rtf", r"{\rtf1\ansi Left hip \b reduced\b0.}", "Left hip reduced."),
        (
            "text/plain",
            "<html><body><p>Left hip</p><p>reduced.</p></body></html>",
            "Left hip\n\nreduced.",
        ),
        (
            "application/xml",
            CDA,
            "Procedure\nLeft hip reduced.",
        ),
    ],
)
def test_documents_with_markup_become_what_they_show(media_type, text, note):
    attachment = {"contentType": media_type, "data": base64.b64encode(text.encode()).decode()}
    encounter = changed_visit(
        lambda parts: parts["d1"].update(content=[{"attachment": attachment}])
    )
    assert encounter["note"] == note
