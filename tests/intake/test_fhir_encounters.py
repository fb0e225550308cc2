"""A FHIR Encounter: its number, day, people, place, payer and procedures, and what of them is left out and named."""

import pytest

from coding.intake.fhir.file import FHIR_JSON
from tests.intake.samples import CPT, ICD, bundle, changed, code, drafts, reasons, visit_resources

RESOURCES = visit_resources()
ENCOUNTER, PATIENT, PROCEDURE = (RESOURCES[name] for name in ("encounter", "patient", "procedure"))
PLACES = "https://www.cms.gov/place-of-service-codes"


def only(**resources):
    """The item of the usual visit in which some resources are changed, added, or left out if None."""
    [draft] = drafts(FHIR_JSON, changed(**resources))
    return draft


def visit(**changes):
    """The item of the usual visit whose Encounter differs."""
    return only(encounter=ENCOUNTER | changes)


def told(draft):
    return [remark.text for remark in draft.remarks]


def practitioner(number, family):
    return {
        "resourceType": "Practitioner",
        "id": number,
        "name": [{"family": family, "given": ["Bo"]}],
    }


def coverage(number, payer):
    return {
        "resourceType": "Coverage",
        "id": number,
        "status": "active",
        "beneficiary": {"reference": "Patient/p1"},
        "payor": [{"display": payer}],
    }


# Which visit, and of which day.


def test_the_number_of_a_visit_counts_before_other_numbers_and_those_before_its_name():
    numbers = [
        {"system": "urn:a", "value": "A1"},
        {"system": "urn:v", "value": "V7", "type": code("urn:t", "VN")},
    ]
    texts = visit(identifier=numbers).texts
    assert (texts.external_id, texts.visit_authority) == ("V7", "urn:v")
    texts = visit(identifier=numbers[:1]).texts
    assert (texts.external_id, texts.visit_authority) == ("A1", "urn:a")
    assert only().texts.external_id == "e1"


def test_what_was_done_tells_the_day_before_the_stay_does():
    assert only().texts.date_of_service == "2026-01-12"
    done = PROCEDURE | {"performedDateTime": "2026-01-13T10:00:00Z"}
    assert only(procedure=done).texts.date_of_service == "2026-01-13"
    lasting = PROCEDURE | {"performedPeriod": {"start": "2026-01-13", "end": "2026-01-14"}}
    draft = only(procedure=lasting)
    assert (draft.problems[0].field, draft.problems[0].value) == (
        "date_of_service",
        "2026-01-13, 2026-01-14",
    )


def test_a_stay_of_several_days_says_which_day_was_taken():
    stay = {"start": "2026-01-12T08:00:00Z", "end": "2026-01-15T08:00:00Z"}
    draft = visit(period=stay)
    assert draft.texts.date_of_service == "2026-01-12"
    assert told(draft) == [
        "The stay is from 2026-01-12 to 2026-01-15, and no service tells its day: the first was taken."
    ]
    dated = PROCEDURE | {"performedDateTime": "2026-01-14"}
    assert told(only(encounter=ENCOUNTER | {"period": stay}, procedure=dated)) == []
    same_day = {"start": "2026-01-12T08:00:00Z", "end": "2026-01-12T18:00:00Z"}
    assert told(visit(period=same_day)) == []


def test_problems_of_an_encounter_are_placed_at_its_parts():
    assert only().texts.places == {
        "date_of_service": "entry[2].resource.period.start",
        "patient_reference": "entry[2].resource.subject",
        "provider": "entry[2].resource.participant",
    }


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("cancelled", "The encounter is cancelled."),
        ("entered-in-error", "The encounter was entered in error."),
        ("planned", "The encounter is planned; nothing was done yet."),
    ],
)
def test_an_encounter_that_did_not_happen_says_so(status, reason):
    assert reason in reasons(FHIR_JSON, changed(encounter=ENCOUNTER | {"status": status}))


