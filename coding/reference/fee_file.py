"""Files of the CMS Physician Fee Schedule (PPRRVU): bytes in, releases out.

As CMS publishes it, a file has ten lines of notices and captions above rows of 31 columns, since 2026 of 32; they are
read by their position. Any other file names its columns in the first line. One with the column ``date_start`` may hold
several releases, each under its own date; any other is one release, whose date its name tells or has to be given.
Columns that are not named here are ignored, the AMA's descriptions among them.
"""

import io
import re
from datetime import date

from coding.reference.fee_columns import (
    DATE,
    FILE,
    LONGEST_NAME,
    columns_by_name,
    columns_of_cms,
    place_of_cms_header,
)
from coding.reference.fee_rows import Reader, Release
from coding.reference.first_days import first_day
from coding.reference.table_rows import ZIP, table_rows
from coding.tables.csv_lines import Line, read_lines
from coding.tables.errors import FileError

LARGEST_FILE = 20 * 1024 * 1024

CMS_START = re.compile(rb"^HCPCS[,\t]MOD[,\t]", re.MULTILINE)


def read_fee_file(
    content: bytes, valid_from: date | None = None, name: str = "", file_name: str = ""
) -> list[Release]:
    """The releases of a file, oldest first. Raises FileError with every problem, one a line, at most 20 of them."""
    if len(content) > LARGEST_FILE:
        raise FileError("The file is larger than 20 MB. Split it by release.")
    lines = _lines(content)
    at = place_of_cms_header(lines)
    is_cms = at is not None
    header, *rows = lines[at or 0 :]
    columns = columns_of_cms(header) if is_cms else columns_by_name(header)
    if is_cms or DATE not in columns:
        valid_from = valid_from or first_day(file_name) or _day_in_column(rows, columns)
    if is_cms and not name:
        name = file_name.rsplit(".", 1)[0][:LONGEST_NAME]
    _refuse_unclear_date(columns, valid_from)
    if not rows:
        raise FileError("The file holds a header and no rows. Take the file as CMS publishes it.")
    reader = Reader(columns, valid_from, name)
    reader.read_all(rows, len(header.cells))
    releases = sorted(reader.releases.values(), key=lambda release: release.valid_from)
    if name and len(releases) > 1:
        reader.problems.append(
            f"The file holds {len(releases)} releases with names of their own. Give no name."
        )
    if reader.problems:
        raise FileError("\n".join(reader.problems))
    return releases


def _lines(content: bytes) -> list[Line]:
    """The lines of a text with commas or tabs, or of a workbook. Latin-1 stands in descriptions, which are dropped."""
    if content.startswith(ZIP):
        return [Line(row.number, tuple(row.cells)) for row in table_rows(io.BytesIO(content))]
    if CMS_START.search(content) and not _is_text(content):
        content = content.decode("latin-1").encode()
    return read_lines(content, (",", "\t"))


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _day_in_column(lines: list[Line], columns: dict[str, int]) -> date | None:
    """The day that the file's own column of CMS's file names tells, as in ``rvu24c_jul``."""
    if FILE not in columns or not lines or len(lines[0].cells) <= columns[FILE]:
        return None
    return first_day(lines[0].cells[columns[FILE]])


def _refuse_unclear_date(columns: dict[str, int], valid_from: date | None) -> None:
    if DATE in columns and valid_from:
        raise FileError(f"The file has dates of its own in the column {DATE}. Give no date.")
    if DATE not in columns and not valid_from:
        raise FileError(
            "Neither the file nor its name tells a date. Give the date from which the release is valid."
        )
