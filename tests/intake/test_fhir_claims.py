"""A FHIR Claim: its lines, diagnoses, days, place, people and payer, with an encounter and without one."""

from copy import deepcopy

import pytest

from coding.intake.drafts import LineDraft
from coding.intake.fhir.file import FHIR_JSON
from tests.intake.samples import (
    CPT,
    ICD,
    bundle,
    claim_resource,
    code,
    drafts,
    reasons,
    visit_resources,
)

RESOURCES = visit_resources()
PEOPLE = (RESOURCES["patient"], RESOURCES["practitioner"])
DIAGNOSES = claim_resource()["diagnosis"]
PLACES = "https://www.cms.gov/place-of-service-codes"


def alone(*more, **changes):
    """The item of a claim without an encounter."""
    claim = claim_resource(encounter=False) | changes
    [draft] = drafts(FHIR_JSON, bundle(*PEOPLE, claim, *more))
    return draft


def with_items(*changes, **of_claim):
    """The item of a claim with so many lines, each as usual but for what is changed."""
    usual = claim_resource(encounter=False)["item"][0]
    return alone(
        item=[usual | {"sequence": at} | own for at, own in enumerate(changes, 1)], **of_claim
    )


def beside(*claims, **changes):
    """The item of an encounter with claims."""
    resources = [*(RESOURCES | changes).values()]
    [draft] = drafts(FHIR_JSON, bundle(*filter(None, resources), *claims))
    return draft


def told(draft):
    return [remark.text for remark in draft.remarks]


def faults(draft):
    return [(problem.field, problem.value, problem.place) for problem in draft.problems]


def professional(number="1", **changes):
    return claim_resource() | {"id": f"k{number}"} | changes


# A claim by itself.


def test_a_claim_alone_is_an_encounter_of_the_patient_who_is_named():
    texts = alone().texts
    assert (texts.external_id, texts.patient_reference, texts.visit_authority) == (
        "k1",
        "MRN-1",
        "",
    )
    assert (texts.date_of_service, texts.place_of_service) == ("2026-01-12", "11")
    assert (texts.provider, texts.payer) == ("Alex Tester", "Example Health Plan")
    assert (texts.birth_date, texts.sex, texts.diagnoses) == ("2025-12-20", "F", ("Q65.02",))
    assert texts.service_lines == (LineDraft("27256", ("LT",), "1", ("1",)),)
    numbered = alone(identifier=[{"system": "urn:bills", "value": "B7"}]).texts
    assert (numbered.external_id, numbered.visit_authority) == ("B7", "urn:bills")


def test_its_problems_are_placed_at_its_parts():
    places = alone().texts.places
    assert places == {
        "service_lines": "entry[2].resource.item",
        "diagnoses": "entry[2].resource.diagnosis",
    }


def test_a_claim_without_a_line_that_counts_is_skipped():
    bare = claim_resource(encounter=False) | {"item": [], "diagnosis": []}
    assert reasons(FHIR_JSON, bundle(*PEOPLE, bare)) == [
        "There is nothing to code: no procedure, no service line and no note."
    ]
    [reason] = reasons(FHIR_JSON, bundle(*PEOPLE, bare | {"diagnosis": DIAGNOSES}))
    assert reason == "Nothing that it holds can be coded from; what was left out is named."


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"use": "predetermination"}, "This is a predetermination, not a claim for what was done."),
        ({"use": "preauthorization"}, "This is a preauthorization, not a claim for what was done."),
        ({"status": "cancelled"}, "The claim is cancelled."),
        ({"status": "draft"}, "The claim is a draft."),
        ({"status": "entered-in-error"}, "The claim was entered in error."),
    ],
)
def test_a_claim_for_nothing_that_was_done_says_why(changes, reason):
    content = bundle(*PEOPLE, claim_resource(encounter=False) | changes)
    assert reasons(FHIR_JSON, content) == [reason]
    # Beside an encounter it is left out, with the same words.
    draft = beside(professional(**changes))
    assert f"A claim was left out. {reason}" in told(draft)
    assert draft.texts.service_lines[0].modifiers == ()


# Lines.


def test_units_are_whole_and_a_line_without_them_tells_none():
    first, second = with_items({"quantity": {"value": 2.0}}, {"quantity": {}}).texts.service_lines
    assert (first.units, second.units) == ("2", "")


