"""CSV files of encounters, of any size: every physical line is accounted for, and a bad row takes no other with it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

from coding.intake.check import LABELS
from coding.intake.column_names import (
    FIELDS,
    PROBLEM_COLUMN,
    Preview,
    guess,
    is_header,
    own_columns,
    preview_of,
    rows_above,
)
from coding.intake.columns import (
    BREAKING,
    EXAMPLE,
    MOST_COLUMNS,
    MOST_TITLES,
    PROVING_ROWS,
    Columns,
)
from coding.intake.drafts import BEGINNING, Cursor, Draft, EncounterTexts, Layout, Problem, Remark
from coding.intake.numbered_columns import told_apart
from coding.intake.texts import left_out, read_as_windows
from coding.intake.unmatched_columns import first_rows, left_out_columns, unmatched
from coding.intake.values import shown
from coding.tables.csv_lines import write_line
from coding.tables.csv_rows import Row, Shape, csv_rows
from coding.tables.errors import FileError
from coding.tables.guards import guarded, seems_guarded, unguarded
from coding.tables.text_lines import Encoding, PhysicalLine, encoding_of, physical_lines

GUARD_KEPT = (
    "{} begins with an apostrophe before a sign of formulas. It was taken as a part of the text."
)
DELIMITERS = ",;\t|"
# A first line for Excel, which says how cells are separated.
DECLARED = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)


def headers(file: BinaryIO) -> Preview:
    """The header and the first rows. Raises FileError where there is no header to be read."""
    table = Table(file)
    headers = table.header.cells
    guessed = guess(Preview(headers, ())).columns
    breaking = frozenset(headers.index(guessed[field]) for field in BREAKING if field in guessed)
    rows = islice(table.rows(Shape(table.delimiter, len(headers), breaking)), PROVING_ROWS)
    return preview_of(headers, (row.cells for row in rows if not row.problem))


def template() -> bytes:
    """A file with the columns and one made-up row, with the mark by which spreadsheet programs know UTF-8."""
    return "".join(map(write_line, (FIELDS, EXAMPLE))).encode("utf-8-sig")


class CsvTable:
    """The format of CSV files, each row an encounter."""

    def read(self, file: BinaryIO, layout: Layout, start: Cursor = BEGINNING) -> Iterator[Draft]:
        """The rows from a cursor on; its offset is the byte at which a row begins."""
        table = Table(file)
        columns = Columns.of(table.header.cells, layout)
        for draft, _ in _encounters(table, columns, start):
            yield table.with_remarks(draft, columns)

    def excerpt(
        self, file: BinaryIO, layout: Layout, wanted: Mapping[int, Iterable[Problem]]
    ) -> Iterator[bytes]:
        """The header and the wanted rows, with their problems in a first column."""
        table = Table(file)
        columns = Columns.of(table.header.cells, layout)
        yield from excerpt_of(table, _encounters(table, columns), wanted)


def excerpt_of(
    table: "Table",
    encounters: Iterable[tuple[Draft, Sequence[Row]]],
    wanted: Mapping[int, Iterable[Problem]],
) -> Iterator[bytes]:
    """The header and the rows of the wanted encounters, with their problems in a first column.

    A row that cannot be read comes as one cell with its line: written as it was, it would spoil the rows behind it.
    """
    kept = own_columns(table.header.cells)
    names = [table.header.cells[place] for place in kept]
    yield table.line([PROBLEM_COLUMN, *names]).encode("utf-8-sig")
    for draft, rows in islice(encounters, max(wanted, default=0)):
        if draft.number not in wanted:
            continue
        words = " ".join(problem.text for problem in wanted[draft.number])
        for row in rows:
            if row.problem:
                cells = [row.first.text.rstrip("\r\n")]
            else:
                cells = [row.cells[place] for place in kept]
            yield table.line([words, *cells]).encode()


class Table:
    """A file with its encoding, delimiter and header found."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._encoding: Encoding = encoding_of(file, or_windows=True)
        self._declared = ""
        first = self._line(0)
        if first and (declared := DECLARED.fullmatch(first.text)):
            self._declared = declared[1]
            first = self._line(first.after)
        if first is None:
            raise FileError(
                "The file is empty. Send a file with a header line and a line for each encounter."
            )
        self.delimiter, self.header, self.titles = self._header(first)
        if self.is_ours:
            self.header = _without_guards(self.header)

    def _line(self, offset: int) -> PhysicalLine | None:
        """The next line that holds something."""
        lines = physical_lines(self._file, self._encoding, offset)
        return next((line for line in lines if line.text.strip()), None)

    def _header(self, first: PhysicalLine) -> tuple[str, Row, int]:
        """The first row that names fields, its delimiter, and how many rows stand above; else the first of all."""
        rows: list[tuple[str, Row]] = []
        line: PhysicalLine | None = first
        while line and len(rows) <= MOST_TITLES:
            delimiter = self._declared or max(DELIMITERS, key=line.text.count)
            lines = physical_lines(self._file, self._encoding, line.offset)
            row = next(csv_rows(lines, Shape(delimiter, breaks_anywhere=True)), None)
            if row is None:
                break
            if is_header(row.cells):
                return delimiter, _as_header(row, _without_empty_end(row.cells)), len(rows)
            rows.append((delimiter, row))
            line = self._line(row.last.after)
        delimiter, row = rows[0] if rows else (DELIMITERS[0], Row(first, first))
        return delimiter, _as_header(row, row.cells), 0

    @property
    def is_ours(self) -> bool:
        """Whether Concord wrote the file: it gives back rejected rows behind their problem."""
        return self.header.cells[0].strip().casefold() == PROBLEM_COLUMN

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What of the file stands in no row."""
        return (left_out(rows_above(self.titles)),) if self.titles else ()

    def with_remarks(self, draft: Draft, columns: Columns) -> Draft:
        """An encounter of the file; the first one tells what of the file stands in none."""
        if draft.number > 1:
            return draft
        of_table = (*self.remarks, *columns.without_notes, *self._left_out(columns))
        return replace(draft, remarks=(*of_table, *draft.remarks))

    def _left_out(self, columns: Columns) -> tuple[Remark, ...]:
        """The columns of which nothing is taken."""
        if not unmatched(self.header.cells, columns):
            return ()
        first, more, _ = first_rows(self.rows(self.shape(columns)))
        cells = [row.cells for row in first if not row.problem]
        return left_out_columns(self.header.cells, columns, cells, more=more)

    def shape(self, columns: Columns) -> Shape:
        """How the rows below the header look."""
        return Shape(self.delimiter, columns.width, columns.breaking)

    def rows(self, shape: Shape, offset: int = 0, line: int = 0) -> Iterator[Row]:
        """The rows from a byte position on, or all below the header; those of a file of ours without their guards.

        ``line`` is the number of the line at the position, where it is known: else lines are counted up to there.
        """
        lines = physical_lines(self._file, self._encoding, offset or self.header.last.after, line)
        rows = csv_rows(lines, shape)
        return map(_without_guards, rows) if self.is_ours else rows

    def line(self, cells: Sequence[str]) -> str:
        """A row as this file writes it, guarded against being run as a formula."""
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self.delimiter).writerow(map(guarded, cells))
        return out.getvalue()


def _as_header(row: Row, names: Sequence[str]) -> Row:
    """A row as the header, with names that can be told apart. Raises FileError."""
    # To tell names apart each is compared with all: a line of a million would take hours.
    if row.problem or not names or len(names) > MOST_COLUMNS:
        why = row.problem or f"It names nothing, or more than {MOST_COLUMNS} columns."
        raise FileError(f"Line {row.first.number}, the header, cannot be used. {why}")
    return row._replace(cells=told_apart(names))


def _without_guards(row: Row) -> Row:
    return row._replace(cells=tuple(map(unguarded, row.cells)))


def _without_empty_end(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells up to the last that holds something: some programs end each row with one delimiter more."""
    filled = [place for place, cell in enumerate(cells) if cell.strip()]
    return tuple(cells[: filled[-1] + 1]) if filled else ()


