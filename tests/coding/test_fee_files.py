"""Fee schedule files as they are read: what is left out, what is exact, and how much is told of what is wrong."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.reference.fee_file import read_fee_file
from coding.reference.fee_rows import MOST_PROBLEMS, Row, read_day
from coding.tables.csv_lines import write_line
from coding.tables.errors import FileError

COLUMNS = (
    "hcpcs",
    "mod",
    "status_code",
    "work_rvu",
    "non_facility_total",
    "facility_total",
    "glob_days",
)
DAY = date(2024, 7, 1)
GOOD = ("27256", "", "A", "4.28", "9.62", "7.27", "010")

FIGURES = st.decimals(0, Decimal("999999.99"), places=2)
ROWS = st.builds(
    Row,
    code=st.from_regex(r"[A-Z0-9]{5}", fullmatch=True).filter(str.isascii),
    modifier=st.sampled_from(["", "26", "TC"]),
    status=st.sampled_from("ABCIJNRTX"),
    work_rvu=FIGURES,
    facility_total=FIGURES,
    non_facility_total=FIGURES,
    global_days=st.sampled_from(["", "000", "010", "090", "XXX", "ZZZ"]),
)


def file_of(*rows, columns=COLUMNS):
    return "".join(map(write_line, [columns, *rows])).encode()


def cells_of(row):
    figures = (str(row.work_rvu), str(row.non_facility_total), str(row.facility_total))
    return (row.code, row.modifier, row.status, *figures, row.global_days)


def release_of(*rows, **options):
    [release] = read_fee_file(file_of(*rows, **options), DAY, "July")
    return release


def problems_of(*rows, **options):
    with pytest.raises(FileError) as error:
        read_fee_file(file_of(*rows, **options), DAY)
    return str(error.value).splitlines()


@given(st.lists(ROWS, min_size=1, max_size=8, unique_by=lambda row: (row.code, row.modifier)))
def test_what_was_written_is_what_is_read_to_the_last_figure(rows):
    release = release_of(*map(cells_of, rows))
    assert list(release.rows.values()) == rows


@given(
    st.lists(ROWS, min_size=2, max_size=8, unique_by=lambda row: (row.code, row.modifier)),
    st.randoms(),
)
def test_the_order_of_the_rows_and_of_the_columns_does_not_make_another_release(rows, random):
    cells = [cells_of(row) for row in rows]
    order = random.sample(range(len(COLUMNS)), len(COLUMNS))
    shuffled = [tuple(row[place] for place in order) for row in random.sample(cells, len(cells))]
    other = release_of(*shuffled, columns=tuple(COLUMNS[place] for place in order))
    assert other.content_hash == release_of(*cells).content_hash


def test_columns_are_known_in_capitals_and_with_blanks_and_others_are_left_out():
    columns = (" HCPCS ", "Mod", *COLUMNS[2:], "description", "pe_rvu")
    release = release_of((*GOOD, "Own words", "3.1"), columns=columns)
    assert list(release.rows) == [("27256", "")]


def test_a_column_that_does_not_count_may_stand_there_twice():
    assert release_of((*GOOD, "1", "2"), columns=(*COLUMNS, "pe_rvu", "pe_rvu")).rows


def test_blanks_around_a_value_do_not_count():
    assert release_of(tuple(f" {cell} " for cell in GOOD)).rows == release_of(GOOD).rows


@pytest.mark.parametrize("number", ["0", "0.0", "7", "7.2", ".5", "999999.99"])
def test_figures_are_written_with_up_to_two_decimals(number):
    [row] = release_of((*GOOD[:3], number, *GOOD[4:])).rows.values()
    assert row.work_rvu == Decimal(number)


@pytest.mark.parametrize("number", ["1000000", "1,5", "7.", "+1", "1e2", "٧", "Infinity", "7 27"])
def test_what_is_no_figure_is_told_with_where_to_take_it_from(number):
    [problem] = problems_of((*GOOD[:3], number, *GOOD[4:]))
    assert problem == (
        f"Line 2, column work_rvu: “{number}” is no number such as 7.27. Take it over from the CMS file."
    )


@pytest.mark.parametrize("code", ["27256X", "2725", "a4570", "2725 6"])
def test_what_is_no_code_is_told_with_what_a_spreadsheet_may_have_done(code):
    [problem] = problems_of((code, *GOOD[1:]))
    assert problem.startswith(f"Line 2, column hcpcs: “{code}” is no code of 5 characters")
    assert problem.endswith("If a spreadsheet took zeros away, set the column to text.")


def test_a_value_with_line_breaks_is_told_on_one_line():
    [problem] = problems_of(("27\n\n256", *GOOD[1:]))
    assert "“27 256” is no code" in problem


def test_lines_are_counted_as_an_editor_counts_them_when_a_cell_holds_a_line_break():
    columns = (*COLUMNS, "description")
    problems = problems_of((*GOOD, "two\nlines"), (*GOOD[:3], "x", *GOOD[4:], ""), columns=columns)
    assert problems[0].startswith("Line 4, column work_rvu")


def test_several_columns_that_are_missing_are_named_together_with_all_that_are_needed():
    [problem] = problems_of(GOOD[2:], columns=COLUMNS[2:])
    assert problem.startswith(
        "Line 1 lacks the column hcpcs, mod. Its first line has to name the columns hcpcs, mod,"
    )


@pytest.mark.parametrize(
    ("bad", "told"), [(MOST_PROBLEMS, MOST_PROBLEMS), (MOST_PROBLEMS + 1, MOST_PROBLEMS + 1)]
)
def test_twenty_problems_are_told_and_of_more_only_that_there_are_more(bad, told):
    problems = problems_of(*([(*GOOD[:3], "x", *GOOD[4:])] * bad))
    assert len(problems) == told
    assert (problems[-1] == "There are more; mend these first.") is (bad > MOST_PROBLEMS)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-07-01", DAY),
        ("2024-02-29", date(2024, 2, 29)),
        ("2023-02-29", None),
        ("2024-7-1", None),
        (" 2024-07-01", None),
        ("2024-07-01T00:00", None),
        ("２０２４-07-01", None),
        ("", None),
    ],
)
def test_a_day_is_written_as_year_month_day(text, day):
    assert read_day(text) == day
