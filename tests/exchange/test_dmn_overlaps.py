"""Rows of a foreign table that end otherwise may not apply together: no more is refused than that, and no less."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import TableError
from coding.exchange import dmn_overlaps
from coding.exchange.dmn_overlaps import check_no_overlap
from tests.decision import tables as make
from tests.decision.reading import row_applies

KEYS = ("colour", "ready", "age")
FACTS = {key: make.definition(key) for key in KEYS}
CASES = [
    dict(zip(KEYS, case, strict=True)) for case in product(*(make.ANSWERS[key] for key in KEYS))
]
RED, BLUE = {"colour": {"in": ["red"]}}, {"colour": {"in": ["blue"]}}


def check(*rows: tuple[object, dict[str, Any]]) -> None:
    """Rows as a result and cells; each is called by its place."""
    named = [(f"row {n}", result, cells) for n, (result, cells) in enumerate(rows, start=1)]
    check_no_overlap(named, FACTS, "Choose a table without.")


def refusal(*rows: tuple[object, dict[str, Any]]) -> str:
    with pytest.raises(TableError) as caught:
        check(*rows)
    return str(caught.value)


def test_two_rows_that_can_apply_together_and_end_otherwise_are_named() -> None:
    ready = {"ready": {"in": [True]}}
    assert refusal((1, BLUE), (1, RED), (2, ready)) == (
        "row 1 and row 3 can apply together. Choose a table without."
    )


def test_rows_that_end_alike_may_apply_together() -> None:
    check((1, RED), (1, RED), (1, {}))


@pytest.mark.parametrize(
    ("cells", "others", "meet"),
    [
        (RED, BLUE, False),
        (RED, {"colour": {"not": ["red"]}}, False),
        (BLUE, {"colour": {"not": ["red"]}}, True),
        (
            {"colour": {"in": ["red", "not_documented"]}},
            {"colour": {"in": ["not_documented"]}},
            True,
        ),
        ({"colour": {"not": ["red"]}}, {"colour": {"in": ["not_documented"]}}, False),
        ({"age": {"between": [0, 4]}}, {"age": {"between": [4, None]}}, True),
        ({"age": {"between": [0, 4]}}, {"age": {"between": [5, None]}}, False),
        ({"age": {"between": [None, 4]}}, {"age": {"between": [None, 2]}}, True),
        ({"age": {"between": [None, None]}}, {"age": {"in": ["not_documented"]}}, False),
        ({"age": {"in": ["conflicting"]}}, {"age": {"in": ["not_documented"]}}, False),
        ({**RED, "ready": {"in": [True]}}, {**RED, "ready": {"in": [False]}}, False),
        (RED, {"ready": {"in": [True]}}, True),
        ({}, {}, True),
    ],
)
def test_rows_meet_where_one_answer_to_each_fact_passes_both(
    cells: dict[str, Any], others: dict[str, Any], meet: bool
) -> None:
    if meet:
        assert "can apply together" in refusal((1, cells), (2, others))
    else:
        check((1, cells), (2, others))


def test_more_rows_than_can_be_compared_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dmn_overlaps, "MOST_ROWS", 2)
    check((1, RED), (1, BLUE))
    assert refusal((1, RED), (1, BLUE), (1, {})) == (
        "The table has more than 2 rows, too many to compare each with every other."
    )


rows = st.dictionaries(st.sampled_from(KEYS), st.none(), max_size=3).flatmap(
    lambda keys: st.fixed_dictionaries({key: make.CELLS[key] for key in keys})
)


@settings(max_examples=50)
@given(rows, rows)
def test_it_is_refused_exactly_where_some_case_passes_both(
    cells: dict[str, Any], others: dict[str, Any]
) -> None:
    both_apply = any(row_applies(cells, case) and row_applies(others, case) for case in CASES)
    if both_apply:
        refusal((1, cells), (2, others))
    else:
        check((1, cells), (2, others))
