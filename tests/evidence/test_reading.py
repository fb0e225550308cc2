"""Reading a note for a rule set: whether it is of it at all, what is firm, and that nothing was done."""

import pytest

from coding.evidence import read, sentences
from tests.evidence.lexicons import lexicon

HIP = lexicon(
    {"phrase": "reduced", "fact": "treatment", "value": "closed"},
    {"phrase": "reduction", "fact": "treatment", "value": "closed"},
    {"phrase": "dislocat*", "fact": "state", "value": "dislocated"},
    {"phrase": "general anesthesia", "fact": "anesthesia", "value": "general"},
    {"phrase": "pulled", "fact": "treatment", "negated": "none"},
    body={"parts": ["hip"]},
    opens=["state=dislocated"],
    operative=["anesthesia"],
    other_operations=["stem (placed|removed)"],
    complaints=["dislocation"],
    idle={
        "acts": ["treatment=closed"],
        "signs": ["anesthesia=general"],
        "then": ["treatment=none"],
    },
    consequences=[],
    prevails={},
)


def proposals(note):
    return {fact: proposal.text() for fact, proposal in read(HIP, note).proposals.items()}


@pytest.mark.parametrize(
    "note",
    [
        "",
        "Cough for a week.",
        "Shoulder dislocated, reduced under general anesthesia.",
        "Pain of the hip.",
        "The mother's hip is dislocated.",
        "Hip dislocated in 2012.",
        "PMH hip dislocated. Reduced.",
        "Shoulder out. PMH: hip pain. Propofol. Reduced.",
    ],
)
def test_a_note_that_is_not_of_the_rule_set_opens_nothing_and_proposes_nothing(note):
    reading = read(HIP, note)
    assert (reading.opens, reading.statements, dict(reading.proposals)) == (False, (), {})


def test_a_note_of_the_rule_set_opens_it():
    assert read(HIP, "The hip is dislocated.").opens


@pytest.mark.parametrize(
    "note",
    [
        # Another matter is told first, and of the own part no more than that it was dislocated.
        "Elbow dislocated. The hip is dislocated, seen by others.",
        "Pacemaker lead repositioned. Hip dislocated twice.",
        # What was done is of the other matter, though a sentence names the own part in between.
        "Shoulder out. Film of the hip clear. Reduced.",
        # It is told of another day.
        "Rash on the back. Hip dislocated in 2019, two times since.",
    ],
)
def test_a_part_that_is_named_beside_another_matter_opens_nothing(note):
    assert not read(HIP, note).opens


@pytest.mark.parametrize(
    "note",
    [
        "CT right hip. History: fall. Findings: hip dislocated. Impression: as above.",
        "Portable hip, left. The dislocated hip has been reduced. Impression: reduced.",
        "Radiology: hip, two views. Hip dislocated.\nImpression: dislocation.",
        "Physiotherapy visit 2. Hip dislocated, reduced.",
        "Orthotics delivery. Dislocated hip, brace fitted.",
    ],
)
def test_who_made_images_or_exercised_treated_nothing(note):
    assert not read(HIP, note).opens


@pytest.mark.parametrize(
    "title", ["Nephrology:", "Psychiatry consult:", "Speech therapy note:", "IR:"]
)
def test_a_department_that_treats_no_joint_tells_of_one_only_where_it_says_what_was_done(title):
    assert not read(
        HIP, f"{title} Found down, hip dislocated, propofol. Under general anesthesia."
    ).opens
    assert read(HIP, f"{title} seen. The hip is dislocated; the hip was reduced.").opens


def test_a_report_that_begins_with_an_image_and_tells_of_anesthesia_may_be_of_a_treatment():
    images = "CT hip. Findings: hip dislocated. Impression: as above."
    assert read(HIP, f"{images}\nGeneral anesthesia. The hip was reduced.").opens


def test_a_sheet_given_to_the_patient_tells_of_no_finding():
    assert not read(HIP, "Hip pain. Plan: a sheet on hip dislocation was given.").opens


@pytest.mark.parametrize(
    "note",
    [
        "Elbow and hip dislocated. The hip was reduced.",
        "The hip is dislocated. The elbow too.",
        "Scalp sutured. Hip dislocated. Reduced under general anesthesia.",
        # With no other matter, a date beside the part does not close it.
        "Hip replaced 2019, now dislocated. Reduced.",
        "Hip dislocated once. Reduced.",
        # Another part is named first, and nothing happened to it.
        "Lungs clear, ankle not tender. Film of the hip. Dislocated. Reduced.",
    ],
)
def test_a_note_of_two_matters_opens_for_the_part_that_was_treated(note):
    assert read(HIP, note).opens


def test_what_is_but_a_step_of_another_operation_does_not():
    assert not read(HIP, "Hip dislocated, stem removed, hip reduced.").opens
    assert read(HIP, "Dislocation of the hip. Stem removed.").opens


def test_a_note_that_was_split_before_reads_the_same():
    note = "Cough. The hip is dislocated, pulled under general anesthesia."
    assert read(HIP, note, tuple(sentences(note))) == read(HIP, note)


def test_a_title_alone_is_weak():
    assert not read(HIP, "Hip dislocated.\nProcedure: reduction").proposals["treatment"].firm


@pytest.mark.parametrize(
    "note",
    [
        "Hip dislocated. It was reduced.",
        "Hip dislocated.\nProcedure: reduction\nDetails: the hip was reduced.",
        "Hip dislocated.\nProcedure: reduction\nComplications: none",
    ],
)
def test_a_narrative_of_doing_or_its_outcome_makes_it_firm(note):
    assert read(HIP, note).proposals["treatment"].firm


@pytest.mark.parametrize(
    "told",
    [
        "Reduction is planned for tomorrow.",
        "It had been reduced last week.",
        "Reduction was declined.",
        "The consent for reduction was signed.",
    ],
)
def test_where_acts_are_told_and_none_was_done_nothing_was_treated(told):
    assert proposals(f"Hip dislocated. {told}")["treatment"] == "none"


@pytest.mark.parametrize(
    "told",
    [
        "Reduction is planned. General anesthesia was given.",
        "Reduction is planned. I pulled on the leg.",
        "Was it reduced?",
        "",
    ],
)
def test_not_where_there_are_signs_of_doing_or_nothing_is_told(told):
    assert proposals(f"Hip dislocated. {told}").get("treatment") != "none"
