"""What the record beside a note speaks for, by rows of the lexicon, and which diagnosis is the more specific one."""

import pytest

from coding.evidence import Lexicon, LexiconError, Record, finest, record_evidence

ROWS = [
    {"when": "diagnosis=Q65.0*|Q65.1", "fact": "cause", "value": "congenital"},
    {"when": "diagnosis=Q65.01", "fact": "side", "value": "right"},
    {"when": "modifier=RT", "fact": "side", "value": "right"},
    {"when": "modifier=LT", "fact": "side", "value": "left"},
    {"when": "age=0..2", "fact": "cause", "value": "congenital"},
    {"when": "sex=F", "fact": "cause", "value": "congenital"},
    {"when": "place=11", "fact": "setting", "value": "office"},
    {"when": "code=27256", "fact": "treatment", "value": "closed"},
]
FINER = {"S73.00": ("S73.01", "S73.02")}


def lexicon(*rows):
    return Lexicon.from_document({"rule_set": "hip", "terms": [], "record": list(rows)})


def evidence(**record):
    found = record_evidence(lexicon(*ROWS).record, Record(**record))
    return {
        fact: {
            row.value: [f"{origin.kind} {origin.text}" for origin in row.origins] for row in values
        }
        for fact, values in found.items()
    }


def test_a_diagnosis_speaks_for_the_answers_of_its_rows_and_says_where_it_stands():
    assert evidence(diagnoses=("M25.551", "Q65.01")) == {
        "cause": {"congenital": ["diagnosis Q65.01"]},
        "side": {"right": ["diagnosis Q65.01"]},
    }


def test_several_origins_of_one_answer_stand_together_and_other_answers_beside_it():
    sides = evidence(diagnoses=("Q65.01",), modifiers=("RT", "LT"))["side"]
    assert sides == {"right": ["diagnosis Q65.01", "modifier RT"], "left": ["modifier LT"]}


@pytest.mark.parametrize(("age", "speaks"), [(0, True), (2, True), (3, False), (None, False)])
def test_an_age_speaks_within_its_years(age, speaks):
    assert ("cause" in evidence(age=age)) is speaks


def test_sex_place_and_submitted_code_speak_too():
    assert evidence(sex="F", place="11", codes=("27256",)) == {
        "cause": {"congenital": ["sex F"]},
        "setting": {"office": ["place 11"]},
        "treatment": {"closed": ["code 27256"]},
    }


def test_a_record_that_no_row_names_speaks_for_nothing():
    assert evidence(diagnoses=("Q65.31",), place="21") == {}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            {"when": "payer=X", "fact": "side", "value": "left"},
            "Record 1: “payer” is nothing that the record holds",
        ),
        (
            {"when": "age=young", "fact": "side", "value": "left"},
            "Record 1: an age is a range of years",
        ),
        (
            {"when": "sex=F", "fact": "side"},
            "Record 1: a row is an object with when, fact and value",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row, problem):
    with pytest.raises(LexiconError, match=problem):
        lexicon(row)


def test_a_row_of_a_fact_that_the_rules_do_not_have_is_refused():
    with pytest.raises(LexiconError, match="Record 1: there is no fact “side”"):
        lexicon(ROWS[1]).check_values({"cause": ["congenital"]})


def test_a_lexicon_keeps_its_rows():
    written = lexicon(*ROWS).to_document()
    assert Lexicon.from_document(written).record == lexicon(*ROWS).record


@pytest.mark.parametrize(
    ("named", "on_record", "stays"),
    [
        ("S73.004A", "S73.014A", "S73.014A"),
        ("S73.004A", "S73.015A", ""),
        ("S73.004A", "S73.014D", ""),
        ("S73.014A", "S73.004A", ""),
        ("Q65.01", "Q65.31", ""),
        ("M24.35", "M24.351", "M24.351"),
        ("Q65.01", "Q65.01", ""),
    ],
    ids=[
        "finer",
        "other side",
        "other visit",
        "coarser",
        "another condition",
        "goes on",
        "the same",
    ],
)
def test_a_more_specific_diagnosis_of_the_record_stays(named, on_record, stays):
    assert finest((named,), (on_record,), FINER) == ((named, stays),)
