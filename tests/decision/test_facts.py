"""Answers as files and forms write them, as people read them, and as they are stored."""

import pytest
from hypothesis import given

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Band,
    FactError,
    Facts,
    FactValue,
    Known,
    canonical_json,
    describe_facts,
    facts_from_data,
    facts_to_data,
)
from tests.decision import tables as make

AGE = make.table(
    [make.fact("age", "whole_number", minimum=0, maximum=18, unit="months")], [make.rule("R", {})]
).facts[0]


@pytest.mark.parametrize(
    ("key", "text", "answer"),
    [
        ("colour", "red", Known("red")),
        ("colour", " red ", Known("red")),
        ("colour", "unknown", NOT_DOCUMENTED),
        ("colour", "conflicting", CONFLICTING),
        ("colour", "", None),
        ("colour", "na", None),
        ("ready", "yes", Known(True)),
        ("ready", "No", Known(False)),
        ("age", "7", Known(7)),
        ("codes", "q65.01; Q65.1", Known(frozenset({"Q65.01", "Q65.1"}))),
    ],
)
def test_it_reads_an_answer_and_tells_silence_from_no_answer(
    key: str, text: str, answer: FactValue | None
) -> None:
    assert make.definition(key).answer_from_text(text) == answer


@pytest.mark.parametrize(
    ("key", "text"), [("colour", "mauve"), ("ready", "perhaps"), ("age", "10"), ("age", "1.5")]
)
def test_it_refuses_what_a_fact_cannot_be_and_says_what_it_can(key: str, text: str) -> None:
    with pytest.raises(FactError, match=rf"{key}: “{text}” is not an answer to it; use"):
        make.definition(key).answer_from_text(text)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Known(4), "4 months"),
        (Known(Band(0, 18)), "0 to 18 months"),
        (Known(Band(None, 5)), "up to 5 months"),
        (Known(Band(6, None)), "6 or more months"),
        (Known(Band(None, None)), "any number"),
        (NOT_DOCUMENTED, "not documented"),
        (CONFLICTING, "documented two ways"),
    ],
)
def test_it_says_a_number_in_words(answer: FactValue, words: str) -> None:
    assert AGE.describe(answer) == words


def test_it_says_a_choice_by_its_label_and_an_empty_set_as_none() -> None:
    assert make.definition("colour").describe(Known("red")) == "Red"
    assert make.definition("ready").describe(Known(False)) == "no"
    assert make.definition("codes").describe(Known(frozenset())) == "none"
    assert make.definition("codes").describe(Known(frozenset({"B1", "A1"}))) == "A1, B1"


def test_it_describes_answers_in_the_order_of_the_questions_and_refuses_a_foreign_one() -> None:
    definitions = [make.definition("colour"), make.definition("ready")]
    assert (
        describe_facts(definitions, {"ready": Known(True), "colour": Known("red")})
        == "colour: Red; ready: yes"
    )
    with pytest.raises(FactError, match="size is no fact of this rule set"):
        describe_facts(definitions, {"size": Known("red")})


@given(make.answers(complete=False))
def test_it_stores_and_reads_back_every_answer_in_one_canonical_form(facts: Facts) -> None:
    definitions = [make.definition(key) for key in make.ANSWERS]
    data = facts_to_data(facts)
    assert facts_from_data(definitions, data) == facts
    assert canonical_json(data) == canonical_json(facts_to_data(dict(reversed(facts.items()))))


def test_it_stores_a_set_of_codes_in_the_order_of_the_alphabet() -> None:
    codes = [f"{letter}{digit}" for letter in "ABCDEF" for digit in range(5)]
    assert facts_to_data({"codes": Known(frozenset(codes))}) == {"codes": codes}


def test_it_stores_a_number_known_as_a_band() -> None:
    facts = {"age": Known(Band(0, None))}
    assert facts_to_data(facts) == {"age": {"band": [0, None]}}
    assert facts_from_data([AGE], facts_to_data(facts)) == facts


def test_it_leaves_out_stored_answers_to_facts_that_a_version_does_not_ask() -> None:
    assert facts_from_data([make.definition("colour")], {"colour": "red", "size": "big"}) == {
        "colour": Known("red")
    }


@pytest.mark.parametrize(
    ("key", "stored"),
    [
        ("colour", "mauve"),
        ("colour", True),
        ("ready", "yes"),
        ("age", True),
        ("age", 10),
        ("age", -1),
        ("age", {"band": [10, None]}),
        ("codes", "A1"),
        ("age", {"state": "?"}),
    ],
)
def test_it_refuses_a_stored_answer_that_a_version_does_not_know(key: str, stored: object) -> None:
    with pytest.raises(FactError, match=f"{key}: the stored answer"):
        facts_from_data([make.definition(key)], {key: stored})
