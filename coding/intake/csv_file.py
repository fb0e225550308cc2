"""CSV files of encounters: every line of the file is accounted for, or the file is refused."""

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass

COLUMNS = (
    "external_id",
    "patient_reference",
    "birth_date",
    "sex",
    "date_of_service",
    "place_of_service",
    "provider",
    "payer",
    "note",
    "diagnoses",
    "service_lines",
)
REQUIRED = ("external_id", "patient_reference", "date_of_service", "place_of_service", "provider", "note")
# Added to a file of rejected rows; ignored when the mended file comes back.
PROBLEM_COLUMN = "problem"
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


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's columns and rows. ``content_hash`` is that of its bytes."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    content_hash: str


def read_csv(content: bytes) -> Sheet:
    """Read a whole file. Raises FileError if any part of it cannot be read for certain."""
    if b"\0" in content:
        raise FileError("The file holds NUL bytes: it is no text. Save it as CSV in UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileError(f"Line {line} is not UTF-8. Save the file as CSV in UTF-8.") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
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
    columns = _columns(lines[0].cells)
    for row in lines[1:]:
        if len(row.cells) != len(columns):
            raise FileError(f"Line {row.number} has {len(row.cells)} cells, the header has {len(columns)}.")
    return Sheet(columns, tuple(lines[1:]), hashlib.sha256(content).hexdigest())


def _columns(header: tuple[str, ...]) -> tuple[str, ...]:
    columns = tuple(cell.strip().lower() for cell in header)
    for column in columns:
        if columns.count(column) > 1:
            raise FileError(f"The header names “{column}” twice.")
        if column not in (*COLUMNS, PROBLEM_COLUMN):
            raise FileError(f"The header names “{column}”, which is no column. Use the template.")
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        raise FileError(f"The header lacks {', '.join(missing)}. Use the template.")
    return columns


def guarded(cell: str) -> str:
    """The cell as an export writes it, so that no spreadsheet runs it."""
    return GUARD + cell if cell.startswith(FORMULA_STARTS) else cell


def unguarded(cell: str) -> str:
    """The cell without the guard that an export put before it."""
    return cell[1:] if cell.startswith(GUARD) and cell[1:].startswith(FORMULA_STARTS) else cell


def write_csv(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A CSV text that ``read_csv`` reads back unchanged."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()
