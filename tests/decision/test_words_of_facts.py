"""Facts in words: numbers with their decimals both ways, what an answer may be, and several answers as one phrase."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Band,
    FactDefinition,
    FactError,
    FactValue,
    Known,
    describe_facts,
    facts_from_data,
    facts_to_data,
)
from tests.decision import tables as make


def number(**more: Any) -> FactDefinition:
    return make.table(
        [make.fact("size", "whole_number", **more)], [make.rule("R", {})]
    ).fact_by_key["size"]


def refusal(fact: FactDefinition, text: str) -> str:
    with pytest.raises(FactError) as caught:
        fact.answer_from_text(text)
    return str(caught.value)


# Numbers -----------------------------------------------------------------------------------------------


@settings(max_examples=25)
# Of at most fifteen digits before the point, which is all that a text of a number may have.
@given(st.integers(1 - 10**15, 10**15 - 1), st.integers(0, 6))
def test_a_number_is_read_back_from_its_words(value: int, decimals: int) -> None:
    fact = number(decimals=decimals)
    text = fact.number_text(value)
    assert fact.number_from_text(text) == value
    assert fact.number_from_text(text.replace(".", ",")) == value


@settings(max_examples=25)
@given(st.integers(-9999, 9999), st.integers(-9999, 9999), st.integers(0, 3))
def test_numbers_stand_in_the_order_of_their_words(one: int, other: int, decimals: int) -> None:
    fact = number(decimals=decimals)
    first, second = (float(fact.number_text(value)) for value in (one, other))
    assert (first < second) is (one < other)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(26, 0, "26"), (26, 1, "2.6"), (6, 1, "0.6"), (-6, 2, "-0.06"), (0, 2, "0.00"), (-7, 0, "-7")],
)
def test_a_number_has_all_its_decimals(value: int, decimals: int, text: str) -> None:
    assert number(decimals=decimals).number_text(value) == text


@pytest.mark.parametrize(
    ("text", "decimals", "value"),
    [
        ("7", 1, 70),
        ("7.50", 1, 75),
        ("007", 0, 7),
        ("-0.5", 1, -5),
        ("1234567890123456", 0, None),
        ("7.0", 0, None),
        ("7.05", 1, None),
        ("7.", 1, None),
        ("+7", 0, None),
        ("٧", 0, None),
        ("7 8", 0, None),
        ("", 0, None),
    ],
)
def test_a_text_that_is_no_such_number_is_none(text: str, decimals: int, value: int | None) -> None:
    assert number(decimals=decimals).number_from_text(text) == value


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        ({}, "a whole number"),
        ({"minimum": 0}, "a whole number from 0"),
        ({"maximum": 9, "unit": "cm"}, "a whole number to 9 cm"),
        (
            {"decimals": 1, "minimum": 1, "unit": "cm"},
            "a number with at most 1 decimal from 0.1 cm",
        ),
        ({"decimals": 2, "maximum": 150}, "a number with at most 2 decimals to 1.50"),
    ],
)
def test_what_a_number_has_to_be_is_said_with_its_ends_and_its_unit(
    limits: dict[str, Any], wanted: str
) -> None:
    fact = number(**limits)
    assert fact.wanted_number == wanted
    assert refusal(fact, "x") == (
        f"size: “x” is not an answer to it; use {wanted}, unknown, conflicting or na."
    )


@pytest.mark.parametrize(
    ("text", "is_taken"), [("0", True), ("9", True), ("-1", False), ("10", False)]
)
def test_both_ends_of_a_range_may_be_answered(text: str, is_taken: bool) -> None:
    fact = number(minimum=0, maximum=9)
    if is_taken:
        assert fact.answer_from_text(text) == Known(int(text))
    else:
        assert "use a whole number from 0 to 9" in refusal(fact, text)


# Bands -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (26, 30, "2.6 to 3.0 cm"),
        (26, 26, "2.6 cm"),
        (None, 26, "up to 2.6 cm"),
        (26, None, "2.6 or more cm"),
        (None, None, "any number"),
    ],
)
def test_a_band_is_said_by_its_ends(low: int | None, high: int | None, words: str) -> None:
    assert number(decimals=1, unit="cm").describe(Known(Band(low, high))) == words


@settings(max_examples=25)
@given(st.integers(-3, 12), st.none() | st.integers(0, 9), st.none() | st.integers(0, 9))
def test_a_band_holds_the_numbers_between_its_ends_and_both_of_them(
    value: int, low: int | None, high: int | None
) -> None:
    expected = (low is None or value >= low) and (high is None or value <= high)
    assert (value in Band(low, high)) is expected


# Choices, truths and codes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "allowed"),
    [
        ("colour", "mauve", "red, green, blue, unknown, conflicting or na"),
        ("ready", "maybe", "yes, no, unknown, conflicting or na"),
    ],
)
def test_what_an_answer_may_be_is_listed_where_it_is_none(
    key: str, text: str, allowed: str
) -> None:
    fact = make.definition(key)
    assert refusal(fact, text) == f"{key}: “{text}” is not an answer to it; use {allowed}."


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("UNKNOWN", NOT_DOCUMENTED),
        ("Not_Documented", NOT_DOCUMENTED),
        ("Conflicting", CONFLICTING),
        ("NA", None),
        ("  ", None),
    ],
)
def test_silence_is_written_in_any_case(text: str, answer: FactValue | None) -> None:
    for key in make.ANSWERS:
        assert make.definition(key).answer_from_text(text) == answer


def test_a_choice_is_answered_by_its_value_and_not_by_its_label() -> None:
    assert make.definition("colour").answer_from_text("red") == Known("red")
    assert "“Red” is not an answer" in refusal(make.definition("colour"), "Red")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([Known("red")], "Red"),
        ([Known("red"), Known("blue")], "Red or Blue"),
        ([Known("red"), NOT_DOCUMENTED], "Red or not documented"),
        (
            [Known("red"), Known("green"), NOT_DOCUMENTED],
            "anything but Blue or documented two ways",
        ),
        (
            [Known("red"), Known("green"), Known("blue"), NOT_DOCUMENTED],
            "anything but documented two ways",
        ),
    ],
)
def test_more_than_half_of_the_answers_are_said_by_the_others(
    answers: list[FactValue], words: str
) -> None:
    assert make.definition("colour").describe_any(answers) == words


def test_numbers_are_never_said_by_the_others() -> None:
    fact = number(minimum=0, maximum=9)
    both = [Known(Band(0, 8)), NOT_DOCUMENTED, CONFLICTING]
    assert fact.describe_any(both) == "0 to 8 or not documented or documented two ways"


def test_labels_begin_small_within_a_sentence_but_for_abbreviations() -> None:
    labels = {"colour": "Colour", "ready": "MRI ready", "age": "X"}
    facts = [make.fact("colour"), make.fact("ready", "yes_no"), make.fact("age", "whole_number")]
    named = [{**fact, "label": labels[str(fact["key"])]} for fact in facts]
    table = make.table(named, [make.rule("R", {})])
    answers = {"age": Known(3), "ready": Known(True), "colour": Known("red")}
    assert describe_facts(table.facts, answers) == "colour: Red; MRI ready: yes; x: 3"
    assert describe_facts(table.facts, {}) == ""


# As data -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "answer", "data"),
    [
        ("colour", Known("red"), "red"),
        ("ready", Known(False), False),
        ("age", Known(3), 3),
        ("age", Known(Band(3, None)), {"band": [3, None]}),
        ("codes", Known(frozenset()), []),
        ("colour", NOT_DOCUMENTED, {"state": "not_documented"}),
        ("colour", CONFLICTING, {"state": "conflicting"}),
    ],
)
def test_an_answer_as_data(key: str, answer: FactValue, data: object) -> None:
    assert facts_to_data({key: answer}) == {key: data}
    assert facts_from_data([make.definition(key)], {key: data}) == {key: answer}


def test_facts_stand_in_one_order_as_data() -> None:
    data = facts_to_data({"ready": Known(True), "age": Known(3), "colour": Known("red")})
    assert list(data) == ["age", "colour", "ready"]
