"""Rows of a CSV file, one bad row at a time.

A reader that trusts a quotation mark swallows every row up to the next one. Here a row that cannot be read for certain
costs its first physical line only; reading goes on with the next line. The csv module cannot tell in which cell it
stands when it asks for another line, and so could not stop before it has swallowed them.

A line that opens a cell without closing it would also close the cell of a line before: looking ahead costs no more than
the file is long, whatever stands in it. Of encounters only the note and the codes may hold line breaks. Where any cell
may, as in a file of rules, the first bad row has to be the last one that is asked for.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from coding.tables.text_lines import PhysicalLine

LARGEST_CELL = 200_000
QUOTE = '"'
LINE_END = "\r\n"


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file separates its cells, how many a row has (0 while that is unknown), and in which a line may break."""

    delimiter: str
    width: int = 0
    breaking: frozenset[int] = frozenset()
    breaks_anywhere: bool = False

    def may_break(self, cell: int) -> bool:
        """Whether a cell may hold line breaks."""
        return self.breaks_anywhere or cell in self.breaking

    @property
    def where_it_may_break(self) -> str:
        """For messages."""
        return "" if self.breaks_anywhere else "; only notes and codes may have line breaks"


# What old programs write behind the last row.
END_OF_FILE = "\x1a"


class Row(NamedTuple):
    """A row as it stands, or what is wrong with its first physical line. ``last`` is the row's last line.

    One that ``is_windows`` has a line that was read as Windows-1252.
    """

    first: PhysicalLine
    last: PhysicalLine
    cells: tuple[str, ...] = ()
    problem: str = ""
    is_windows: bool = False

    @property
    def place(self) -> str:
        """The line or lines of the file."""
        if self.first is self.last:
            return f"line {self.first.number}"
        return f"lines {self.first.number}-{self.last.number}"


def csv_rows(lines: Iterator[PhysicalLine], shape: Shape) -> Iterator[Row]:
    """The rows that hold something."""
    ahead = _Ahead(lines)
    while line := ahead.line(0):
        if line.text.isspace() or line.text.strip() == END_OF_FILE:
            ahead.drop(1)
            continue
        row = _row(line, ahead, shape)
        if any(own.is_windows for own in ahead.drop(row.last.number - line.number + 1)):
            row = row._replace(is_windows=True)
        if row.problem or any(map(str.strip, row.cells)):
            yield row


class _Ahead:
    """Physical lines that were looked at, but may yet turn out to be rows of their own."""

    def __init__(self, lines: Iterator[PhysicalLine]) -> None:
        self._lines = lines
        self._ahead: deque[PhysicalLine] = deque()

    def line(self, number: int) -> PhysicalLine | None:
        """A line, counted from where the row begins."""
        while len(self._ahead) <= number:
            line = next(self._lines, None)
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[number]

    def drop(self, lines: int) -> list[PhysicalLine]:
        """These lines are done with."""
        return [self._ahead.popleft() for _ in range(lines)]


class _Unreadable(ValueError):
    """Why a row cannot be read, and what to do."""


def _row(first: PhysicalLine, ahead: _Ahead, shape: Shape) -> Row:
    try:
        last, cells = _cells(first, ahead, shape)
        if shape.width and not any(map(str.strip, cells[shape.width :])):
            # Some programs end each row with one delimiter more.
            del cells[shape.width :]
        if shape.width and len(cells) != shape.width and any(map(str.strip, cells)):
            raise _Unreadable(
                f"it has {_count(len(cells))}, the header {shape.width}. Look for a missing or extra one"
            )
    except _Unreadable as error:
        return Row(first, first, problem=f"The row cannot be read: {error}.")
    return Row(first, last, tuple(cells))


def _count(cells: int) -> str:
    return "1 cell" if cells == 1 else f"{cells:,} cells"


def _cells(first: PhysicalLine, ahead: _Ahead, shape: Shape) -> tuple[PhysicalLine, list[str]]:
    if first.cut:
        raise _Unreadable("its line is longer than a row may be. Shorten it")
    if QUOTE in first.text:
        return _QuotedRow(first, ahead.line, shape).read()
    cells = first.text.rstrip(LINE_END).split(shape.delimiter)
    _check_length(max(map(len, cells)))
    return first, cells


def _check_length(length: int) -> None:
    if length > LARGEST_CELL:
        raise _Unreadable(
            f"a cell has more than {LARGEST_CELL:,} characters. Shorten it, or close its quotation mark"
        )


class _QuotedRow:
    """A row with quotation marks, read from cell to cell and, within the note, from line to line."""

    def __init__(
        self, first: PhysicalLine, ahead: Callable[[int], PhysicalLine | None], shape: Shape
    ) -> None:
        self._line = first
        self._ahead = ahead
        self._shape = shape
        self._lines = 1
        self._at = 0
        self._cells: list[str] = []

    def read(self) -> tuple[PhysicalLine, list[str]]:
        """The last physical line of the row, and its cells. Raises _Unreadable."""
        while True:
            quoted = self._line.text.startswith(QUOTE, self._at)
            self._cells.append(self._quoted_cell() if quoted else self._plain_cell())
            if not self._line.text.startswith(self._shape.delimiter, self._at):
                break
            self._at += 1
        if self._line.text[self._at :].rstrip(LINE_END):
            words = f"text follows the quotation mark that closes cell {len(self._cells)}"
            raise _Unreadable(f"{words}. Double every mark that stands within a cell")
        return self._line, self._cells

    def _plain_cell(self) -> str:
        begin, text = self._at, self._line.text
        end = text.find(self._shape.delimiter, begin)
        self._at = end if end >= 0 else len(text.rstrip(LINE_END))
        _check_length(self._at - begin)
        return text[begin : self._at]

    def _quoted_cell(self) -> str:
        parts: list[str] = []
        length = 0
        self._at += 1
        while True:
            end = self._line.text.find(QUOTE, self._at)
            doubled = end >= 0 and self._line.text.startswith(QUOTE, end + 1)
            parts.append(self._line.text[self._at : end + doubled if end >= 0 else None])
            length += len(parts[-1])
            _check_length(length)
            if end < 0:
                self._next_line()
            elif doubled:
                self._at = end + 2
            else:
                self._at = end + 1
                return "".join(parts)

    def _next_line(self) -> None:
        """Within a quoted cell, the next line goes on with it where a line may break."""
        line = self._ahead(self._lines) if self._shape.may_break(len(self._cells)) else None
        if line is None:
            words = f"the quotation mark that opens cell {len(self._cells) + 1} is not closed"
            raise _Unreadable(f"{words}. Close it, or take it out{self._shape.where_it_may_break}")
        if line.cut:
            raise _Unreadable(f"line {line.number:,} of it is longer than a row may be. Shorten it")
        self._line, self._at = line, 0
        self._lines += 1
