"""Which code, when it applies, and one thing of it: each line of the answer, and what it rests on."""

import pytest

from tests.ask.made_up import UNLOADED, asked, changed, cites, joints, knowledge, told
from tests.decision import tables as make

# One code or the other ---------------------------------------------------------------------------------


def test_two_codes_that_differ_in_one_fact():
    assert asked("12345 or 12346?").title == "12345 and 12346 differ in Asleep"
    assert told("12345 or 12346?") == {
        "12345: MOVED": ["Asleep: no"],
        "12346: BOTH": ["Asleep: yes"],
    }
    assert cites("12345 or 12346?") == {
        "12345: MOVED": ["MOVED, Joints version 1"],
        "12346: BOTH": ["BOTH, Joints version 1"],
    }


def test_two_codes_that_differ_in_two_facts_are_told_what_each_alone_gives():
    said = told("12346 or 12347")
    assert asked("12346 or 12347").title == "12346 and 12347 differ in Moved and Asleep"
    assert said["12346: BOTH"] == ["Moved: yes", "Asleep: yes"]
    assert said["12347: NEITHER"] == ["Moved: no", "Asleep: no"]
    assert said["From 12346, with one of them changed alone"] == [
        "Moved: no. Then supervisor review: by ASLEEP",
        "Asleep: no. Then 12345: by MOVED",
    ]


def test_several_codes_are_told_apart_two_by_two_with_the_rules_of_both():
    assert asked("12345, 12346 or 12347").title == "What tells 12345, 12346, 12347 apart"
    assert told("12345, 12346 or 12347") == {
        "12345 or 12346": ["Asleep: no for 12345; yes for 12346"],
        "12345 or 12347": ["Moved: yes for 12345; no for 12347"],
        "12346 or 12347": [
            "Moved: yes for 12346; no for 12347",
            "Asleep: yes for 12346; no for 12347",
        ],
    }
    rules = cites("12345, 12346 or 12347")["12345 or 12347"]
    assert rules == ["MOVED, Joints version 1, NEITHER, Joints version 1"]


def test_beside_one_code_alone_that_of_the_page_is_the_other():
    assert asked("or 12346?", "12345").title == "12345 and 12346 differ in Asleep"
    assert asked("12345 or 12346", "12347").title == "12345 and 12346 differ in Asleep"


@pytest.mark.parametrize(
    "text",
    ["12345 or 34567", "12345 or", "12345 or 12346 in 2024", "12345-LT or 12346"],
    ids=["another family", "one code", "a number", "a line"],
)
def test_what_is_not_two_codes_of_one_family_is_no_such_question(text):
    assert asked(text).intent != "one code or the other"


def test_more_codes_than_five_are_not_told_apart():
    codes = [f"1235{last}" for last in range(6)]
    fact = make.fact("choice", choices=[{"value": code, "label": code} for code in codes])
    rules = [make.rule(f"R{code}", {"choice": {"in": [code]}}, code=code) for code in codes]
    table = make.table([fact], [*rules, make.rule("REST", {})], name="Six", key="six")
    known = knowledge(families=(type(joints())("Six", "/six/", joints().since, table),))
    assert asked(" or ".join(codes[:5]), known=known).intent == "one code or the other"
    assert asked(" or ".join(codes), known=known).intent == ""


def test_a_code_that_no_answers_reach_is_told_apart_from_none():
    unreached = changed(joints(), [make.rule("ALL", {}, code="12345")])
    document = {**unreached.table.to_document(), "family": ["12345", "12346", "12347"]}
    known = knowledge(families=(changed(unreached, document["rules"]),))
    assert asked("12345 or 12346", known=known).intent == ""


# When a code applies -----------------------------------------------------------------------------------


def test_a_code_applies_exactly_when_its_answers_are_these():
    assert asked("when does 12345 apply").title == "12345: MOVED"
    assert told("when does 12345 apply") == {
        "Exactly when all of these hold": ["Moved: yes", "Asleep: no"],
        "Values": [
            "work 4, total in a facility 8, in an office 9, 010 global days",
            "most units 2",
        ],
        "Worked cases and precedents": ["A case of 12345."],
    }
    assert cites("12345") == {
        "Exactly when all of these hold": ["MOVED, Joints version 1"] * 2,
        "Values": ["Values, 12345", "Limits, 12345"],
        "Worked cases and precedents": ["case 1"],
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12345", ""),
        ("explain 12345", ""),
        ("what does 12345 mean", ""),
        ("when does it apply", "12345"),
    ],
)
def test_it_is_asked_in_several_ways(text, code):
    assert asked(text, code).intent == "when a code applies"


@pytest.mark.parametrize(
    ("text", "code"),
    [("explain", "12345"), ("12345 twice a day", ""), ("12345 in 2024", ""), ("when", "12345")],
)
def test_what_asks_more_or_names_no_code_is_no_such_question(text, code):
    assert asked(text, code).intent == ""


