"""DMN's unary tests: texts survive quoting, and a list of ranges allows the numbers that it says and no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.decision import TableError
from coding.exchange.unary_tests import quoted, read_ranges, read_texts, unquoted

# Surrogates are no characters, and no text holds the character NUL.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NUMBERS = range(-12, 13)
ends = st.integers(-9, 9)


def interval(low: int, high: int, left: str, right: str) -> str:
    return f"{left}{low}..{high}{right}"


intervals = st.builds(interval, ends, ends, st.sampled_from("[(]"), st.sampled_from("])["))
comparisons = st.builds(
    lambda operator, end: f"{operator} {end}", st.sampled_from(["<", "<=", ">", ">="]), ends
)
items = st.one_of(ends.map(str), comparisons, intervals)


def allowed(text: str) -> list[int]:
    """The numbers that a test allows; none if it is refused, as a test that no number passes is."""
    try:
        ranges = read_ranges(text, "here")
    except TableError:
        return []
    return [number for number in NUMBERS if ranges and any(_holds(ends, number) for ends in ranges)]


def _holds(ends: list[int | None], number: int) -> bool:
    low, high = ends
    return (low is None or low <= number) and (high is None or number <= high)


@given(TEXTS)
def test_a_text_that_is_quoted_is_read_back_unchanged(text: str) -> None:
    assert unquoted(quoted(text), "here") == text


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_list_of_texts_is_read_back_whatever_signs_they_hold(texts: list[str]) -> None:
    written = ", ".join(map(quoted, texts))
    listed = read_texts(written, "here")
    denied = read_texts(f"not( {written} )", "here")
    assert listed == (texts, False)
    assert denied == (texts, True)


@given(items)
def test_a_test_and_its_denial_share_no_number_and_leave_none_out(item: str) -> None:
    inside = allowed(item)
    if inside:
        assert sorted(inside + allowed(f"not({item})")) == list(NUMBERS)


@given(st.lists(items, min_size=1, max_size=4))
def test_a_list_allows_what_one_of_its_tests_allows_and_its_denial_the_rest(
    tests: list[str],
) -> None:
    apart = [allowed(test) for test in tests]
    if all(apart):
        inside = sorted(set().union(*apart))
        text = ", ".join(tests)
        assert allowed(text) == inside
        assert allowed(f"not({text})") == [number for number in NUMBERS if number not in inside]


@pytest.mark.parametrize("text", ["", "-", "  -  ", "\n"])
def test_a_dash_and_an_empty_cell_test_nothing(text: str) -> None:
    assert read_ranges(text, "here") is None
    assert read_texts(text, "here") is None


@pytest.mark.parametrize(
    "text", ["5..", "[1..2", "1;2", "< 1 2", "> x", "not()", "not(5", "1,,2", "ten", "=5", "5 5"]
)
def test_what_is_no_test_of_numbers_is_refused_with_its_place_and_its_text(text: str) -> None:
    with pytest.raises(TableError) as caught:
        read_ranges(text, "rule 1, age")
    assert str(caught.value).startswith(
        f"rule 1, age: “{text}” is not among the tests that are read"
    )


@pytest.mark.parametrize(
    "text", ["red", '"red" "blue"', '"red', 'red"', "not()", 'not("red"', "True", "1", ',"red"']
)
def test_what_is_no_test_of_texts_is_refused_with_its_place_and_its_text(text: str) -> None:
    with pytest.raises(TableError) as caught:
        read_texts(text, "rule 1, colour")
    assert str(caught.value).startswith(
        f"rule 1, colour: “{text}” is not among the tests that are read"
    )


@pytest.mark.parametrize(
    "text", ["not(< 5, >= 5)", "[2..1]", "(1..2)", "5, [9..3]", "not(not(null))"]
)
def test_a_test_that_no_number_passes_is_refused(text: str) -> None:
    with pytest.raises(TableError, match="here: “"):
        read_ranges(text, "here")