def test_a_code_without_a_known_system_that_looks_like_one_is_a_problem():
    draft = with_items({"productOrService": code("urn:house", "12345")})
    assert faults(draft) == [("service_lines", "", "entry[2].resource.item[0]")]
    assert draft.problems[0].text == (
        "The line is for 12345 in urn:house. Name the system of CPT or HCPCS, or leave the line out."
    )


def test_another_line_without_a_code_that_counts_is_told():
    draft = with_items({}, {"productOrService": code("http://snomed.info/sct", "48334007")})
    assert [line.code for line in draft.texts.service_lines] == ["27256"]
    assert "Left out: line 48334007 in SNOMED." in told(draft)


def test_modifiers_may_be_codes_or_words():
    modifiers = [code("urn:m", "59"), {"text": " lt "}, code("urn:m", "59"), {"text": "Left side"}]
    draft = with_items({"modifier": modifiers})
    assert draft.texts.service_lines[0].modifiers == ("59", "LT")
    assert "Left out: modifier Left side." in told(draft)


def test_a_line_points_to_its_diagnoses_by_their_place_in_the_list():
    diagnoses = [
        {"sequence": 10, "diagnosisCodeableConcept": code(ICD, "M25.551")},
        {"sequence": 9, "diagnosisCodeableConcept": code(ICD, "Q65.02")},
    ]
    draft = with_items({"diagnosisSequence": [10, 9, 7]}, diagnosis=diagnoses)
    assert draft.texts.diagnoses == ("Q65.02", "M25.551")
    assert draft.texts.service_lines[0].diagnosis_pointers == ("2", "1")
    assert "Left out: pointer to diagnosis 7, which the claim lacks." in told(draft)


@pytest.mark.parametrize(
    ("item", "day", "fields"),
    [
        ({"servicedDate": None, "servicedPeriod": {"start": "2026-01-13"}}, "2026-01-13", []),
        (
            {"servicedDate": None, "servicedPeriod": {"start": "2026-01-13", "end": "2026-01-14"}},
            "2026-01-13",
            ["date_of_service"],
        ),
        ({"servicedDate": None}, "2026-01-10", []),
    ],
)
def test_the_day_of_the_line_counts_and_that_of_the_bill_only_without_one(item, day, fields):
    draft = with_items(item, billablePeriod={"start": "2026-01-10T10:00:00Z"})
    assert (draft.texts.date_of_service, [own for own, *_ in faults(draft)]) == (day, fields)


def test_an_icd_9_code_is_a_problem_and_one_of_another_system_a_remark():
    old = {
        "sequence": 2,
        "diagnosisCodeableConcept": code("http://hl7.org/fhir/sid/icd-9-cm", "754.30"),
    }
    draft = alone(diagnosis=[old])
    assert faults(draft) == [("diagnoses", "754.30", "entry[2].resource.diagnosis")]
    assert (
        draft.problems[0].text
        == "The code is of ICD-9-CM. Send ICD-10-CM codes, with their system."
    )
    assert "Left out: diagnosis 48334007 in SNOMED." in told(alone())


# People and places.


def other_doctor(number="d2"):
    return {"resourceType": "Practitioner", "id": number, "name": [{"text": "Bo Roe"}]}


def test_who_rendered_a_line_counts_before_who_bills():
    team = [
        {"sequence": 1, "provider": {"reference": "Practitioner/dr"}},
        {"sequence": 2, "provider": {"reference": "Practitioner/d2"}},
    ]
    draft = alone(other_doctor(), careTeam=team)
    assert draft.texts.provider == "Alex Tester"
    usual = claim_resource(encounter=False)["item"][0]
    both = [usual | {"careTeamSequence": [2, 1]}, usual | {"sequence": 2, "careTeamSequence": [2]}]
    draft = alone(other_doctor(), careTeam=team, item=both)
    # Of several of a team the first in the team's order rendered the line.
    assert draft.texts.provider == "Alex Tester"
    assert "Left out: Bo Roe, who rendered another line." in told(draft)