@pytest.mark.parametrize("status", ["finished", "unknown"])
def test_an_encounter_that_is_over_is_told_nothing_of(status):
    assert told(visit(status=status)) == []


def test_an_encounter_that_goes_on_may_not_be_all():
    draft = visit(status="in-progress")
    assert told(draft) == [
        "The encounter is not finished: in-progress. What is here may not be all."
    ]
    assert draft.remarks[0].place == "entry[2].resource.status"


# People.


def test_who_did_the_procedure_provides_the_service():
    doctor = practitioner("d2", "Roe")
    done = PROCEDURE | {"performer": [{"actor": {"reference": "Practitioner/d2"}}]}
    draft = only(doctor=doctor, procedure=done)
    assert draft.texts.provider == "Bo Roe"
    second = done | {
        "id": "o2",
        "code": code(CPT, "12345"),
        "performer": [{"actor": {"display": "Cy Poe"}}],
    }
    draft = only(doctor=doctor, procedure=done, second=second)
    assert draft.texts.provider == "Bo Roe"
    assert "Left out: Cy Poe, who did another of the procedures." in told(draft)


def test_of_those_who_took_part_the_primary_performer_provides():
    def participant(name, role=""):
        return {"individual": {"display": name}, "type": [code("urn:t", role)] if role else []}

    people = [participant("Any"), participant("Second", "SPRF"), participant("Attending", "ATND")]
    draft = visit(participant=people)
    assert draft.texts.provider == "Attending"
    assert told(draft) == ["Left out: Second, who took part too."]
    assert visit(participant=[*people, participant("First", "PPRF")]).texts.provider == "First"
    assert visit(participant=[{"type": [code("urn:t", "PPRF")]}, people[0]]).texts.provider == "Any"
    assert visit(participant=[]).texts.provider == ""


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ([{"family": "Roe", "given": ["Bo", "C."]}], "Bo C. Roe"),
        ([{"text": "Dr. Bo Roe"}], "Dr. Bo Roe"),
        ([{}, {"family": "Roe"}], "Roe"),
        ([], "dr"),
    ],
)
def test_a_doctor_is_called_by_name_or_else_by_number(name, called):
    doctor = RESOURCES["practitioner"] | {"name": name}
    assert only(practitioner=doctor).texts.provider == called
    numbered = doctor | {
        "identifier": [{"value": "1"}, {"value": "199", "type": code("urn:t", "NPI")}]
    }
    assert only(practitioner=numbered).texts.provider == ("199" if called == "dr" else called)


def test_a_role_is_called_by_whoever_plays_it():
    role = {
        "resourceType": "PractitionerRole",
        "id": "r1",
        "practitioner": {"reference": "Practitioner/dr"},
    }
    people = [{"individual": {"reference": "PractitionerRole/r1"}}]
    assert (
        only(encounter=ENCOUNTER | {"participant": people}, role=role).texts.provider
        == "Alex Tester"
    )
    role["practitioner"] = {"reference": "Practitioner/gone", "display": "Cy Poe"}
    assert only(encounter=ENCOUNTER | {"participant": people}, role=role).texts.provider == "Cy Poe"


# The patient.


def test_a_patient_who_is_not_in_the_file_is_a_problem_unless_a_number_names_them():
    draft = only(patient=None)
    assert (draft.problems[0].field, draft.problems[0].value) == ("patient_reference", "Patient/p1")
    assert draft.problems[0].text == (
        "The patient is not in the file. Export patients together with their encounters."
    )
    numbered = {"reference": "Patient/p1", "identifier": {"value": "M9", "system": "urn:m"}}
    draft = only(patient=None, encounter=ENCOUNTER | {"subject": numbered})
    assert (draft.texts.patient_reference, draft.texts.patient_authority) == ("M9", "urn:m")


def test_a_patient_without_a_number_is_known_by_the_name_of_the_resource():
    draft = only(patient=PATIENT | {"identifier": []})
    assert (draft.texts.patient_reference, draft.texts.patient_authority) == ("p1", "")