def _encounters(
    table: Table, columns: Columns, start: Cursor = BEGINNING
) -> Iterator[tuple[Draft, list[Row]]]:
    rows = table.rows(table.shape(columns), start.offset)
    for number, row in enumerate(rows, start=start.number + 1):
        draft = draft_of(row, columns, Cursor(number, row.last.after), is_ours=table.is_ours)
        yield replace(draft, number=number), [row]


def draft_of(row: Row, columns: Columns, after: Cursor, *, is_ours: bool) -> Draft:
    """What a row says, or why it cannot be read; whoever gathers the rows numbers them."""
    if row.problem:
        problem = Problem("row", row.problem, shown(row.first.text.strip()))
        return Draft(0, row.place, EncounterTexts(), after, (problem,))
    texts, problems, remarks = columns.read(row.cells, {})
    guards = () if is_ours else _guards_kept(row, columns)
    taken = columns.taken if row.is_windows else set()
    letters = filter(None, [read_as_windows(row.cells[at] for at in sorted(taken))])
    return Draft(0, row.place, texts, after, problems, (*remarks, *guards, *letters))


def _guards_kept(row: Row, columns: Columns) -> tuple[Remark, ...]:
    """That an apostrophe may be a guard of ours: the column of problems, by which it would be known, is not there."""
    remarks = []
    for field, place in columns.places.items():
        if seems_guarded(row.cells[place]):
            remarks.append(Remark(GUARD_KEPT.format(LABELS[field])))
    return tuple(remarks)
