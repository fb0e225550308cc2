"""XLSX workbooks of encounters, read row by row; a cell that cannot be read is named by its place."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import BinaryIO

from coding.intake.check import LABELS
from coding.intake.columns import EXAMPLE, FIELDS, MOST_COLUMNS, PREVIEW_ROWS, PROBLEM_COLUMN, Columns, Preview
from coding.intake.drafts import BEGINNING, Cursor, Draft, Layout, Problem
from coding.intake.values import UNFIT_IN_NOTE, shown
from coding.tables.errors import FileError
from coding.tables.workbook import write_rows
from coding.tables.xlsx_sheet import SHEET_NAME, SheetRow, letters, sheet_rows
from coding.tables.xlsx_values import LONGEST_CELL


def headers(file: BinaryIO) -> Preview:
    """The header and the first rows. Raises FileError where there is no header to be read."""
    table = _Table(file)
    return Preview(
        table.header, tuple(tuple(_texts(row, len(table.header))) for row in islice(table.rows, PREVIEW_ROWS))
    )


def template() -> bytes:
    """A workbook with the columns and one made-up row."""
    return write_rows(FIELDS, [EXAMPLE], SHEET_NAME)


class XlsxTable:
    """The format of XLSX workbooks."""

    def read(self, file: BinaryIO, layout: Layout, start: Cursor = BEGINNING) -> Iterator[Draft]:
        """The rows from a cursor on. Its offset means nothing: a workbook is read from its start, and rows skipped."""
        table = _Table(file)
        columns = Columns.of(table.header, layout)
        names = {field: f"cell {letters(column)}" for field, column in columns.places.items()}
        for number, row in enumerate(table.rows, start=1):
            if number > start.number:
                yield _draft(number, row, columns, names)

    def excerpt(self, file: BinaryIO, layout: Layout, wanted: Mapping[int, Iterable[Problem]]) -> Iterator[bytes]:
        """A workbook with the header and the wanted rows, with their problems in a first column; every cell is text."""
        table = _Table(file)
        width = len(table.header)
        kept = [place for place, name in enumerate(table.header) if name.strip().casefold() != PROBLEM_COLUMN]
        rows = (
            [" ".join(problem.text for problem in wanted[number]), *(texts[place] for place in kept), *texts[width:]]
            for number, row in enumerate(islice(table.rows, max(wanted, default=0)), start=1)
            if number in wanted
            for texts in [_texts(row, max([width - 1, *row.cells, *row.faults]) + 1)]
        )
        names = [PROBLEM_COLUMN, *(table.header[place] for place in kept)]
        yield write_rows(_writable(names), map(_writable, rows), SHEET_NAME)


class _Table:
    """A sheet whose first row is the header."""

    def __init__(self, file: BinaryIO) -> None:
        self.rows = sheet_rows(file)
        row = next(self.rows, None)
        if row is None:
            raise FileError("The sheet is empty. Send a header row and a row for each encounter.")
        width = max([*row.cells, *row.faults]) + 1
        if row.faults or width > MOST_COLUMNS:
            raise FileError(
                f"Row {row.number}, the header, has a cell that is no text, or over {MOST_COLUMNS} columns."
            )
        self.header = tuple(_texts(row, width))


def _texts(row: SheetRow, width: int) -> list[str]:
    """The texts of the cells; of one that has none, what it shows."""
    return [
        row.cells.get(column) or (row.faults[column].value if column in row.faults else "") for column in range(width)
    ]


def _writable(cells: Iterable[str]) -> list[str]:
    """The cells without what no workbook holds."""
    return [UNFIT_IN_NOTE.sub("\N{REPLACEMENT CHARACTER}", cell[:LONGEST_CELL]) for cell in cells]


def _draft(number: int, row: SheetRow, columns: Columns, names: Mapping[str, str]) -> Draft:
    place = {field: f"{name}{row.number}" for field, name in names.items()}
    texts, problems = columns.texts(_texts(row, columns.width), place)
    faults = {field: row.faults[column] for field, column in columns.places.items() if column in row.faults}
    kept = [problem for problem in problems if problem.field not in faults]
    for field, fault in faults.items():
        kept.append(Problem(field, f"{LABELS[field]}: the cell {fault.text}.", shown(fault.value), place[field]))
    if beyond := [column for column in (*row.cells, *row.faults) if column >= columns.width]:
        cell = f"cell {letters(min(beyond))}{row.number}"
        kept.append(Problem("row", "A cell stands to the right of the header. Clear it.", "", cell))
    return Draft(number, f"row {row.number}", texts, Cursor(number), tuple(kept))
