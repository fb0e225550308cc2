"""Groups of rows in words: how a number came about, and what a group cannot be, each refusal as it is read."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import (
    NOT_DOCUMENTED,
    Band,
    FactError,
    Facts,
    FactValue,
    Known,
    RuleTable,
    TableError,
    came_about,
    services,
)
from tests.decision import tables as make

COLOUR = make.fact("colour")
LENGTH = make.fact("length", "whole_number", minimum=0, maximum=100, unit="cm", decimals=1)
GIVEN = {"key": "payer", "kind": "yes_no", "label": "Medicare", "source": "setup"}
GROUP = {
    "key": "wounds",
    "label": "Wounds",
    "alike": ["colour"],
    "aggregate": "sum",
    "fact": "length",
}


def table(**group: Any) -> RuleTable:
    facts = [COLOUR, LENGTH, GIVEN, make.fact("ready", "yes_no")]
    return make.table(facts, [make.rule("R", {})], groups=[{**GROUP, **group}])


def row(length: FactValue, colour: str = "red") -> Facts:
    return {"colour": Known(colour), "length": length}


def told(aggregate: str, lengths: list[FactValue], numbers: list[int]) -> str:
    own = table(aggregate=aggregate)
    rows = [row(length) for length in lengths]
    return came_about(own.groups[0], own.fact_by_key["length"], rows, numbers)


def refusal(**group: Any) -> str:
    with pytest.raises(TableError) as caught:
        table(**group)
    return str(caught.value)


# How a number came about -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aggregate", "numbers", "words"),
    [
        ("sum", [1, 3], "sum of rows 1, 3: 1.4 cm + 1.2 cm"),
        ("sum", [2], "sum of row 2: not documented"),
        ("largest", [1, 2, 3], "largest of rows 1, 2, 3: 1.4 cm, not documented, 1.2 cm"),
        ("count", [1, 2, 3], "count of rows 1, 2, 3"),
        ("count", [2], "count of row 2"),
    ],
)
def test_a_number_says_from_which_rows_it_is(
    aggregate: str, numbers: list[int], words: str
) -> None:
    assert told(aggregate, [Known(14), NOT_DOCUMENTED, Known(12)], numbers) == words


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(make.COLOURS), st.integers(0, 20)), max_size=5))
def test_every_row_is_of_exactly_one_service_and_their_order_is_that_of_the_first(
    pairs: list[tuple[str, int]],
) -> None:
    own = table()
    rows = [row(Known(length), colour) for colour, length in pairs]
    made = services(own.groups[0], own.fact_by_key, rows)
    numbers = [number for service in made for number in service.rows]
    assert sorted(numbers) == list(range(1, len(rows) + 1))
    assert [service.rows[0] for service in made] == sorted(service.rows[0] for service in made)
    for service in made:
        lengths = [pairs[number - 1][1] for number in service.rows]
        assert service.facts["length"] == Known(sum(lengths))


# What a group cannot be --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ({"key": ""}, "a group: key is missing."),
        ({"label": " "}, "group wounds: label is missing."),
        (
            {"limit": 3},
            "a group: “limit” is no part of it; allowed are aggregate, alike, fact, key, label.",
        ),
        ({"alike": "colour"}, "group wounds: alike is a list."),
        ({"alike": ["colour", "colour"]}, "group wounds, alike: “colour” stands there twice."),
        ({"alike": ["side"]}, "group wounds: there is no fact “side”."),
        (
            {"alike": ["payer"]},
            "group wounds: payer is neither asked nor derived, so no row answers it.",
        ),
        (
            {"fact": "ready"},
            "group wounds: ready has to be a number, and none of the facts in which rows are alike.",
        ),
        (
            {"alike": ["length"]},
            "group wounds: length has to be a number, and none of the facts in which rows are alike.",
        ),
    ],
)
def test_a_group_that_cannot_be_meant_is_refused_in_words(
    group: dict[str, Any], words: str
) -> None:
    assert refusal(**group) == words


def test_a_group_without_an_aggregate_is_refused() -> None:
    without = {name: value for name, value in GROUP.items() if name != "aggregate"}
    with pytest.raises(TableError) as caught:
        make.table([COLOUR, LENGTH], [make.rule("R", {})], groups=[without])
    assert str(caught.value) == "group wounds: aggregate is missing."


def test_a_number_that_is_known_as_a_range_alone_is_not_added_up() -> None:
    own = table()
    with pytest.raises(FactError) as caught:
        services(own.groups[0], own.fact_by_key, [row(Known(Band(10, 20)))])
    assert str(caught.value) == "Length: “1.0 to 2.0 cm” is no number to be added up."
