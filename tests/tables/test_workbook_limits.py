"""How much a small workbook may hold: up to each limit it is read, and one beyond it is refused with what to do."""

import io
import zipfile

import pytest
import xlsxwriter

from coding.tables import workbook
from coding.tables.errors import FileError
from coding.tables.workbook import read_workbook, write_rows
from tests.intake.workbooks import BOOK, archive, sheet_of


def book_of(**cells_by_sheet):
    """A workbook whose sheets have texts in these cells."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, cells in cells_by_sheet.items():
            sheet = book.add_worksheet(name)
            for cell in cells:
                sheet.write(cell, "x")
    return out.getvalue()


def refusal(content):
    with pytest.raises(FileError) as error:
        read_workbook(content)
    return str(error.value)


def test_up_to_so_many_sheets_are_read(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_SHEETS", 2)
    assert list(read_workbook(book_of(A=["A1"], B=[]))) == ["A", "B"]
    assert refusal(book_of(A=["A1"], B=[], C=[])) == (
        "The workbook has more than 2 sheets. Delete those that are not needed."
    )


def test_up_to_so_many_cells_are_laid_out_in_all_sheets_together(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_CELLS", 12)
    # Three rows of two, and two of three: every cell before the last counts, empty ones too.
    assert len(read_workbook(book_of(A=["B3"], B=["C2"]))) == 2
    assert refusal(book_of(A=["B3"], B=["C2"], C=["A1"])) == (
        "The sheets reach over more than 12 cells. Delete far-off ones."
    )


@pytest.mark.parametrize(("cell", "is_far"), [("C4", False), ("D1", True), ("A5", True)])
def test_a_cell_lies_within_the_rows_and_columns_of_a_small_workbook(monkeypatch, cell, is_far):
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    monkeypatch.setattr(workbook, "MOST_COLUMNS", 3)
    if is_far:
        assert refusal(book_of(A=[cell])) == (
            f"Cell {cell} lies beyond 4 rows or 3 columns. Delete what stands there."
        )
    else:
        assert len(read_workbook(book_of(A=[cell]))["A"]) == 4


def test_two_sheets_of_one_name_are_refused_for_only_one_would_be_read():
    sheet = '<sheet name="S" sheetId="1" r:id="r1"/>'
    twice = BOOK.replace(sheet, sheet * 2)
    file = archive(sheet_of(["x"]), **{"xl/workbook.xml": twice})
    assert refusal(file.getvalue()) == "Two sheets are called “S”. Rename one of them."


def test_an_empty_sheet_has_no_rows():
    assert read_workbook(book_of(A=[])) == {"A": []}


def test_rows_are_as_wide_as_the_widest_and_stand_in_their_places():
    assert read_workbook(book_of(A=["B1", "C3"])) == {
        "A": [["", "x", ""], ["", "", ""], ["", "", "x"]]
    }


def test_a_cell_that_cannot_be_read_is_named_with_its_sheet():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Rules").write_formula("B3", "=1/0", None, "#DIV/0!")
    assert refusal(out.getvalue()) == (
        "Rules, cell B3: it shows the error #DIV/0!. Correct it, or clear it."
    )


def test_what_is_written_keeps_its_header_in_sight():
    content = write_rows(["rule", "message"], [["R1", "Ask."]], "Lines")
    assert list(read_workbook(content)) == ["Lines"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'ySplit="1"' in sheet
    assert 'state="frozen"' in sheet
    assert '<col min="1" max="2" width="18.' in sheet
    assert "<f>" not in sheet
