"""One cell on one answer: yes, no, or cannot say yet; and the one form in which a cell is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.decision import NOT_DOCUMENTED, Band, Known, RuleTable, errors, format_rows, parse_rows
from coding.decision.cells import (
    AnyOf,
    Between,
    In,
    Not,
    cell_from_data,
    cell_to_data,
    rows_from_data,
)
from tests.decision import tables as make
from tests.decision.reading import passes

RED = frozenset({"red"})
A_CODES = frozenset({"A*"})
EVERY_TEST = [
    In(RED),
    In(RED, frozenset({NOT_DOCUMENTED})),
    Not(RED),
    Between(0, 5),
    AnyOf(A_CODES),
]
EVERY_TEST += [AnyOf(A_CODES, negated=True)]

keys_and_cells = st.sampled_from(sorted(make.CELLS)).flatmap(
    lambda key: st.tuples(st.just(key), make.CELLS[key])
)
ends = st.none() | st.integers(0, 9)
ranges = st.tuples(ends, ends).filter(lambda pair: None in pair or pair[0] <= pair[1])


def cell_of(key, data):
    return cell_from_data(make.definition(key), data, "rule R")


def numbers_of(low, high):
    """The numbers of a range; an open end goes on for some numbers beyond all that are tested."""
    first = -3 if low is None else low
    last = 12 if high is None else high
    return range(first, last + 1)


@pytest.mark.parametrize("test", EVERY_TEST, ids=repr)
def test_of_a_missing_answer_no_test_can_say_anything(test):
    assert test.accepts(None) is None


@given(keys_and_cells)
def test_a_test_accepts_exactly_the_answers_that_a_plain_reading_accepts(key_and_cell):
    key, data = key_and_cell
    test = cell_of(key, data).test
    for answer in make.ANSWERS[key]:
        assert test.accepts(answer) is passes(data, answer)


@given(ranges, ranges)
def test_a_range_says_of_a_band_what_it_says_of_all_its_numbers_or_that_it_cannot(
    tested, given_band
):
    test = Between(*tested)
    verdicts = {test.accepts(Known(number)) for number in numbers_of(*given_band)}
    expected = verdicts.pop() if len(verdicts) == 1 else None
    assert test.accepts(Known(Band(*given_band))) is expected


@given(ranges, ranges)
def test_two_bands_overlap_exactly_where_they_share_a_number(one, other):
    shared = set(numbers_of(*one)).intersection(numbers_of(*other))
    assert Band(*one).overlaps(Band(*other)) is bool(shared)
    assert Band(*other).overlaps(Band(*one)) is bool(shared)


@pytest.mark.parametrize("answer", [Known("red"), Known(frozenset({"A1"}))], ids=str)
def test_a_range_accepts_nothing_that_is_no_number(answer):
    assert Between(None, None).accepts(answer) is False


@pytest.mark.parametrize("test", [AnyOf(A_CODES), AnyOf(A_CODES, negated=True)], ids=repr)
def test_a_list_of_codes_accepts_nothing_that_is_no_set_of_codes(test):
    assert test.accepts(Known("A1")) is False
    assert test.accepts(Known(3)) is False


def test_without_a_star_a_listed_code_stands_for_itself_alone():
    listed = AnyOf(frozenset({"Q65", "S73*"}))
    assert listed.names("Q65")
    assert not listed.names("Q65.0")
    assert listed.names("S73")
    assert listed.names("S73.01")
    assert not listed.names("S7")


@given(keys_and_cells)
def test_a_stored_cell_is_read_back_as_the_same_test(key_and_cell):
    key, data = key_and_cell
    cell = cell_of(key, data)
    assert cell_of(key, cell_to_data(cell)) == cell


@pytest.mark.parametrize(
    ("key", "written", "stored"),
    [
        ("colour", {"in": ["red", "conflicting", "blue"]}, {"in": ["blue", "red", "conflicting"]}),
        ("colour", {"in": ["red", "red"]}, {"in": ["red"]}),
        ("colour", {"not": ["red", "blue"]}, {"not": ["blue", "red"]}),
        ("ready", {"in": [True, False]}, {"in": [False, True]}),
        ("age", {"between": [None, 5]}, {"between": [None, 5]}),
        ("codes", {"none_of": ["B1", "A*"]}, {"none_of": ["A*", "B1"]}),
    ],
)
def test_in_whatever_order_values_are_written_they_are_stored_in_one(key, written, stored):
    assert cell_to_data(cell_of(key, written)) == stored


def test_the_cells_of_a_row_stand_in_the_order_of_the_questions():
    definitions = {key: make.definition(key) for key in ("colour", "ready", "age")}
    written = {"age": {"between": [0, 1]}, "colour": {"in": ["red"]}, "ready": {"in": [True]}}
    [row] = rows_from_data(definitions, [written], "rule R")
    assert [cell.fact for cell in row] == ["colour", "ready", "age"]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("ready: not yes", {"ready": {"not": [True]}}),
        ("ready: no, not documented", {"ready": {"in": [False, "not_documented"]}}),
        ("age: not documented", {"age": {"in": ["not_documented"]}}),
        ("age: -5..-1", {"age": {"between": [-5, -1]}}),
        ("age: ..", {"age": {"between": [None, None]}}),
        ("codes: conflicting", {"codes": {"in": ["conflicting"]}}),
        ("colour: not documented, red", {"colour": {"in": ["not_documented", "red"]}}),
    ],
)
def test_a_written_condition_means_what_it_says(text, data):
    definitions = [make.definition(key) for key in make.ANSWERS]
    assert parse_rows(text, definitions, "rule R") == [data]


def test_the_alternatives_of_a_rule_are_written_with_a_line_or_between_them():
    rows = [{"colour": {"in": ["red"]}, "ready": {"in": [True]}}, {"age": {"between": [6, None]}}]
    table = make.table(make.FACTS, [make.rule("R", *rows)])
    assert (
        format_rows(table.rules[0].rows, table.fact_by_key)
        == "colour: red\nready: yes\nor\nage: 6.."
    )


def test_a_choice_that_would_be_written_like_a_silent_note_is_refused():
    """“not documented” would mean a silent note when it is read again, not every answer but this one."""
    fact = make.fact("cause", choices=[{"value": "documented", "label": "Documented"}])
    with pytest.raises(errors.UnwritableName, match="fact cause, a choice: “documented”"):
        RuleTable.from_document(
            make.document([fact], [make.rule("R", {"cause": {"not": ["documented"]}})])
        )
