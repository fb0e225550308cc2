"""Lines of a small CSV file of ours: every line of the file is accounted for, or the file is refused."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coding.tables.csv_rows import Shape, csv_rows
from coding.tables.errors import FileError
from coding.tables.guards import guarded, unguarded
from coding.tables.text_lines import encoding_of, physical_lines


@dataclass(frozen=True, slots=True)
class Line:
    """A row with the line of the file on which it begins."""

    number: int
    cells: tuple[str, ...]


def read_lines(content: bytes, delimiters: Sequence[str] = ",") -> list[Line]:
    """All rows that hold something, without the guards that ``write_line`` put before their cells.

    Raises FileError if any part of the file cannot be read for certain.

    Of several delimiters that counts which the first line that holds something holds most often.
    """
    file = io.BytesIO(content)
    physical = list(physical_lines(file, encoding_of(file)))
    first = next((line.text for line in physical if line.text.strip()), "")
    if not first:
        raise FileError("The file is empty.")
    delimiter = max(delimiters, key=first.count)
    lines = []
    for row in csv_rows(iter(physical), Shape(delimiter, breaks_anywhere=True)):
        if row.problem:
            raise FileError(f"Line {row.first.number}: {row.problem}")
        lines.append(Line(row.first.number, tuple(map(unguarded, row.cells))))
    return lines


def write_line(cells: Iterable[str]) -> str:
    """A row as text that ``read_lines`` reads back unchanged and no spreadsheet runs."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([guarded(cell) for cell in cells])
    return out.getvalue()
