"""Columns of a table that no field takes: each is named once, on the first item, with the values in it."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

from coding.intake.cells import cleaned
from coding.intake.column_names import own_columns
from coding.intake.columns import PROVING_ROWS, Columns
from coding.intake.drafts import Remark
from coding.intake.texts import left_out
from coding.intake.values import counted, shown
from coding.tables.errors import FileError

Row = TypeVar("Row")


def first_rows(rows: Iterator[Row]) -> tuple[list[Row], bool, Iterator[Row]]:
    """The rows that are looked at, whether there are more, and all rows again, up to the error that ends them."""
    first: list[Row] = []
    try:
        for row in islice(rows, PROVING_ROWS + 1):
            first.append(row)
    except FileError as error:
        return first, False, chain(first, _raising(error))
    return first[:PROVING_ROWS], len(first) > PROVING_ROWS, chain(first, rows)


def _raising(error: FileError) -> Iterator[Row]:
    raise error
    yield


def left_out_columns(
    headers: Sequence[str], columns: Columns, rows: Sequence[Sequence[str]], *, more: bool
) -> tuple[Remark, ...]:
    """The columns that are matched to nothing and hold something.

    ``rows`` are the first ones, up to ``PROVING_ROWS`` of them, with ``more`` behind: a file of any size is read once,
    so values are counted in those. A column that is empty there is named all the same, for it may be filled below.
    """
    remarks = []
    for place in unmatched(headers, columns):
        cells = [row[place] for row in rows if place < len(row)]
        count = sum(1 for cell in cells if cleaned(cell))
        if count or more:
            column = _name(headers[place], place)
            where = f" in the first {PROVING_ROWS:,} rows" if more else ""
            remarks.append(left_out(f"the {column}, {counted(count, 'value')}{where}"))
    return tuple(remarks)


def unmatched(headers: Sequence[str], columns: Columns) -> list[int]:
    """The places of the columns that are matched to nothing, but that of the problems which a rejected part brings."""
    taken = columns.taken
    return [place for place in own_columns(headers) if place not in taken]


def _name(header: str, place: int) -> str:
    if not header.strip():
        return f"column {place + 1} without a name"
    return f"column “{shown(header.strip())}”"
