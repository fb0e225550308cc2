"""Two codes on one claim, and lines thought of: what tables and checks say, and what nobody checked."""

import pytest

from tests.ask.made_up import UNLOADED, asked, cites, told

# Two codes together ------------------------------------------------------------------------------------


def test_a_pair_and_what_is_said_of_both_on_one_claim():
    text = "is 12345 reported separately with 12346"
    assert asked(text).title == "12345 with 12346: something speaks against it"
    assert told(text) == {
        "Pairs": ["12345 is part of 12346; a modifier may open it (1). More extensive."],
        "On one claim": ["error: 12345 is part of 12346."],
    }
    assert cites(text) == {
        "Pairs": ["Pairs, 12346 with 12345"],
        "On one claim": ["check M3, Pairs, 12346 with 12345: indicator 1"],
    }


def test_it_is_the_same_whichever_code_is_named_first():
    one, other = "12345 with 12346", "12346 with 12345"
    assert told(f"is {one}?") == told(f"is {other}?")


def test_a_pair_that_nothing_opens_is_told_without_a_rationale_that_is_not_there():
    assert told("is 12347 bundled with 12345")["Pairs"] == [
        "12345 is part of 12347; no modifier opens it (0)."
    ]


def test_codes_of_two_families_that_are_no_pair():
    text = "12345 with 23456"
    assert asked(text).title == "12345 with 23456: something speaks against it"
    assert told(text) == {
        "Pairs": ["They are no pair."],
        "On one claim": ["warning: 23456 beside 12345 needs 25."],
        "Rules": ["Ask whether it was moved. 23456 goes beside it."],
    }
    assert cites(text)["Pairs"] == ["Pairs"]
    assert cites(text)["Rules"] == ["ASK, Joints version 1"]


def test_a_supply_is_told_in_a_facility_too_and_that_no_rule_set_has_it():
    text = "is B1234 billable with 12345"
    assert asked(text).title == "B1234 with 12345: nothing that is loaded speaks against it"
    assert told(text) == {
        "Pairs": ["They are no pair."],
        "In a facility also": ["info: The facility reports B1234."],
        "Rules": ["No rule set of this day has B1234."],
        "Not checked, and for information": ["B1234 is judged by no rule set."],
    }


def test_without_pairs_nobody_could_look():
    text = "is 12345 reported separately with 12346"
    assert asked(text, known=UNLOADED).title.endswith("nothing that is loaded speaks against it")
    assert told(text, known=UNLOADED)["Pairs"] == [
        "No pairs are loaded for this day: nobody could look whether they are one."
    ]
    assert "In a facility also" not in told("is B1234 billable with 12345", known=UNLOADED)


@pytest.mark.parametrize(
    "text",
    [
        "12345/23456",
        "12345 23456",
        "are 12345 and 12346 bundled",
        "12345 and 12346 same day",
        "12345 and 12346 allowed",
        "NCCI 12345 12346",
        "12345 plus 12346",
    ],
)
def test_it_is_asked_in_several_ways(text):
    assert asked(text).intent == "reported together"


def test_the_code_of_the_page_is_one_of_the_two():
    assert asked("is it bundled with 12346", "12345").title.startswith("12346 with 12345:")
    assert asked("with 12345 and 12346", "12345").title.startswith("12345 with 12346:")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("12345 or 12346", "one code or the other"),
        ("12345 12346", "one code or the other"),
        ("12345 with 12346 in 2024", ""),
        ("12345 with 12346, 12347", "what-if"),
        ("12345 likes 12346", ""),
        ("what changed with 12345 and 12346", "what changes"),
    ],
)
def test_what_is_another_question(text, intent):
    assert asked(text).intent == intent


def test_a_name_that_is_not_minded_is_left_out_by_name():
    assert told("is 12345 bundled with 12346 for Aetna")["Left out"] == [
        "The answer does not mind “aetna”."
    ]


# What if -----------------------------------------------------------------------------------------------


def test_lines_are_checked_as_a_claim():
    text = "what if: 12345-LT x2; 23456"
    assert asked(text).title == "One finding on these lines"
    assert told(text) == {
        "Findings": ["warning: 23456 beside 12345 needs 25."],
        "Not checked": ["No diagnoses and no history were given, so nothing was checked by them."],
    }
    assert cites(text)["Findings"] == ["check M1, Values, 12345: 10 global days"]
    assert cites(text)["Not checked"] == ["the claim checks"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("12345-LT", "No check speaks against these lines"),
        ("12345; 23456-25", "No check speaks against these lines"),
        ("12345; 23456", "One finding on these lines"),
        ("12345-25; 12346; 23456", "3 findings on these lines"),
    ],
)
def test_findings_are_counted(text, title):
    assert asked(text).intent == "what-if"
    assert asked(text).title == title


def test_a_modifier_behind_a_code_counts():
    assert "Findings" in told("12346; 12345")
    assert "Findings" not in told("12346; 12345-59")
    assert "Findings" not in told("12346-LT; 12345-RT")


def test_units_behind_a_code_count_and_a_large_x_is_no_modifier():
    assert asked("12345 X2; B1234").title == "No check speaks against these lines"
    assert told("12345 X2; B1234")["For information"] == ["B1234 is judged by no rule set."]


def test_what_asks_for_diagnoses_is_silent_since_none_were_given():
    assert not any("points to no diagnosis" in line for line in told("12345-LT")["Not checked"])
    assert "Findings" not in told("12345-LT")


def test_a_claim_holds_fifty_lines():
    assert asked("12345-LT; " * 50).intent == "what-if"
    assert asked("12345-LT; " * 51).intent == ""
