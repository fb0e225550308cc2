"""Cells of a workbook as a person reads them: days, numbers, escapes, errors; and the guard before a formula."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.tables.guards import guarded, unguarded
from coding.tables.xlsx_sheet import letters
from coding.tables.xlsx_values import Fault, day, plain, unescaped


@pytest.mark.parametrize(
    ("serial", "from_1904", "text"),
    [
        (1, False, "1900-01-01"),
        (59, False, "1900-02-28"),
        (61, False, "1900-03-01"),
        (46_146, False, "2026-05-04"),
        (0, True, "1904-01-01"),
        (44_684, True, "2026-05-04"),
        (46_146.5, False, "2026-05-04 12:00:00"),
        (46_146.75 + 1 / 86_400, False, "2026-05-04 18:00:01"),
        (46_146.9999999, False, "2026-05-05"),
        (2_957_003, True, "9999-12-31"),
    ],
)
def test_a_day_is_what_a_spreadsheet_shows_for_its_number(serial, from_1904, text):
    assert day(serial, from_1904) == text


@pytest.mark.parametrize(
    ("serial", "from_1904"), [(0, False), (0.5, False), (60, False), (60.5, False), (-1, True)]
)
def test_a_number_that_is_no_day_of_the_calendar_is_named_with_what_it_shows(serial, from_1904):
    fault = day(serial, from_1904)
    assert fault == Fault("holds no day of the calendar. Type the date anew", f"{serial:.15g}")


def test_days_beyond_the_last_year_are_refused():
    assert isinstance(day(3_000_000, False), Fault)
    assert isinstance(day(float("inf"), False), Fault)


@given(st.dates(date(1900, 3, 1), date(2199, 12, 31)), st.integers(0, 86_399))
def test_every_day_and_second_is_read_as_it_was_typed(typed, second):
    serial = (typed - date(1899, 12, 30)).days + second / 86_400
    moment = datetime.combine(typed, datetime.min.time()) + timedelta(seconds=second)
    assert day(serial, False) == (moment.isoformat(" ") if second else typed.isoformat())


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("s", "1", "second"),
        ("b", "1", "yes"),
        ("b", " 1 ", "yes"),
        ("b", "0", "no"),
        ("str", "27256", "27256"),
        ("inlineStr", "a_x000D_b", "a\rb"),
        ("d", "2026-05-04", "2026-05-04"),
    ],
)
def test_a_cell_that_is_no_number_is_read_by_its_kind(kind, value, text):
    assert plain(kind, value, ["first", "second"]) == text


@pytest.mark.parametrize("value", ["2", "-1", "x", "", "1" * 10])
def test_a_cell_that_points_to_no_text_is_damaged(value):
    assert plain("s", value, ["first", "second"]) == Fault("is damaged. Type it anew", value)


def test_a_cell_that_shows_an_error_says_which():
    assert plain("e", "#DIV/0!", []) == Fault(
        "shows the error #DIV/0!. Correct it, or clear it", "#DIV/0!"
    )


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a_x000D_b", "a\rb"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x00e9_", "é"),
        ("_x12_", "_x12_"),
        ("plain_x", "plain_x"),
    ],
)
def test_signs_that_xml_cannot_hold_are_read_back(written, text):
    assert unescaped(written) == text


@pytest.mark.parametrize(
    ("column", "name"),
    [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")],
)
def test_a_column_has_the_letters_of_a_spreadsheet(column, name):
    assert letters(column) == name


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'", "'=", "'''+"]
)
def test_what_a_spreadsheet_would_run_is_guarded_and_comes_back_as_it_was(start):
    assert guarded(f"{start}1+1") == f"'{start}1+1"
    assert unguarded(guarded(f"{start}1+1")) == f"{start}1+1"


@pytest.mark.parametrize("cell", ["", "27256", "a=b", " =1+1", "Größe"])
def test_any_other_text_is_left_as_it_is(cell):
    assert guarded(cell) == unguarded(cell) == cell


def test_a_mark_that_guards_nothing_belongs_to_the_text():
    assert unguarded("'tis") == "'tis"
    assert unguarded("'") == "'"


@given(st.text(max_size=8))
def test_no_guarded_cell_begins_as_a_formula_and_every_one_comes_back(cell):
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(cell)) == cell
