"""Workbooks: the sheets of an XLSX file as texts, after making sure that reading it cannot do harm.

A workbook of a few kilobytes can unpack to gigabytes, and one cell in the last corner makes a reader lay out
every cell before it. So the archive is unpacked and measured first, and every cell's place is looked at.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter
from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

LARGEST_CONTENT = 20_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 500
# Many sheets may name one and the same part of the archive.
MOST_SHEETS = 20
# Cells of all sheets together, empty ones too: a reader lays out every cell before the last.
MOST_CELLS = 1_000_000
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# The first bytes of a compound file: an old XLS, or a workbook under a password.
COMPOUND = b"\xd0\xcf\x11\xe0"


# What a sheet of a workbook holds at most, by its format.
LONGEST_SHEET = 1_048_576


class WorkbookError(ValueError):
    """A workbook that cannot or must not be read; the message says why and what to do."""


def read_workbook(content: bytes) -> Mapping[str, list[list[str]]]:
    """The sheets by name, each as rows of texts. Numbers lose a fraction of zero, truth values are yes and no."""
    _check(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if len(book.sheet_names) > MOST_SHEETS:
            raise WorkbookError(f"The workbook has more than {MOST_SHEETS} sheets. Delete those that are not needed.")
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError("The workbook is damaged. Open it in a spreadsheet program and save it anew.") from error
    return {name: [[_text(value) for value in row] for row in rows] for name, rows in sheets.items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _check(content: bytes) -> None:
    if content.startswith(COMPOUND):
        raise WorkbookError("The workbook is protected by a password or of the old kind XLS. Save it as plain XLSX.")
    unpacked = cells = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                with archive.open(part) as file:
                    data = file.read(LARGEST_CONTENT + 1 - unpacked)
                unpacked += len(data)
                if unpacked > LARGEST_CONTENT:
                    raise WorkbookError(f"The workbook unpacks to more than {LARGEST_CONTENT:,} bytes.")
                if SHEET.fullmatch(part.filename):
                    cells += _cells_laid_out(data)
                if cells > MOST_CELLS:
                    raise WorkbookError(f"The sheets reach over more than {MOST_CELLS:,} cells. Delete far-off ones.")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError("The file is no XLSX workbook, or it is damaged or protected.") from error


def _cells_laid_out(data: bytes) -> int:
    """The cells up to the last row and the last column of a sheet."""
    last_row = last_column = 1
    try:
        for _, element in etree.iterparse(io.BytesIO(data), resolve_entities=False, no_network=True, load_dtd=False):
            if etree.QName(element).localname == "c":
                row, column = _place(str(element.get("r", "A1")))
                last_row, last_column = max(last_row, row), max(last_column, column)
            element.clear()
    except (etree.XMLSyntaxError, ValueError) as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError("A sheet of the workbook is damaged.") from error
    return last_row * last_column


def _place(place: str) -> tuple[int, int]:
    match = PLACE.fullmatch(place)
    if match is None:
        raise WorkbookError("A sheet of the workbook is damaged.")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    if column > MOST_COLUMNS or int(match[2]) > MOST_ROWS:
        raise WorkbookError(
            f"Cell {place} lies beyond {MOST_ROWS:,} rows or {MOST_COLUMNS} columns. Delete what stands there."
        )
    return int(match[2]), column


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[str]], sheet_name: str = "Changes") -> bytes:
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
