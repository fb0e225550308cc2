"""Whether a resource is of its encounter's patient: by reference, by number, by server, and of a family."""

import pytest

from coding.intake.fhir.file import FHIR_JSON
from tests.intake.samples import bundle, changed, code, drafts, visit_resources

RESOURCES = visit_resources()
PATIENT = RESOURCES["patient"]


def problems_of(subject, *patients, **changes):
    """What is wrong with a visit whose condition is of this subject."""
    condition = RESOURCES["condition"] | {"subject": subject}
    more = {f"patient{at}": patient for at, patient in enumerate(patients)}
    [draft] = drafts(FHIR_JSON, changed(condition=condition, **more, **changes))
    return [problem.text for problem in draft.problems]


def patient(number, *identifiers, **changes):
    named = [{"value": value, **kind} for value, kind in identifiers]
    return {"resourceType": "Patient", "id": number, "identifier": named} | changes


MRN = ("MRN-1", {"system": "urn:example:mrn"})
MEMBER = ("MB-1", {"type": code("urn:t", "MB")})


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Patient/p1"},
        {"reference": "Patient/p1/_history/2"},
        {"reference": "https://example.org/fhir/Patient/p1"},
        {},
        {"identifier": {"value": "MRN-1", "system": "urn:example:mrn"}},
    ],
)
def test_a_resource_is_of_the_encounters_patient(subject):
    assert problems_of(subject) == []


def test_two_resources_with_one_number_are_of_one_patient():
    assert problems_of({"reference": "Patient/p2"}, patient("p2", MRN)) == []
    both = patient("p2", ("X9", {"system": "urn:other"}), MRN)
    assert problems_of({"reference": "Patient/p2"}, both) == []


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (patient("p2", ("MRN-2", {"system": "urn:example:mrn"})), "MRN-2 urn:example:mrn"),
        (patient("p2", ("MRN-1", {"system": "urn:other"})), "MRN-1 urn:other"),
        (patient("p2"), "Patient/p2"),
        (patient("p2", ("MRN-1", {"system": "urn:example:mrn", "use": "old"})), "Patient/p2"),
    ],
)
def test_another_number_or_another_system_is_another_patient(other, named):
    [text] = problems_of({"reference": "Patient/p2"}, other)
    both = f"The Condition is of {named}, its encounter of MRN-1 urn:example:mrn."
    assert text == f"{both} Correct the patient or the encounter."


def test_a_patient_who_is_nowhere_in_the_file_is_compared_by_the_address():
    elsewhere = {"reference": "Patient/gone"}
    encounter = RESOURCES["encounter"] | {"subject": elsewhere}
    alone = {"procedure": None, "document": RESOURCES["document"] | {"subject": elsewhere}}
    told = problems_of(elsewhere, encounter=encounter, **alone)
    assert told == [
        "The patient is not in the file. Export patients together with their encounters."
    ]


def test_one_of_another_server_is_another_patient():
    [text] = problems_of({"reference": "https://other.org/fhir/Patient/p1"})
    assert text.startswith("The Condition is of Patient/p1, its encounter of MRN-1")
    # The scheme of an address makes no other server.
    assert problems_of({"reference": "http://example.org/fhir/Patient/p1"}) == []


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True),
        ({"birthDate": "2021-01-01"}, False),
        ({"gender": "male"}, False),
        ({"name": [{"family": "Roe", "given": ["Bo"]}]}, False),
    ],
)
def test_of_a_family_under_one_number_each_is_told_by_who_they_are(changes, is_same):
    person = {
        "birthDate": "2020-01-01",
        "gender": "female",
        "name": [{"family": "Roe", "given": ["Ann"]}],
    }
    own, other = patient("p1", MEMBER, **person), patient("p2", MEMBER, **person | changes)
    told = problems_of({"reference": "Patient/p2"}, other, patient=own)
    assert (told == []) is is_same
    if not is_same:
        # The number is the same, so the resources are named.
        assert told[0].startswith("The Condition is of Patient/p2, its encounter of Patient/p1.")


def test_a_patient_within_the_resource_is_that_resources_own():
    contained = patient("x", ("MRN-2", {"system": "urn:example:mrn"}))
    condition = RESOURCES["condition"] | {"contained": [contained], "subject": {"reference": "#x"}}
    [draft] = drafts(FHIR_JSON, changed(condition=condition))
    assert draft.problems[0].text.startswith("The Condition is of MRN-2 urn:example:mrn")
    same = condition | {"contained": [patient("x", MRN)]}
    assert drafts(FHIR_JSON, changed(condition=same))[0].problems == ()


def test_two_patients_of_one_name_are_a_problem_with_both_places():
    other = PATIENT | {"birthDate": "2020-01-01"}
    entries = [*RESOURCES.values(), other]
    [draft] = drafts(FHIR_JSON, bundle(*entries))
    assert draft.problems[0].text == (
        "Patient/p1 stands at entry[0] and, with other content, at entry[6]. Keep one of them."
    )
    # The same once more says nothing else.
    assert drafts(FHIR_JSON, bundle(*RESOURCES.values(), PATIENT))[0].problems == ()