def test_numbers_that_do_not_count_are_told():
    numbers = [{"value": "999", "type": code("urn:t", "SS")}, {"value": "M1", "system": "urn:m"}]
    draft = only(patient=PATIENT | {"identifier": numbers})
    assert draft.texts.patient_reference == "M1"
    assert told(draft) == [
        "Left out: identifiers of the patient that are old, expired or of a state."
    ]


def test_a_payers_number_comes_with_the_sum_of_the_name():
    member = [{"value": "MB1", "type": code("urn:t", "MB")}]
    named = PATIENT | {"identifier": member, "name": [{"family": "Roe", "given": ["Ann"]}]}
    texts = only(patient=named).texts
    assert (texts.patient_reference, texts.insured_number, len(texts.name_sum)) == ("MB1", True, 4)
    texts = only(patient=PATIENT | {"name": [{"family": "Roe"}]}).texts
    assert (texts.insured_number, texts.name_sum) == (False, "")


def test_a_birth_date_or_a_sex_that_says_nothing_is_told():
    draft = only(patient=PATIENT | {"birthDate": "2025", "gender": "sometimes"})
    assert (draft.texts.birth_date, draft.texts.sex) == ("", "")
    assert told(draft) == [
        "Left out: birth date 2025, which is no whole day.",
        "Left out: sex sometimes, which is none of F, M, O, U.",
    ]


# Place and payer.


def location(number, place):
    return {"resourceType": "Location", "id": number, "type": [code(PLACES, place)]}


def test_the_first_place_counts_and_the_others_are_told():
    stays = [{"location": {"reference": f"Location/{number}"}} for number in ("l1", "l2")]
    draft = only(
        encounter=ENCOUNTER | {"location": stays},
        first=location("l1", "22"),
        second=location("l2", "11"),
    )
    assert draft.texts.place_of_service == "22"
    assert "Left out: place of service 11." in told(draft)


def test_a_patients_one_coverage_pays_and_of_several_nobody_can_tell():
    assert only(cover=coverage("c1", "Plan A")).texts.payer == "Plan A"
    draft = only(cover=coverage("c1", "Plan A"), other=coverage("c2", "Plan B"))
    assert draft.texts.payer == ""
    assert "Left out: payers Plan A and Plan B: no claim says which of them pays." in told(draft)
    assert (
        only(cover=coverage("c1", "Plan A"), other=coverage("c2", "Plan A")).texts.payer == "Plan A"
    )


# Procedures and diagnoses.


@pytest.mark.parametrize(
    "status", ["not-done", "stopped", "on-hold", "preparation", "entered-in-error"]
)
def test_what_was_not_done_is_no_line(status):
    draft = only(procedure=PROCEDURE | {"status": status})
    assert draft.texts.service_lines == ()
    assert told(draft) == [f"Left out: procedure 27256, whose status is {status}."]


def test_what_was_done_to_another_patient_is_not_the_encounters():
    stranger = PATIENT | {"id": "p2", "identifier": [{"value": "MRN-2"}]}
    draft = only(stranger=stranger, procedure=PROCEDURE | {"subject": {"reference": "Patient/p2"}})
    assert draft.texts.service_lines == ()
    [problem] = draft.problems
    assert (problem.field, problem.place) == ("patient_reference", "entry[4].resource.subject")


def test_a_procedure_in_another_system_is_told():
    draft = only(procedure=PROCEDURE | {"code": code("http://snomed.info/sct", "1")})
    assert (draft.texts.service_lines, told(draft)) == ((), ["Left out: procedure 1 in SNOMED."])


def test_what_was_done_twice_is_taken_twice_and_told():
    draft = only(again=PROCEDURE | {"id": "o2"})
    assert [line.code for line in draft.texts.service_lines] == ["27256", "27256"]
    assert told(draft) == ["27256 was done more than once, by what the file says. All were taken."]
    other_day = PROCEDURE | {"id": "o2", "performedDateTime": "2026-01-12"}
    assert told(only(again=other_day)) == []


