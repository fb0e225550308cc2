"""CSV files of encounters, of any size: every physical line is accounted for, and a bad row takes no other with it."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import BinaryIO

from coding.intake.columns import EXAMPLE, FIELDS, MOST_COLUMNS, PREVIEW_ROWS, PROBLEM_COLUMN, Columns, Preview, guess
from coding.intake.drafts import BEGINNING, Cursor, Draft, EncounterTexts, Layout, Problem
from coding.intake.values import shown
from coding.tables.csv_lines import write_line
from coding.tables.csv_rows import Row, Shape, csv_rows
from coding.tables.errors import FileError
from coding.tables.guards import guarded
from coding.tables.text_lines import Encoding, encoding_of, physical_lines

DELIMITERS = ",;\t"


def headers(file: BinaryIO) -> Preview:
    """The header and the first rows. Raises FileError where there is no header to be read."""
    table = _Table(file)
    note = guess(table.header.cells).columns.get("note", "")
    place = table.header.cells.index(note) if note else -1
    rows = islice(table.rows(Shape(table.delimiter, len(table.header.cells), place)), PREVIEW_ROWS)
    return Preview(table.header.cells, tuple(row.cells for row in rows if not row.problem))


def template() -> bytes:
    """A file with the columns and one made-up row, with the mark by which spreadsheet programs know UTF-8."""
    return "".join(map(write_line, (FIELDS, EXAMPLE))).encode("utf-8-sig")


class CsvTable:
    """The format of CSV files."""

    def read(self, file: BinaryIO, layout: Layout, start: Cursor = BEGINNING) -> Iterator[Draft]:
        """The rows from a cursor on; its offset is the byte at which a row begins."""
        table = _Table(file)
        columns = Columns.of(table.header.cells, layout)
        rows = table.rows(table.shape(columns), start.offset)
        for number, row in enumerate(rows, start=start.number + 1):
            yield _draft(number, row, columns)

    def excerpt(self, file: BinaryIO, layout: Layout, wanted: Mapping[int, Iterable[Problem]]) -> Iterator[bytes]:
        """The header and the wanted rows, with their problems in a first column.

        A row that cannot be read comes as one cell with its line: written as it was, it would spoil the rows behind it.
        """
        table = _Table(file)
        columns = Columns.of(table.header.cells, layout)
        names = [name.strip().casefold() for name in table.header.cells]
        kept = [place for place, name in enumerate(names) if name != PROBLEM_COLUMN]
        yield table.line([PROBLEM_COLUMN, *(table.header.cells[place] for place in kept)]).encode("utf-8-sig")
        rows = islice(table.rows(table.shape(columns)), max(wanted, default=0))
        for number, row in enumerate(rows, start=1):
            if number in wanted:
                words = " ".join(problem.text for problem in wanted[number])
                cells = [row.first.text.rstrip("\r\n")] if row.problem else [row.cells[place] for place in kept]
                yield table.line([words, *cells]).encode()


class _Table:
    """A file with its encoding, delimiter and header found."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._encoding: Encoding = encoding_of(file)
        first = next((line for line in physical_lines(file, self._encoding) if line.text.strip()), None)
        if first is None:
            raise FileError("The file is empty. Send a file with a header line and a line for each encounter.")
        self.delimiter = max(DELIMITERS, key=first.text.count)
        row = next(csv_rows(iter([first]), Shape(self.delimiter)), None)
        if row is None or row.problem or len(row.cells) > MOST_COLUMNS:
            why = row.problem if row and row.problem else f"It names nothing, or more than {MOST_COLUMNS} columns."
            raise FileError(f"Line {first.number}, the header, cannot be used. {why}")
        self.header: Row = row

    def shape(self, columns: Columns) -> Shape:
        """How the rows below the header look."""
        return Shape(self.delimiter, columns.width, columns.note)

    def rows(self, shape: Shape, offset: int = 0) -> Iterator[Row]:
        """The rows from a byte position on, or all below the header."""
        return csv_rows(physical_lines(self._file, self._encoding, offset or self.header.last.after), shape)

    def line(self, cells: Sequence[str]) -> str:
        """A row as this file writes it, guarded against being run as a formula."""
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self.delimiter).writerow(map(guarded, cells))
        return out.getvalue()


def _draft(number: int, row: Row, columns: Columns) -> Draft:
    after = Cursor(number, row.last.after)
    if row.problem:
        problem = Problem("row", row.problem, shown(row.first.text.strip()))
        return Draft(number, row.place, EncounterTexts(), after, (problem,))
    texts, problems = columns.texts(row.cells, {})
    return Draft(number, row.place, texts, after, problems)
