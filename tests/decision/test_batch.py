"""Batches give for every row exactly what deciding it alone gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import (
    Band,
    Decision,
    FactError,
    FactValue,
    Known,
    NumberedAnswers,
    RuleTable,
    decide,
    decide_batch,
    diagram,
    errors,
)
from tests.decision import tables as make

BANDS = [Known(Band(low, high)) for low, high in ((None, 3), (2, 6), (5, 5), (7, None))]
POOL: dict[str, list[FactValue | None]] = {
    key: [None, *values, *(BANDS if key == "age" else [])] for key, values in make.ANSWERS.items()
}
table_rows = st.lists(
    st.fixed_dictionaries({key: st.sampled_from(values) for key, values in POOL.items()}),
    max_size=6,
)


def columns_of(rows: list[dict[str, FactValue | None]]) -> dict[str, list[FactValue | None]]:
    return {key: [row[key] for row in rows] for key in POOL}


def one_by_one(table: RuleTable, rows: list[dict[str, FactValue | None]]) -> list[object]:
    return [
        decide(table, {key: answer for key, answer in row.items() if answer is not None})
        for row in rows
    ]


@settings(max_examples=80)
@given(make.tables(), table_rows)
def test_a_batch_decides_every_row_as_it_is_decided_alone(
    table: RuleTable, rows: list[dict]
) -> None:
    assert decide_batch(table, columns_of(rows)) == one_by_one(table, rows)


@settings(max_examples=40)
@given(make.tables(), table_rows)
def test_so_it_does_where_the_table_is_too_entangled_for_a_diagram(
    table: RuleTable, rows: list[dict]
) -> None:
    expected = one_by_one(table, rows)
    entangled = diagram.diagram_of(table)
    entangled.root = None
    assert decide_batch(table, columns_of(rows)) == expected


def numbered(rows: list[dict[str, FactValue | None]]) -> tuple[dict, list[list[int]]]:
    """Every answer of the pool with a number, a foreign one too, and the rows in these numbers."""
    pairs = [
        (key, answer) for key, values in POOL.items() for answer in values if answer is not None
    ]
    numbers = {pair: number for number, pair in enumerate(pairs, start=1)}
    meant: dict[int, tuple[str, FactValue] | FactError] = {
        number: pair for pair, number in numbers.items()
    }
    foreign = len(meant) + 1
    meant[foreign] = ("another", Known("thing"))
    read = [
        [numbers[key, answer] for key, answer in row.items() if answer is not None] for row in rows
    ]
    return meant, [[foreign, *row] for row in read]


def alone(table: RuleTable, row: dict[str, FactValue | None]) -> object:
    try:
        return decide(table, {key: answer for key, answer in row.items() if answer is not None})
    except errors.DecisionError as error:
        return type(error), str(error)


@settings(max_examples=120)
@given(make.tables(), table_rows)
def test_rows_of_numbers_are_decided_as_they_are_alone(table: RuleTable, rows: list[dict]) -> None:
    meant, coded = numbered(rows)
    outcomes = NumberedAnswers(table, meant).decide([*coded, *coded])
    plain = [
        (type(outcome), str(outcome)) if isinstance(outcome, errors.DecisionError) else outcome
        for outcome in outcomes
    ]
    assert plain == [alone(table, row) for row in rows] * 2


def test_an_answer_that_the_table_does_not_understand_is_told_for_its_rows_alone() -> None:
    table = make.table(
        make.FACTS, [make.rule("RED", {"colour": {"in": ["red"]}}), make.rule("REST", {})]
    )
    unknown = FactError("colour: mauve is no answer to it.")
    answers = NumberedAnswers(table, {1: ("colour", Known("red")), 2: unknown})
    first, second, third = answers.decide([[1], [2], [1, 2]])
    assert isinstance(first, Decision)
    assert first.rule_id == "RED"
    assert second is unknown
    assert third is unknown


def test_equal_decisions_of_numbered_rows_are_one_object() -> None:
    table = make.table(
        make.FACTS, [make.rule("RED", {"colour": {"in": ["red"]}}), make.rule("REST", {})]
    )
    meant = {1: ("colour", Known("red")), 2: ("shape", Known("red")), 3: ("shape", Known("blue"))}
    first, second = NumberedAnswers(table, meant).decide([[1, 2], [1, 3]])
    assert first is second


def test_a_fact_without_a_column_is_unanswered() -> None:
    table = make.table(
        make.FACTS, [make.rule("RED", {"colour": {"in": ["red"]}}), make.rule("REST", {})]
    )
    [decision] = decide_batch(table, {"shape": [Known("red")]})
    assert decision.open_facts == ("colour",)
    assert decide_batch(table, {}) == []


def test_columns_of_different_lengths_and_foreign_facts_are_refused() -> None:
    table = make.table(make.FACTS, [make.rule("REST", {})])
    with pytest.raises(ValueError, match="differ in length: 0, 1 rows"):
        decide_batch(table, {"colour": [], "shape": [Known("red")]})
    with pytest.raises(FactError, match="size is no fact of Test"):
        decide_batch(table, {"size": [Known("big")]})


def test_a_gap_is_an_error_of_the_table_here_too() -> None:
    table = make.table(make.FACTS, [make.rule("RED", {"colour": {"in": ["red"]}})])
    with pytest.raises(errors.NoRuleApplies):
        decide_batch(table, {"colour": [Known("red"), Known("blue")]})