def test_a_diagnosis_that_was_denied_is_none_and_one_in_doubt_says_so():
    condition = RESOURCES["condition"]

    def verified(state):
        return only(condition=condition | {"verificationStatus": code("urn:v", state)})

    assert (verified("refuted").texts.diagnoses, told(verified("refuted"))) == (
        (),
        ["Left out: diagnosis Q65.02: refuted."],
    )
    doubtful = verified("provisional")
    assert (doubtful.texts.diagnoses, told(doubtful)) == (
        ("Q65.02",),
        ["Diagnosis Q65.02 is not confirmed: provisional."],
    )
    assert told(verified("confirmed")) == []


def test_what_an_encounter_is_for_may_be_a_procedure():
    named = [
        {"condition": {"reference": "Procedure/o1"}},
        {"condition": {"reference": "Condition/c1"}},
    ]
    draft = visit(diagnosis=named)
    assert (draft.texts.diagnoses, draft.problems) == (("Q65.02",), ())
    draft = visit(diagnosis=[{"condition": {"reference": "Condition/gone"}}])
    assert draft.problems[0].text == (
        "The condition is not in the file. Export conditions together with their encounters."
    )


def test_diagnoses_alone_are_nothing_to_code_from_and_named():
    content = changed(procedure=None, document=None)
    [reason] = reasons(FHIR_JSON, content)
    assert reason == "Nothing that it holds can be coded from; what was left out is named."
    icd_9 = RESOURCES["condition"] | {"code": code("http://hl7.org/fhir/sid/icd-9-cm", "754.30")}
    [draft] = drafts(FHIR_JSON, changed(procedure=None, document=None, condition=icd_9))
    assert draft.problems[0].value == "754.30"


# What else points to an encounter.


def test_resources_that_tell_nothing_are_counted_by_their_kind():
    pointing = {"status": "final", "encounter": {"reference": "Encounter/e1"}}
    observed = [{"resourceType": "Observation", "id": f"b{at}", **pointing} for at in (1, 2)]
    device = {
        "resourceType": "DeviceUseStatement",
        "id": "u1",
        "context": {"reference": "Encounter/e1"},
    }
    draft = only(first=observed[0], second=observed[1], third=device)
    assert told(draft) == ["Left out: 2 Observations.", "Left out: 1 DeviceUseStatement."]


def test_what_belongs_to_no_encounter_here_is_told_on_the_first_item():
    elsewhere = {
        "resourceType": "Observation",
        "id": "b1",
        "encounter": {"reference": "Encounter/e9"},
    }
    nowhere = {"resourceType": "Immunization", "id": "i1"}
    draft = only(first=elsewhere, second=nowhere)
    assert told(draft) == [
        "Left out: 1 Observation: of no encounter here.",
        "Left out: 1 Immunization: of no encounter here.",
    ]


def test_a_file_of_patients_alone_holds_no_encounter():
    assert reasons(FHIR_JSON, bundle(PATIENT)) == [
        "The file holds no encounter, no claim and no note."
    ]


def test_a_procedure_without_its_encounter_is_told():
    stray = PROCEDURE | {"encounter": {"reference": "Encounter/e9"}}
    assert reasons(FHIR_JSON, bundle(PATIENT, stray)) == [
        "The encounter of this Procedure is not in the file. Export them together."
    ]
    lone = {key: value for key, value in PROCEDURE.items() if key != "encounter"}
    assert reasons(FHIR_JSON, bundle(PATIENT, lone)) == [
        "The Procedure names no encounter that it belongs to."
    ]


def test_codes_of_icd_10_keep_their_dot_or_get_it():
    undotted = RESOURCES["condition"] | {"code": code(ICD, "Q6502")}
    assert only(condition=undotted).texts.diagnoses == ("Q65.02",)
