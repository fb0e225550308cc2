"""The question to a provider as the rule set words it, and which words it may not hold. Text alone, no database."""

import pytest

from coding.decision import Choice, FactDefinition, Kind
from reviews.queries import drafting, wording

NONE, SLEEP = Choice("none", "None"), Choice("sleep", "Put to sleep")
DRUG = FactDefinition("drug", Kind.CHOICE, "Drug", "Which drug was given?", choices=(NONE, SLEEP))
HELD = FactDefinition("held", Kind.YES_NO, "Held", "Was it held?")
LENGTH = FactDefinition("length", Kind.WHOLE_NUMBER, "Length", "How long?", minimum=1, maximum=9)


def options(definition):
    [asked] = drafting.asked([definition])
    return list(asked.options)


def test_a_choice_is_asked_with_all_its_values_and_two_ways_out():
    assert options(DRUG) == [
        "None",
        "Put to sleep",
        "Other",
        "Cannot be determined",
    ]


def test_a_yes_or_no_is_asked_both_ways():
    assert options(HELD) == ["yes", "no", "Other", "Cannot be determined"]


def test_a_number_is_written_and_offers_nothing_to_choose():
    assert options(LENGTH) == []


def test_the_draft_is_each_question_with_its_options_beneath_and_a_line_between():
    asked = drafting.asked([DRUG, LENGTH])
    assert drafting.draft(asked) == (
        "Which drug was given?\n- None\n- Put to sleep\n- Other\n- Cannot be determined"
        "\n\nHow long?"
    )


def test_where_nothing_is_open_there_is_no_draft():
    assert drafting.draft([]) == ""


# --- What may not be said.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Was it 12345?", "code number (“12345”)"),
        ("Was it 0001F?", "code number (“0001F”)"),
        ("Was it M00.1 or another?", "code number (“M00.1”)"),
        ("Is it worth $ 200?", "money (“$ 2”)"),
        ("It would be reimbursed better.", "money (“reimbursed”)"),
        ("The payer asks.", "money (“payer”)"),
        ("For the Quality Score.", "quality figure (“Quality Score”)"),
        ("Our benchmark asks for it.", "quality figure (“benchmark”)"),
    ],
)
def test_codes_money_and_figures_are_named_with_the_words(text, words):
    assert wording.refused(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "What was done on 2026-05-04 at 10:30?",
        "Were 1200 mg given?",
        "Was the scale of T1 or T2 seen?",
        "Which grade of three was it?",
    ],
)
def test_days_doses_and_grades_are_no_codes(text):
    assert wording.refused(text) == []


def test_each_kind_is_named_once_and_all_of_them_together():
    said = wording.refused("12345 and 54321 are paid, which helps our star ratings.")
    assert said == [
        "code number (“12345”)",
        "money (“paid”)",
        "quality figure (“star ratings”)",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Please document the side.", "It tells what to document (“Please document”)"),
        (
            "Please confirm that it was the left.",
            "It tells what to document (“Please confirm that”)",
        ),
        ("It was the left, wasn’t it?", "It tells the answer that is expected (“wasn't it”)"),
        ("Should have been general?", "It tells what would be better (“Should have been”)"),
        ("In order to code it, which?", "It tells what would be better (“In order to code”)"),
    ],
)
def test_what_leads_to_an_answer_is_named_with_the_reason(text, why):
    assert wording.leading(text) == [why]


def test_a_neutral_question_leads_nowhere():
    text = "Which anesthesia was given?\n- None\n- General\n- Other\n- Cannot be determined"
    assert wording.leading(text) == wording.refused(text) == []
