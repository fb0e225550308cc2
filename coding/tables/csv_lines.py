"""Lines of a CSV file: every line of the file is accounted for, or the file is refused."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LARGEST_CELL = 200_000
# An export puts this before a text that a spreadsheet would run as a formula; import takes it away again.
GUARD = "'"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", GUARD)

csv.field_size_limit(LARGEST_CELL)


class FileError(ValueError):
    """A file that cannot be read; the message names the line and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row with the line of the file on which it begins."""

    number: int
    cells: tuple[str, ...]


def read_lines(content: bytes, delimiters: Sequence[str] = ",") -> list[Line]:
    """All rows that hold something. Raises FileError if any part of the file cannot be read for certain.

    Of several delimiters that counts which the first line holds most often.
    """
    if b"\0" in content:
        raise FileError("The file holds NUL bytes: it is no text. Save it as CSV in UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileError(f"Line {line} is not UTF-8. Save the file as CSV in UTF-8.") from None
    delimiter = max(delimiters, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[Line] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(Line(begins, tuple(unguarded(cell) for cell in cells)))
            begins = reader.line_num + 1
    except csv.Error:
        raise FileError(
            f"The row that begins on line {begins} cannot be read: a quotation mark is not closed, or a cell has more"
            f" than {LARGEST_CELL:,} characters."
        ) from None
    if not lines:
        raise FileError("The file is empty.")
    return lines


def write_line(cells: Iterable[str]) -> str:
    """A row as text that ``read_lines`` reads back unchanged and no spreadsheet runs."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([guarded(cell) for cell in cells])
    return out.getvalue()


def guarded(cell: str) -> str:
    """The cell as an export writes it, so that no spreadsheet runs it."""
    return GUARD + cell if cell.startswith(FORMULA_STARTS) else cell


def unguarded(cell: str) -> str:
    """The cell without the guard that an export put before it."""
    return cell[1:] if cell.startswith(GUARD) and cell[1:].startswith(FORMULA_STARTS) else cell
