"""The form of one question: what each kind of fact takes as an answer, and which passages come with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.decision import CONFLICTING, NOT_DOCUMENTED, Known
from reviews.forms.coding import MOST_PASSAGES, AnswerForm
from tests.decision import tables as make

FACTS = [
    make.fact("colour"),
    make.fact("ready", "yes_no"),
    make.fact("age", "whole_number", minimum=0, maximum=99),
    make.fact("length", "whole_number", minimum=1, maximum=300, decimals=1, unit="cm"),
]
TABLE = make.table(FACTS, [make.rule("LAST", {})])


def form(fact, value, **data):
    return AnswerForm(
        TABLE.fact_by_key[fact], {"fact": fact, "revision": 1, "value": value, **data}
    )


@pytest.mark.parametrize(
    ("fact", "typed", "answer"),
    [
        ("colour", "red", Known("red")),
        ("colour", "not_documented", NOT_DOCUMENTED),
        ("colour", "conflicting", CONFLICTING),
        ("ready", "yes", Known(True)),
        ("ready", "no", Known(False)),
        ("ready", "not_documented", NOT_DOCUMENTED),
        ("age", "17", Known(17)),
        ("age", " 17 ", Known(17)),
        ("age", "unknown", NOT_DOCUMENTED),
        ("age", "conflicting", CONFLICTING),
        ("length", "2.6", Known(26)),
        ("length", "2,6", Known(26)),
        ("length", "2.6 cm", Known(26)),
        ("length", "2.6CM", Known(26)),
        ("length", "3", Known(30)),
    ],
)
def test_an_answer_is_taken_as_the_kind_of_fact_writes_it(fact, typed, answer):
    asked = form(fact, typed)
    assert asked.is_valid(), asked.errors
    assert asked.cleaned_data["value"] == answer


@pytest.mark.parametrize(
    ("fact", "typed"),
    [
        ("colour", "yellow"),
        ("colour", ""),
        ("ready", "maybe"),
        ("age", "old"),
        ("age", "100"),
        ("age", "-1"),
        ("age", ""),
    ],
)
def test_what_is_no_answer_is_refused_at_the_question(fact, typed):
    asked = form(fact, typed)
    assert not asked.is_valid()
    assert asked.errors["value"]


def test_a_choice_that_was_not_made_says_what_silence_is():
    assert form("colour", "").errors["value"] == [
        "Choose an answer. If the note is silent, it is not documented."
    ]


def test_what_is_listed_is_chosen_and_a_number_is_written():
    assert form("colour", "red").is_choice
    assert form("ready", "yes").is_choice
    assert not form("age", "3").is_choice
    offered = [value for value, _ in form("colour", "red").fields["value"].choices]
    assert offered == [*make.COLOURS, "not_documented", "conflicting"]


@given(st.integers(0, 99))
def test_every_number_of_the_range_is_an_answer(years):
    asked = form("age", str(years))
    assert asked.is_valid()
    assert asked.cleaned_data["value"] == Known(years)


def test_beside_a_number_silence_is_chosen_as_for_every_question():
    for silence in (NOT_DOCUMENTED, CONFLICTING):
        asked = form("length", "", silence=silence.value)
        assert asked.is_valid(), asked.errors
        assert asked.cleaned_data["value"] == silence


@pytest.mark.parametrize("typed", ["30.1", "0", "2.65", "26 kg", "long", ""])
def test_what_is_no_such_number_is_refused_in_the_words_of_the_question(typed):
    [error] = form("length", typed).errors["value"]
    assert "Write a number with at most 1 decimal from 0.1 to 30.0 cm." in error
    assert "length" not in error
    assert typed in error


def test_a_number_and_a_silence_together_are_refused():
    [error] = form("length", "2.6", silence="not_documented").errors["value"]
    assert error == "You wrote “2.6” and chose “Not documented”. Take one of them back."


def test_a_silence_that_is_proposed_for_a_number_is_chosen_and_not_written():
    asked = AnswerForm(TABLE.fact_by_key["length"], initial={"value": "unknown"})
    assert (asked["value"].value(), asked["silence"].value()) == ("", "not_documented")


# --- Passages and the reason.


class Sent(dict):
    """Fields as a browser sends them: one name may stand several times."""

    def getlist(self, name):
        return self.get(name, [])


def spans(*passages):
    asked = AnswerForm(
        TABLE.fact_by_key["colour"],
        Sent(fact="colour", revision=1, value="red", passage=list(passages)),
    )
    assert asked.is_valid(), asked.errors
    return asked.support().spans


def test_passages_are_read_as_their_ends_and_what_is_none_is_left_out():
    assert spans("3-9", "", "9", "a-b", "3-9-12", "-1-4", "0-1234567", "12-20") == [
        (3, 9),
        (12, 20),
    ]


def test_without_a_passage_an_answer_has_none():
    assert spans() == []


def test_of_very_many_passages_the_first_are_taken():
    assert len(spans(*[f"{start}-{start + 1}" for start in range(100)])) == MOST_PASSAGES


def test_a_reason_comes_with_the_answer():
    asked = form("colour", "red", reason="The image shows it.")
    assert asked.is_valid()
    assert asked.support().reason == "The image shows it."


def test_a_reason_that_is_too_long_is_refused_and_not_cut():
    asked = form("colour", "red", reason="x" * 2001)
    assert not asked.is_valid()
    assert "at most 2000 characters" in asked.errors["reason"][0]


def test_an_answer_belongs_to_a_revision_of_the_text():
    asked = AnswerForm(TABLE.fact_by_key["colour"], {"fact": "colour", "value": "red"})
    assert not asked.is_valid()
    assert asked.errors["revision"]