def test_of_a_code_with_several_ways_only_what_all_have_is_told():
    either = [
        make.rule("ONE", {"moved": {"in": [True]}, "asleep": {"in": [True]}}, code="12345"),
        make.rule("TWO", {"moved": {"in": [True]}, "side": {"in": ["left"]}}, code="12345"),
        make.rule("REST", {}),
    ]
    known = knowledge(families=(changed(joints(), either),))
    assert told("12345", known=known)["Every case of it has these"] == ["Moved: yes"]


def test_a_value_that_the_schedule_does_not_have_is_never_shown_as_a_number():
    assert told("12346")["Values"][0] == (
        "work 4, total in a facility not applicable, in an office 9, 090 global days"
    )
    assert told("12347")["Values"][0] == (
        "work 4, total in a facility 8, in an office not applicable, no global days"
    )


def test_a_code_without_rules_has_its_values_alone():
    assert asked("34567").title == "34567: no rule set of this day has it"
    assert told("34567") == {
        "Values": [
            "work 4, total in a facility 8, in an office 9, ZZZ global days",
            "most units 1",
        ]
    }


def test_a_code_that_neither_rules_nor_tables_have_is_not_answered():
    assert asked("99999").intent == ""
    assert told("99999")["Of what was asked"] == ["No rule set of 2026-05-04 has 99999."]
    assert asked("34567", known=UNLOADED).intent == ""


def test_without_tables_a_code_has_no_value_loaded():
    assert told("12345", known=UNLOADED)["Values"] == ["No value loaded."]
    assert cites("12345", known=UNLOADED)["Values"] == ["the tables loaded for 2026-05-04"]


# One thing of a code -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "heading", "lines"),
    [
        ("documentation of 12345", "What must be documented", ["Moved: yes", "Asleep: no"]),
        (
            "modifiers of 12345",
            "Modifiers by the rules",
            ["LT, when Side: Left", "RT, when Side: Right", "50, when Asleep: no; Side: Both"],
        ),
        (
            "modifiers of 12346",
            "Modifiers by the rules",
            ["LT, when Side: Left", "RT, when Side: Right", "22, when Asleep: yes"],
        ),
        (
            "diagnoses of 12345",
            "Diagnoses by the rules",
            ["A10 A11*, when Moved: yes", "B20, when Asleep: no"],
        ),
        ("dx of 12346", "Diagnoses by the rules", ["A10 A11*, when Moved: yes"]),
        ("dx of 12347", "Diagnoses by the rules", ["B20, when Moved: no or Asleep: no"]),
        ("precedents of 12345", "Worked cases and precedents", ["A case of 12345."]),
        (
            "postop days of 12345",
            "Global days",
            ["010 global days; shares before and after: 0.1, 0.2"],
        ),
        ("global period of 12346", "Global days", ["090 global days"]),
        ("global days of 12347", "Global days", ["No global days"]),
        ("MUE of 12345", "Units", ["2 a day (indicator 3)"]),
        ("max units of 34567", "Units", ["1 a line (indicator 1)"]),
        (
            "assistant surgeon 12345",
            "Assistants",
            ["Indicators: assistant 2, two surgeons –, team 0"],
        ),
    ],
)
def test_one_thing_of_a_code(text, heading, lines):
    assert asked(text).intent == "a detail of a code"
    assert told(text) == {heading: lines}


@pytest.mark.parametrize(
    ("code", "inside", "outside"),
    [("12345", "8", "9"), ("12346", "not applicable", "9"), ("12347", "8", "not applicable")],
)
def test_the_values_of_a_code(code, inside, outside):
    assert told(f"rvu of {code}")["Values"] == [
        f"status A, work 4, total in a facility {inside}, in an office {outside}",
        "What is paid at a locality stands on the page of the code, where GPCI are loaded.",
    ]


def test_several_things_of_one_code_stand_under_a_heading_each():
    found = asked("documentation and units of 12345")
    assert found.title == "12345: what must be documented, units"
    assert list(told("documentation and units of 12345")) == ["What must be documented", "Units"]


@pytest.mark.parametrize(
    "text", ["units of 12346", "assistant 12346", "documentation of 34567", "dx of 34567"]
)
def test_what_neither_rules_nor_tables_say_is_said(text):
    [heading] = told(text)
    assert told(text)[heading] == ["Neither rules nor tables say anything of it."]
    assert cites(text)[heading] == [
        "the 2 rule sets in force on 2026-05-04, the tables loaded for 2026-05-04"
    ]


@pytest.mark.parametrize(
    "text", ["units of 12345-LT", "units of 12345 in 2024", "units", "apples of 12345"]
)
def test_of_more_than_a_code_no_detail_is_told(text):
    assert asked(text).intent == ""


def test_a_detail_is_of_one_code_and_a_further_one_is_named_as_left():
    assert told("units of 12345 and 12346") == {
        "Units": ["2 a day (indicator 3)"],
        "I do not answer": ["“12346”"],
    }


def test_the_rows_that_details_rest_on_are_named():
    assert cites("units of 12345")["Units"] == ["Limits, 12345"]
    assert cites("global days of 12345")["Global days"] == ["Values, 12345"]
    assert cites("cases of 12345")["Worked cases and precedents"] == ["case 1"]
    assert set(cites("modifiers of 12345")["Modifiers by the rules"]) == {"Joints version 1"}