def test_the_place_of_a_line_counts_before_that_of_the_claim():
    hospital = {"resourceType": "Location", "id": "l1", "type": [code(PLACES, "22")]}
    nowhere = {"locationCodeableConcept": {}}
    there = {"locationReference": {"reference": "Location/l1"}, **nowhere}
    usual = claim_resource(encounter=False)["item"][0]
    draft = alone(hospital, item=[usual | there, usual | {"sequence": 2}])
    assert draft.texts.place_of_service == "22"
    assert "Left out: place of service 11 of a line." in told(draft)
    draft = alone(hospital, item=[usual | nowhere], facility={"reference": "Location/l1"})
    assert draft.texts.place_of_service == "22"


def test_the_insurance_that_the_claim_is_sent_to_pays():
    insured = [
        {"sequence": 1, "focal": False, "coverage": {"display": "Second Plan"}},
        {"sequence": 2, "focal": True, "coverage": {"display": "First Plan"}},
    ]
    draft = alone(insurance=insured)
    assert draft.texts.payer == "First Plan"
    assert "Left out: payer Second Plan." in told(draft)
    assert alone(insurance=[]).texts.payer == "Example Health Plan"


# Beside an encounter.


def test_a_claim_gives_its_lines_to_the_encounter_that_they_name():
    draft = beside(professional())
    assert draft.texts.service_lines == (LineDraft("27256", ("LT",), "1", ("1",)),)
    other = deepcopy(professional("2"))
    other["item"].append(other["item"][0] | {"encounter": [{"reference": "Encounter/e9"}]})
    assert len(beside(other).texts.service_lines) == 1
    other["item"][1].pop("encounter")
    assert len(beside(other).texts.service_lines) == 2


def test_what_was_done_counts_only_where_no_claim_bills_anything():
    done = RESOURCES["procedure"] | {"code": code(CPT, "12345")}
    draft = beside(professional(), procedure=done)
    assert [line.code for line in draft.texts.service_lines] == ["27256"]
    assert "Left out: procedure 12345, which no claim bills." in told(draft)
    assert [line.code for line in beside(procedure=done).texts.service_lines] == ["12345"]


def test_a_bill_that_another_one_replaces_is_left_out():
    related = [{"claim": {"reference": "Claim/k1"}, "relationship": code("urn:r", "prior")}]
    draft = beside(professional(), professional("2", related=related))
    assert len(draft.texts.service_lines) == 1
    assert "A claim was left out. Another claim replaces it." in told(draft)
    # One that does not count itself replaces nothing.
    cancelled = professional("2", related=related, status="cancelled")
    assert "Another claim replaces it" not in " ".join(told(beside(professional(), cancelled)))
    related[0]["relationship"] = code("urn:r", "associated")
    assert "Another claim" not in " ".join(
        told(beside(professional(), professional("2", related=related)))
    )


def test_a_claim_that_bills_the_same_again_is_left_out_and_one_that_bills_otherwise_is_taken():
    draft = beside(professional(), professional("2"))
    assert len(draft.texts.service_lines) == 1
    assert "A claim was left out. It bills what another claim bills already." in told(draft)
    draft = beside(professional(), professional("2", provider={"display": "Bo Roe"}))
    assert len(draft.texts.service_lines) == 2
    assert "27256 is billed by another claim too. Both were taken." in told(draft)
    other = professional(
        "2", item=[claim_resource()["item"][0] | {"productOrService": code(CPT, "12345")}]
    )
    assert "billed by another" not in " ".join(told(beside(professional(), other)))


def test_a_hospitals_bill_counts_only_where_no_physicians_is():
    hospital = professional("2", type=code("urn:t", "institutional"), total={"value": 1})
    draft = beside(professional(), hospital)
    assert "A claim was left out. It is institutional, beside a professional one." in told(draft)
    draft = beside(hospital)
    assert len(draft.texts.service_lines) == 1
    assert "The claim is institutional: its lines are those of a hospital's bill" in " ".join(
        told(draft)
    )
    # A physician's bill that does not count takes nothing from it.
    draft = beside(professional(status="cancelled"), hospital)
    assert len(draft.texts.service_lines) == 1


def test_a_claim_of_another_patient_is_not_the_encounters():
    stranger = RESOURCES["patient"] | {"id": "p2", "identifier": [{"value": "MRN-2"}]}
    draft = beside(stranger, professional(patient={"reference": "Patient/p2"}))
    assert draft.problems[0].field == "patient_reference"
    assert draft.problems[0].text == (
        "The Claim is of MRN-2, its encounter of MRN-1 urn:example:mrn. Correct the patient or the encounter."
    )
