"""XLSX workbooks of encounters, read row by row; a cell that cannot be read is named by its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import BinaryIO

from coding.intake import charge_rows
from coding.intake.check import LABELS
from coding.intake.column_names import (
    FIELDS,
    PROBLEM_COLUMN,
    Preview,
    is_header,
    own_columns,
    preview_of,
    rows_above,
)
from coding.intake.columns import EXAMPLE, MOST_COLUMNS, MOST_TITLES, PROVING_ROWS, Columns
from coding.intake.drafts import BEGINNING, Cursor, Draft, Layout, Problem, Remark
from coding.intake.numbered_columns import told_apart
from coding.intake.texts import left_out
from coding.intake.unmatched_columns import first_rows, left_out_columns, unmatched
from coding.intake.values import UNFIT_IN_NOTE, shown
from coding.intake.xlsx.charges import by_visit, texts_of
from coding.tables.errors import FileError
from coding.tables.workbook import write_rows
from coding.tables.xlsx_sheet import (
    SHEET_NAME,
    SheetNames,
    SheetRow,
    letters,
    sheet_names,
    sheet_rows,
)
from coding.tables.xlsx_values import LONGEST_CELL

HIDDEN = Remark("The row is hidden in the workbook; it was read like the others.")


def headers(file: BinaryIO, sheet: str = "") -> Preview:
    """The header and the first rows. Raises FileError where there is no header to be read."""
    table = _Table(file, sheet)
    rows = (texts_of(row, len(table.header)) for row in islice(table.rows, PROVING_ROWS))
    return preview_of(table.header, rows)


def sheets(file: BinaryIO) -> SheetNames:
    """The sheets to choose from: the one for encounters alone, where there is one. Raises FileError."""
    names = sheet_names(file)
    ours = tuple(name for name in names.seen if name.strip().casefold() == SHEET_NAME)
    return SheetNames(ours or names.seen, names.hidden)


def template() -> bytes:
    """A workbook with the columns and one made-up row."""
    return write_rows(FIELDS, [EXAMPLE], SHEET_NAME)


class XlsxTable:
    """The format of XLSX workbooks."""

    def read(self, file: BinaryIO, layout: Layout, start: Cursor = BEGINNING) -> Iterator[Draft]:
        """The rows from a cursor on: a workbook is read from its start, rows skipped. Its offset tells their order."""
        table = _Table(file, layout.sheet)
        columns = Columns.of(table.header, layout)
        if start.number and start.offset != _order(columns).offset:
            raise FileError(charge_rows.BEGUN_OTHERWISE)
        of_table: tuple[Remark, ...] = ()
        if not start.number:
            of_table = (*table.remarks, *columns.without_notes, *table.left_out(columns))
        for draft, _ in _items(table, columns):
            if draft.number == 1:
                draft = replace(draft, remarks=(*of_table, *draft.remarks))
            if draft.number > start.number:
                yield draft

    def excerpt(
        self, file: BinaryIO, layout: Layout, wanted: Mapping[int, Iterable[Problem]]
    ) -> Iterator[bytes]:
        """A workbook with the header and the wanted rows, with their problems in a first column; every cell is text."""
        table = _Table(file, layout.sheet)
        columns = Columns.of(table.header, layout)
        kept = own_columns(table.header)
        names = [PROBLEM_COLUMN, *(table.header[place] for place in kept)]
        rows = _rows_with_problems(table, columns, kept, wanted)
        yield write_rows(_writable(names), map(_writable, rows), SHEET_NAME)


def _rows_with_problems(
    table: "_Table", columns: Columns, kept: Sequence[int], wanted: Mapping[int, Iterable[Problem]]
) -> Iterator[list[str]]:
    """The rows of the wanted items: what was wrong, the columns that are kept, and what stands beyond the header."""
    width = len(table.header)
    for draft, own in islice(_items(table, columns), max(wanted, default=0)):
        if draft.number not in wanted:
            continue
        words = " ".join(problem.text for problem in wanted[draft.number])
        for row in own:
            last = max([width - 1, *row.cells, *row.faults])
            texts = texts_of(row, last + 1)
            yield [words, *(texts[place] for place in kept), *texts[width:]]


class _Table:
    """The sheet that is read, below its header: the first row that names fields, or else the first of all."""

    def __init__(self, file: BinaryIO, sheet: str) -> None:
        rows, self._others = sheet_rows(file, sheet)
        first = list(islice(rows, MOST_TITLES + 1))
        if not first:
            raise FileError("The sheet is empty. Send a header row and a row for each encounter.")
        headers = [at for at, row in enumerate(first) if is_header(list(row.cells.values()))]
        self._titles = headers[0] if headers else 0
        row = first[self._titles]
        self.rows: Iterator[SheetRow] = chain(first[self._titles + 1 :], rows)
        width = max([*row.cells, *row.faults]) + 1
        if row.faults or width > MOST_COLUMNS:
            raise FileError(
                f"Row {row.number}, the header, has a cell that is no text, or over {MOST_COLUMNS} columns."
            )
        self.header = told_apart(texts_of(row, width))

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What of the workbook stands in no row of the table."""
        beside = []
        for sheet in self._others:
            hidden = "hidden " if sheet.hidden else ""
            beside.append(f"the {hidden}sheet “{shown(sheet.name)}”")
        if self._titles:
            beside.append(rows_above(self._titles))
        return tuple(map(left_out, beside))

    def left_out(self, columns: Columns) -> tuple[Remark, ...]:
        """The columns of which nothing is taken."""
        if not unmatched(self.header, columns):
            return ()
        first, more, self.rows = first_rows(self.rows)
        cells = [texts_of(row, columns.width) for row in first]
        return left_out_columns(self.header, columns, cells, more=more)


