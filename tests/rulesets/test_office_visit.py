"""Office visits: the level from decision making and time, what leads out of the family, and what is read in notes."""

from collections import Counter

import pytest
from hypothesis import given

from coding import rulesets
from coding.decision import Facts, Known, OutcomeKind, complete, decide
from coding.rules.from_note import Standing, end_of_note
from tests.rulesets.cases import (
    EVIDENCE,
    decided,
    foreign_notes,
    proposed,
    standings,
    standings_of_cases,
    whole_space,
)

KEY = "office-visit"
TABLE = rulesets.shipped(KEY)
LEXICON = rulesets.shipped_lexicon(KEY)
VISIT = {
    "place": "office",
    "purpose": "problem",
    "performer": "provider",
    "patient_status": "established",
    "procedure_day": "none",
    "appropriate": "yes",
    "level_basis": "mdm",
    "problems": "low",
    "data": "minimal",
    "risk": "low",
}
STAFF = {**VISIT, "performer": "staff", "staff_evaluation": "yes", "supervision": "yes"}
LEVELS = ["minimal", "low", "moderate", "high"]
CODES = {
    "new": ["99202", "99203", "99204", "99205"],
    "established": ["99212", "99213", "99214", "99215"],
}
MINUTES = {"new": ["15", "30", "45", "60"], "established": ["10", "20", "30", "40"]}
STATUS = pytest.mark.parametrize("status", ["new", "established"])


def end(**answers: str) -> str:
    return decided(TABLE, {**VISIT, **answers})


@STATUS
@pytest.mark.parametrize("lone", ["problems", "data", "risk"])
def test_two_of_three_elements_choose_the_level_and_a_lone_one_does_not(
    status: str, lone: str
) -> None:
    for level, code in zip(LEVELS, CODES[status], strict=True):
        two = {**dict.fromkeys(["problems", "data", "risk"], level), lone: "minimal"}
        one = {**dict.fromkeys(["problems", "data", "risk"], "minimal"), lone: level}
        assert end(patient_status=status, **two) == code
        assert end(patient_status=status, **one) == CODES[status][0]


@STATUS
def test_time_alone_chooses_the_level_from_its_first_minute_on(status: str) -> None:
    timed = {"patient_status": status, "level_basis": "time", "time_qualifies": "yes"}
    assert [end(**timed, total_time=minutes) for minutes in MINUTES[status]] == CODES[status]
    below = [end(**timed, total_time=str(int(minutes) - 1)) for minutes in MINUTES[status]]
    assert below == ["provider_query", *CODES[status][:-1]]


def test_the_higher_of_decision_making_and_time_stands() -> None:
    both = {"level_basis": "both", "time_qualifies": "yes"}
    assert end(**both, total_time="34") == "99214"
    assert end(**both, total_time="12") == "99213"


def test_minutes_that_hold_other_work_do_not_lift_a_level_that_decision_making_gives() -> None:
    assert end(level_basis="both", total_time="40", time_qualifies="no") == "99213"
    assert end(level_basis="time", total_time="40", time_qualifies="no") == "provider_query"


@pytest.mark.parametrize("level", LEVELS[1:])
def test_an_element_that_could_lift_the_level_is_asked_for(level: str) -> None:
    assert end(problems=level, data="minimal", risk="unknown") == "provider_query"


def test_no_level_follows_from_one_element_alone() -> None:
    assert end(data="unknown", risk="unknown") == "provider_query"


@pytest.mark.parametrize(
    ("answers", "reported"),
    [
        ({"procedure_day": "minor", "separate_work": "yes"}, "99213 25"),
        ({"purpose": "problem_with_preventive"}, "99213 25"),
        ({"procedure_day": "major", "surgery_decision": "yes"}, "99213 57"),
        ({"purpose": "unrelated_in_global"}, "99213 24"),
    ],
)
def test_a_visit_beside_other_work_takes_its_modifier(
    answers: dict[str, str], reported: str
) -> None:
    assert end(**answers) == reported


@pytest.mark.parametrize(
    "answers",
    [
        {"place": "emergency"},
        {"place": "other"},
        {"purpose": "preventive"},
        {"purpose": "planned_procedure"},
        {"purpose": "global_follow_up"},
        {"procedure_day": "minor", "separate_work": "no"},
        {"procedure_day": "major", "surgery_decision": "no"},
    ],
)
def test_what_is_no_visit_of_its_own_has_no_code_of_this_family(answers: dict[str, str]) -> None:
    assert end(**answers) == "no_family_code"


@pytest.mark.parametrize("answers", [{"place": "telehealth"}, {"purpose": "complication"}])
def test_what_payers_take_differently_goes_to_a_supervisor(answers: dict[str, str]) -> None:
    assert end(**answers) == "supervisor_review"


def test_a_staff_visit_needs_an_established_patient_an_evaluation_and_supervision() -> None:
    assert decided(TABLE, STAFF) == "99211"
    assert decided(TABLE, {**STAFF, "patient_status": "new"}) == "no_family_code"
    assert decided(TABLE, {**STAFF, "staff_evaluation": "no"}) == "no_family_code"
    assert decided(TABLE, {**STAFF, "supervision": "no"}) == "supervisor_review"
    assert decided(TABLE, {**STAFF, "supervision": "unknown"}) == "provider_query"


