"""A case to try on a version: one field for each question, and which answers it takes."""

from coding.decision import CONFLICTING, NOT_DOCUMENTED, Known
from coding.forms.tried_case import TriedCaseForm
from tests.decision import tables as make

FACTS = [
    make.fact("colour"),
    make.fact("ready", "yes_no"),
    make.fact("age", "whole_number", minimum=0, maximum=99),
    make.fact("codes", "code_set"),
    {
        "key": "old",
        "kind": "yes_no",
        "label": "Old",
        "derived": [
            {"value": True, "rows": [{"age": {"between": [65, None]}}]},
            {"value": False, "rows": [{}]},
        ],
    },
]
TABLE = make.table(FACTS, [make.rule("LAST", {})])


def tried(**answers):
    form = TriedCaseForm({f"fact-{key}": text for key, text in answers.items()}, table=TABLE)
    form.is_valid()
    return form


def test_each_question_has_a_field_and_what_is_derived_has_none():
    fields = TriedCaseForm(table=TABLE).fields
    assert list(fields) == ["note", "fact-colour", "fact-ready", "fact-age", "fact-codes"]
    assert fields["fact-colour"].label == "Colour"


def test_listed_answers_are_chosen_and_the_first_choice_is_none():
    fields = TriedCaseForm(table=TABLE).fields
    assert fields["fact-colour"].choices[:2] == [("", "not answered"), ("red", "Red")]
    assert fields["fact-ready"].choices == [
        ("", "not answered"),
        ("yes", "yes"),
        ("no", "no"),
        ("unknown", "not documented"),
        ("conflicting", "documented two ways"),
    ]


def test_written_answers_say_how_they_are_written():
    fields = TriedCaseForm(table=TABLE).fields
    assert fields["fact-age"].help_text == "a whole number from 0 to 99, or unknown"
    assert fields["fact-codes"].help_text == "Codes, or unknown"


def test_what_was_answered_is_the_case_and_what_was_not_is_left_out():
    form = tried(colour="red", ready="no", age="17", codes="A1 B1")
    assert form.errors == {}
    assert form.answers == {
        "colour": Known("red"),
        "ready": Known(False),
        "age": Known(17),
        "codes": Known(frozenset({"A1", "B1"})),
    }
    assert tried().answers == {}


def test_a_silence_is_an_answer():
    assert tried(ready="unknown", age="conflicting").answers == {
        "ready": NOT_DOCUMENTED,
        "age": CONFLICTING,
    }


def test_an_answer_that_is_none_is_told_at_its_field_and_the_others_are_read():
    form = tried(colour="yellow", age="100", ready="yes")
    assert sorted(form.errors) == ["fact-age", "fact-colour"]
    assert form.answers == {"ready": Known(True)}


def test_a_note_is_taken_as_it_was_pasted():
    form = TriedCaseForm({"note": "  Red.\r\n"}, table=TABLE)
    assert form.is_valid()
    assert form.cleaned_data["note"] == "  Red.\r\n"
