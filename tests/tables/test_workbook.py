"""A small workbook as a whole: what is written is read back; what cannot be read for certain is named by its cell."""

import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from coding.tables.errors import FileError
from coding.tables.workbook import read_workbook, write_rows

# What XML can hold: no control character but tabulator and line feed, no surrogate.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20
)


def workbook(write):
    """The bytes of a workbook that ``write`` filled."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        write(book)
    return out.getvalue()


def sheet_with(cell, value):
    return workbook(lambda book: book.add_worksheet("Rules").write(cell, value))


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_what_is_written_is_read_back_as_text(rows):
    sheet = read_workbook(write_rows(["rule", "message"], rows))["Changes"]
    filled = [list(row) for row in rows]
    while filled and not any(text.strip() for text in filled[-1]):
        # Rows of nothing but blanks at the end are nothing.
        filled.pop()
    assert sheet == [["rule", "message"], *filled]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+27256", "-1"])
def test_a_text_that_looks_like_a_formula_stays_a_text(text):
    assert read_workbook(write_rows(["message"], [[text]]))["Changes"][1] == [text]


@pytest.mark.parametrize(
    ("value", "text"),
    [(27256, "27256"), (8.5, "8.5"), (3.0, "3"), (True, "yes"), (False, "no"), ("LT", "LT")],
)
def test_numbers_and_truth_values_are_read_as_a_person_reads_them(value, text):
    assert read_workbook(sheet_with("A1", value))["Rules"] == [[text]]


def test_every_sheet_is_read_by_its_name_with_its_cells_in_place():
    def write(book):
        book.add_worksheet("Facts").write("A1", "side")
        book.add_worksheet("Rules").write("C2", "27256")

    assert read_workbook(workbook(write)) == {
        "Facts": [["side"]],
        "Rules": [["", "", ""], ["", "", "27256"]],
    }


@pytest.mark.parametrize("content", [b"", b"rule,message\n", b"PK\x03\x04 and then nothing"])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(FileError):
        read_workbook(content)
