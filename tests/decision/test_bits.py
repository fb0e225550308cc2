"""Sets of rows as numbers: each named trick against the set that it stands for."""

from hypothesis import given
from hypothesis import strategies as st

from coding.decision import bits

row_sets = st.sets(st.integers(0, 70))
some_rows = st.sets(st.integers(0, 70), min_size=1)


def as_number(rows: set[int]) -> int:
    return sum(1 << row for row in rows)


@given(some_rows)
def test_the_lowest_row_is_the_smallest_of_the_set(rows: set[int]) -> None:
    number = as_number(rows)
    assert bits.lowest(number) == 1 << min(rows)
    assert bits.lowest_place(number) == min(rows)


@given(some_rows)
def test_the_rows_before_the_lowest_one_stop_below_it_or_at_it(rows: set[int]) -> None:
    number = as_number(rows)
    assert bits.below_lowest(number) == as_number(set(range(min(rows))))
    assert bits.up_to_lowest(number) == as_number(set(range(min(rows) + 1)))


@given(row_sets)
def test_each_row_of_a_set_comes_once_and_in_order(rows: set[int]) -> None:
    assert list(bits.each(as_number(rows))) == [1 << row for row in sorted(rows)]


def test_an_empty_set_has_no_lowest_row() -> None:
    assert bits.lowest(0) == 0
    assert bits.lowest_place(0) == -1
    assert list(bits.each(0)) == []


def test_the_rows_below_a_place_are_the_first_so_many() -> None:
    assert bits.below(0) == 0
    assert bits.below(3) == 0b111
