"""Coding blind: the questions of a rule set on one page, and a code or that there is none."""

import uuid

from django.core.exceptions import ValidationError

from coding.decision import CONFLICTING, NOT_DOCUMENTED, Known
from reviews.actions.second_codings import BlindCode
from reviews.forms.blind import BlindForm
from tests.decision import tables as make

FACTS = [
    make.fact("colour"),
    make.fact("ready", "yes_no"),
    make.fact("age", "whole_number", minimum=0, maximum=99),
]
DEFINITIONS = make.table(FACTS, [make.rule("LAST", {})]).facts


def blind_form(**written):
    data = {"idempotency_key": uuid.uuid4(), "code": "12345", **written}
    return BlindForm(data, definitions=DEFINITIONS)


def test_each_question_of_the_rule_set_stands_on_the_page_in_its_order():
    form = BlindForm(definitions=DEFINITIONS)
    assert [str(field.label) for field in form.questions] == [
        "Which colour?",
        "Which ready?",
        "Which age?",
    ]
    assert form["code"].label == "Code"


def test_listed_answers_are_chosen_and_may_be_left_out_or_silent():
    form = BlindForm(definitions=DEFINITIONS)
    assert form.fields["fact-ready"].choices == [
        ("", "Not answered"),
        ("yes", "Yes"),
        ("no", "No"),
        ("not_documented", "Not documented"),
        ("conflicting", "Documented two ways"),
    ]
    assert form.fields["fact-age"].help_text == (
        "Empty: not answered. “unknown”: the note is silent."
    )


def test_what_was_answered_goes_with_the_code_and_what_was_left_out_does_not():
    form = blind_form(
        **{"fact-colour": "red", "fact-age": "17"},
        modifiers="LT",
        units="2",
        reason="As the note says.",
    )
    assert form.is_valid(), form.errors
    assert form.blind() == BlindCode(
        code="12345",
        modifiers=("LT",),
        units=2,
        reason="As the note says.",
        confirmed=False,
        facts={"colour": Known("red"), "age": Known(17)},
    )


def test_a_silence_is_an_answer():
    form = blind_form(**{"fact-colour": "conflicting", "fact-age": "unknown"})
    assert form.is_valid(), form.errors
    assert form.blind().facts == {"colour": CONFLICTING, "age": NOT_DOCUMENTED}


def test_one_unit_is_meant_where_none_is_written():
    form = blind_form(units="")
    assert form.is_valid()
    assert form.blind().units == 1


def test_an_answer_that_is_none_is_refused_at_its_question_alone():
    form = blind_form(**{"fact-age": "100", "fact-ready": "yes"})
    assert list(form.errors) == ["fact-age"]


def test_there_is_a_code_or_nothing_is_reported_and_never_both():
    refusal = {"code": ["Write the code, or tick that nothing is reported."]}
    assert blind_form(code="").errors == refusal
    assert blind_form(code="12345", no_code="on").errors == refusal
    nothing = blind_form(code="", no_code="on")
    assert nothing.is_valid()
    assert nothing.blind().code == ""


def test_a_code_of_no_shape_is_refused_for_its_shape_alone():
    assert blind_form(code="123").errors == {
        "code": ["A procedure code has five characters, such as 12345."]
    }


def test_what_the_verb_refuses_stands_at_its_field():
    form = blind_form()
    form.is_valid()
    form.add_error(None, ValidationError({"modifiers": "No such modifier."}))
    assert form.errors == {"modifiers": ["No such modifier."]}