@given(whole_space(TABLE))
def test_a_code_follows_only_in_the_office_and_for_a_patient_known_as_new_or_established(
    facts: Facts,
) -> None:
    outcome = decide(TABLE, facts).outcome
    assert outcome is not None
    assert (outcome.kind is OutcomeKind.CODE) == (outcome.code in TABLE.family)
    if outcome.code:
        assert complete(TABLE, facts)["visit_place"] == Known("office")
        assert (facts["performer"] == Known("staff")) == (outcome.code == "99211")
        status = "new" if outcome.code in CODES["new"] else "established"
        assert complete(TABLE, facts)["new_or_established"] == Known(status)


# What is read in notes


@pytest.mark.parametrize("name", ["visit_notes", "visit_notes_held_back", "visit_notes_second"])
def test_no_note_is_decided_wrongly_and_most_are_right(name: str) -> None:
    counts = Counter(standings(TABLE, LEXICON, EVIDENCE / f"{name}.csv").values())
    assert counts[Standing.WRONG] == 0
    assert counts[Standing.RIGHT] >= 0.75 * counts.total()


def test_no_worked_case_is_decided_wrongly_from_its_note() -> None:
    assert Standing.WRONG not in standings_of_cases(TABLE, LEXICON).values()


FRAME = "Office visit. Established patient. Seen by me. BP 124/76, lungs clear. No procedures."


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Insect bite since yesterday, cool cloth.", "code 99212"),
        ("Uncomplicated ankle sprain, ibuprofen OTC.", "code 99213"),
        ("Hypertension well controlled, amlodipine continued.", "code 99213"),
        ("Type 2 diabetes, not at goal, metformin raised.", "code 99214"),
        ("HTN and GERD, both well controlled, lisinopril continued.", "code 99214"),
        ("Unstable angina, life-threatening. Hospital admission today.", "code 99215"),
    ],
)
def test_a_level_follows_where_the_note_says_problem_and_risk_in_words_of_the_table(
    said: str, expected: str
) -> None:
    assert end_of_note(TABLE, LEXICON, f"{FRAME} {said}").text() == expected


@pytest.mark.parametrize(
    "said",
    [
        "Hypertension well controlled. Gout quiescent. Amlodipine continued.",
        "Uncomplicated cystitis. UA and culture sent. Nitrofurantoin prescribed.",
        "Hypertension well controlled, amlodipine continued. Records of the hospital reviewed.",
        "Hypertension well controlled, amlodipine continued. Mole shaved.",
        "Type 2 diabetes, not at goal, metformin raised. Total time 50 minutes.",
        "Ankle sore. Ibuprofen OTC.",
    ],
)
def test_no_level_follows_where_more_may_be_told(said: str) -> None:
    assert end_of_note(TABLE, LEXICON, f"{FRAME} {said}").text() == "provider_query"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I personally spent 42 minutes on this date.", "code 99215"),
        ("Total time 42 minutes, including 15 minutes of nurse teaching.", "provider_query"),
    ],
)
def test_minutes_count_where_they_are_said_to_be_the_providers_own(
    said: str, expected: str
) -> None:
    note = f"{FRAME} Migraine worse, topiramate started. {said}"
    assert end_of_note(TABLE, LEXICON, note).text() == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("BP 148/92, told to recheck in two weeks. Dr. Lee in the office.", "code 99211"),
        ("Flu shot given per protocol. Dr. Lee in the office.", "no_family_code"),
        ("BP 148/92, told to recheck in two weeks.", "provider_query"),
    ],
)
def test_a_staff_visit_needs_an_evaluation_and_a_provider_at_hand(said: str, expected: str) -> None:
    note = f"Nurse visit. Established patient. {said}"
    assert end_of_note(TABLE, LEXICON, note).text() == expected


def test_a_visit_is_read_with_its_place_its_patient_and_its_minutes() -> None:
    note = "Clinic visit. Established patient. HPI: cough for a week. I spent 25 minutes today on this visit."
    answers = proposed(TABLE, LEXICON, note)
    assert answers["place"] == "office"
    assert answers["patient_status"] == "established"
    assert answers["purpose"] == "problem"
    assert answers["total_time"] == "25"


@pytest.mark.parametrize(
    "said",
    [
        "The wound is red and warm.",
        "She also has a new problem, a cough.",
        "Cephalexin started.",
        "MRI ordered.",
    ],
)
def test_what_tells_of_more_makes_a_routine_follow_up_doubtful(said: str) -> None:
    routine = "Clinic visit. 6 weeks after my total knee. Walks well."
    assert proposed(TABLE, LEXICON, routine)["purpose"] == "global_follow_up"
    assert end_of_note(TABLE, LEXICON, f"{routine} {said}").text() == "provider_query"


def test_notes_of_other_matters_open_only_where_an_office_visit_is_told() -> None:
    notes = foreign_notes(KEY)
    opened = [note for note in notes if end_of_note(TABLE, LEXICON, note).reading.proposals]
    assert len(opened) <= 0.01 * len(notes)
