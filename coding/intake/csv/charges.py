"""CSV files whose rows are charges: those of one account, patient and day are one encounter, wherever they stand.

The file is read twice: once to take down where the rows of each visit stand, once for what they say.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from coding.intake import charge_rows
from coding.intake.charge_rows import BEGUN_OTHERWISE, visit_digest
from coding.intake.columns import Columns
from coding.intake.csv.table import Table, draft_of, excerpt_of
from coding.intake.drafts import BEGINNING, Cursor, Draft, Item, Layout, Problem
from coding.intake.index_file import IndexFile, Surveyed
from coding.intake.scattered import Scattered
from coding.tables.csv_rows import Row
from coding.tables.errors import FileError

TABLES = (
    # A row of the file by its first and its last byte, with its first line and the visit that it names.
    "CREATE TABLE row (begin INTEGER PRIMARY KEY, last INTEGER, line INTEGER, visit BLOB)",
    # The rows as they are read: behind the first row of a visit its others.
    "CREATE TABLE reading (rank INTEGER PRIMARY KEY, begin INTEGER, last INTEGER, line INTEGER)",
)
ADD_ROW = "INSERT INTO row VALUES (?, ?, ?, ?)"
ORDER_ROWS = """
    INSERT INTO reading (begin, last, line)
    SELECT begin, last, line FROM row ORDER BY min(begin) OVER (PARTITION BY visit), begin
"""
RANK_OF = "SELECT rank FROM reading WHERE last = ?"
BEHIND = "SELECT begin, line FROM reading WHERE rank > ? ORDER BY rank"


@dataclass(frozen=True, slots=True)
class ChargeTable(Scattered):
    """The format of such files. A cursor's offset is the last byte of the row that was read last."""

    layout: Layout = field(default_factory=Layout)

    def opened(self, file: BinaryIO, layout: Layout) -> tuple[Scattered, BinaryIO]:
        """A reader that knows how the columns were matched."""
        return replace(self, layout=layout), file

    def survey(self, file: BinaryIO, rows: IndexFile) -> Iterator[Surveyed]:
        """Take down which rows name one visit, from where the index ends on; what ends the file early is kept."""
        begun, error = rows.surveyed, ""
        if begun.whole:
            return
        table, columns = self._table(file)
        if not begun.offset:
            for statement in TABLES:
                rows.run(statement)
        try:
            for row in table.rows(table.shape(columns), begun.offset):
                begin = row.first
                rows.add(ADD_ROW, begin.offset, _last(row), begin.number, _visit(row, columns))
                if rows.is_full:
                    reached = Surveyed(row.last.after, row.last.number)
                    rows.write(reached)
                    yield reached
        except FileError as wrong:
            error = str(wrong)
        rows.write(rows.surveyed)
        rows.run(ORDER_ROWS)
        rows.write(Surveyed(whole=True, more=error))

    def items(self, file: BinaryIO, rows: IndexFile, start: Cursor) -> Iterator[Item]:
        """The encounters from a cursor on, each where its first row stands. Raises FileError."""
        table, columns = self._table(file)
        for draft, _ in _encounters(table, columns, rows, start):
            yield table.with_remarks(draft, columns)
        if error := rows.surveyed.more:
            raise FileError(error)

    def excerpt_of(
        self, file: BinaryIO, rows: IndexFile, wanted: Mapping[int, Iterable[Problem]]
    ) -> Iterator[bytes]:
        """The header and the rows of the wanted encounters, with their problems in a first column."""
        table, columns = self._table(file)
        yield from excerpt_of(table, _encounters(table, columns, rows), wanted)

    def _table(self, file: BinaryIO) -> tuple[Table, Columns]:
        table = Table(file)
        return table, Columns.of(table.header.cells, self.layout)


def _visit(row: Row, columns: Columns) -> bytes:
    """What rows of one visit have in common; a row that names none stands alone."""
    visit = () if row.problem else columns.visit(row.cells)
    return visit_digest(visit) if visit else str(row.first.offset).encode()


def _last(row: Row) -> int:
    """The last byte of a row: at none of these does another one begin."""
    return row.last.after - 1


def _encounters(
    table: Table, columns: Columns, rows: IndexFile, start: Cursor = BEGINNING
) -> Iterator[tuple[Draft, list[Row]]]:
    # Before the first item a cursor tells how far the survey came.
    rank: int | None = rows.value(RANK_OF, start.offset) if start.number else 0
    if rank is None:
        raise FileError(BEGUN_OTHERWISE)
    in_order = _in_order(table, columns, rows.run(BEHIND, rank))
    return charge_rows.items(_drafts(table, columns, in_order), columns.joins, start.number)


def _drafts(table: Table, columns: Columns, rows: Iterable[Row]) -> Iterator[tuple[Draft, Row]]:
    for row in rows:
        after = Cursor(0, _last(row))
        yield draft_of(row, columns, after, is_ours=table.is_ours), row


def _in_order(table: Table, columns: Columns, wanted: Iterable[tuple[int, int]]) -> Iterator[Row]:
    """The rows that begin there. The file is read on as long as they follow one another in it."""
    shape = table.shape(columns)
    following: Iterator[Row] = iter(())
    for begin, line in wanted:
        row = None
        # What ends the file early may stand behind the row that was read last, and be none of those wanted.
        with suppress(FileError):
            row = next(following, None)
        if row is None or row.first.offset != begin:
            following = table.rows(shape, begin, line)
            row = next(following)
        yield row