def _writable(cells: Iterable[str]) -> list[str]:
    """The cells without what no workbook holds."""
    return [UNFIT_IN_NOTE.sub("\N{REPLACEMENT CHARACTER}", cell[:LONGEST_CELL]) for cell in cells]


def _items(table: "_Table", columns: Columns) -> Iterator[tuple[Draft, list[SheetRow]]]:
    """The items of the sheet, each with its rows."""
    names = {field: f"cell {letters(column)}" for field, column in columns.places.items()}
    rows = by_visit(table.rows, columns) if columns.joins else table.rows
    drafts = ((_draft(row, columns, names), row) for row in rows)
    return charge_rows.items(drafts, columns.joins)


def _order(columns: Columns) -> Cursor:
    """How the rows are read: in their own order, or by visits."""
    return Cursor(0, 1) if columns.joins else BEGINNING


def _draft(row: SheetRow, columns: Columns, names: Mapping[str, str]) -> Draft:
    places = {field: f"{name}{row.number}" for field, name in names.items()}
    texts, problems, not_taken = columns.read(texts_of(row, columns.width), places)
    faults = _faults(row, columns, places)
    # Of a cell that cannot be read its fault is told, not what is wrong with a text that it lacks.
    faulty = {fault.field for fault in faults}
    readable = [problem for problem in problems if problem.field not in faulty]
    of_cells = [*faults, *_merged(row, columns, places), *_beyond(row, columns)]
    hidden = [HIDDEN] if row.hidden else []
    # Whoever gathers the rows numbers them.
    return Draft(
        number=0,
        place=f"row {row.number}",
        texts=texts,
        after=_order(columns),
        problems=(*readable, *of_cells),
        remarks=(*hidden, *not_taken),
    )


def _faults(row: SheetRow, columns: Columns, places: Mapping[str, str]) -> list[Problem]:
    """The cells of fields that cannot be read, such as one whose formula failed."""
    problems = []
    for field, column in columns.places.items():
        if fault := row.faults.get(column):
            text = f"{LABELS[field]}: the cell {fault.text}."
            problems.append(Problem(field, text, shown(fault.value), places[field]))
    return problems


def _merged(row: SheetRow, columns: Columns, places: Mapping[str, str]) -> list[Problem]:
    problems = []
    for field, column in columns.places.items():
        if column in row.merged:
            text = f"{LABELS[field]}: the cell is merged into {row.merged[column]}. Unmerge them and fill in each."
            problems.append(Problem(field, text, "", places[field]))
    return problems


def _beyond(row: SheetRow, columns: Columns) -> list[Problem]:
    """That cells stand where the header has no column; the first of them is named."""
    beyond = [column for column in (*row.cells, *row.faults) if column >= columns.width]
    if not beyond:
        return []
    cell = f"cell {letters(min(beyond))}{row.number}"
    return [Problem("row", "A cell stands to the right of the header. Clear it.", "", cell)]
