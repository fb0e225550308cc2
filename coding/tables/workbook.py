"""Workbooks as a whole: the sheets of a small one as texts, and one of a single sheet written."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

import xlsxwriter

from coding.tables.errors import FileError
from coding.tables.xlsx_package import Package
from coding.tables.xlsx_sheet import Book, SheetRow, letters

MOST_BYTES = 20_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 500
# Many sheets may name one and the same part of the archive.
MOST_SHEETS = 20
# Cells of all sheets together, empty ones too: every cell before the last is laid out.
MOST_CELLS = 1_000_000
# What a sheet of a workbook holds at most, by its format.
LONGEST_SHEET = 1_048_576
Grid = list[list[str]]


def read_workbook(content: bytes) -> Mapping[str, Grid]:
    """The sheets by name, each as rows of texts. Numbers lose a fraction of zero, truth values are yes and no.

    Raises FileError for a workbook that cannot or must not be read.
    """
    book = Book(Package(io.BytesIO(content), MOST_BYTES))
    if len(book.sheets) > MOST_SHEETS:
        raise FileError(
            f"The workbook has more than {MOST_SHEETS} sheets. Delete those that are not needed."
        )
    sheets: dict[str, Grid] = {}
    room = MOST_CELLS
    for sheet in book.sheets:
        if sheet.name in sheets:
            raise FileError(f"Two sheets are called “{sheet.name}”. Rename one of them.")
        rows = list(_small(sheet.name, book.rows(sheet)))
        width = max((max(row.cells) + 1 for row in rows), default=0)
        height = rows[-1].number if rows else 0
        room -= width * height
        if room < 0:
            raise FileError(
                f"The sheets reach over more than {MOST_CELLS:,} cells. Delete far-off ones."
            )
        sheets[sheet.name] = _grid(rows, width, height)
    return sheets


def _small(sheet: str, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
    """The rows, each cell of which can be read and lies where cells of a small workbook lie."""
    for row in rows:
        for column, fault in row.faults.items():
            raise FileError(f"{sheet}, cell {letters(column)}{row.number}: it {fault.text}.")
        if row.number > MOST_ROWS or max(row.cells) >= MOST_COLUMNS:
            raise FileError(
                f"Cell {letters(max(row.cells))}{row.number} lies beyond {MOST_ROWS:,} rows or {MOST_COLUMNS} columns."
                " Delete what stands there."
            )
        yield row


def _grid(rows: Iterable[SheetRow], width: int, height: int) -> Grid:
    grid = [[""] * width for _ in range(height)]
    for row in rows:
        for column, text in row.cells.items():
            grid[row.number - 1][column] = text
    return grid


def write_rows(
    columns: Sequence[str], rows: Iterable[Sequence[str]], sheet_name: str = "Changes"
) -> bytes:
    """A workbook of one sheet. Every cell is text, so that no spreadsheet runs one as a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(sheet_name)
        bold = book.add_format({"bold": True})
        for column, text in enumerate(columns):
            sheet.write_string(0, column, text, bold)
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 18)
    return out.getvalue()
