"""CSV files of encounters: every line of the file is accounted for, or the file is refused."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from coding.csv_lines import FileError, Line, read_lines, write_line

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


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's columns and rows. ``content_hash`` is that of its bytes."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    content_hash: str


def read_csv(content: bytes) -> Sheet:
    """Read a whole file. Raises FileError if any part of it cannot be read for certain."""
    lines = read_lines(content)
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


def write_csv(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A CSV text that ``read_csv`` reads back unchanged."""
    return "".join(map(write_line, [columns, *rows]))
