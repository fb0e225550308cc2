"""Columns of a list: a person chooses among them, and a file holds what the list shows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import QueryDict

CHOSEN = "column"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it says of a row in words, one or several.

    ``part`` is the template that shows the words, with ``row`` and ``words``; without one each text is a line. A file
    holds the words themselves.
    ``usual`` columns are shown to whoever chose none; one that is ``fixed`` is always shown.
    """

    key: str
    label: str
    words: Callable[[Any], Sequence[str]]
    part: str = ""
    usual: bool = True
    fixed: bool = False


class Cell(NamedTuple):
    """A column of one row."""

    column: Column
    words: Sequence[str]


class ShownRow(NamedTuple):
    """A row with its cells, in the order of the columns."""

    row: Any
    cells: list[Cell]


def chosen_columns(columns: Sequence[Column], asked: QueryDict) -> list[Column]:
    """The columns that an address asks for; the usual ones where it asks for none that there is."""
    keys = set(asked.getlist(CHOSEN))
    chosen = [column for column in columns if column.fixed or column.key in keys]
    asks = any(column.key in keys for column in columns)
    return chosen if asks else usual_columns(columns)


def usual_columns(columns: Sequence[Column]) -> list[Column]:
    """Those that are shown to whoever chose none."""
    return [column for column in columns if column.fixed or column.usual]


def keys_of(columns: Iterable[Column]) -> set[str]:
    """The keys of columns: by them a list reads what only some of its columns say."""
    return {column.key for column in columns}


def in_cells(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[ShownRow]:
    """The rows as a list shows them."""
    for row in rows:
        yield ShownRow(row, [Cell(column, column.words(row)) for column in columns])


def as_texts(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[list[str]]:
    """The rows as a file holds them, beneath the columns' labels."""
    for row in rows:
        yield ["; ".join(column.words(row)) for column in columns]
