"""The file of geographic practice cost indices as CMS publishes it: bytes in, localities out."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import BinaryIO, NamedTuple

from coding.reference.table_files import LONGEST_TEXT
from coding.reference.table_rows import TableRow, heading, table_rows
from coding.tables.errors import FileError

# Three indices, and how long what stands before them may be, as the tables keep it.
INDEX = re.compile(r"[0-9]{0,3}(\.[0-9]{1,3})?(?<=[0-9])")
STATE = re.compile(r"[A-Z]{2}")
LONGEST_OF_LOCALITY = (5, 2, 2, LONGEST_TEXT)
# The three indices by a word of their headers, in the order in which they are kept. Source: CMS, addendum E.
WORK, PRACTICE, MALPRACTICE = (
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in ("PW|work", "PE|practice", "MP|malpractice|PLI|professional liability")
)
IN_FORCE = re.compile(r"\bin (?:force|effect)\b", re.IGNORECASE)


class LocalityRow(NamedTuple):
    """The geographic indices of a Medicare locality. Number and carrier keep their zeros."""

    carrier: str
    state: str
    number: str
    name: str
    work: Decimal
    practice: Decimal
    malpractice: Decimal


def locality_rows(file: BinaryIO) -> Iterator[LocalityRow]:
    """The localities; notes below them end the table."""
    first, rows = heading(table_rows(file))
    header = next(filter(_names_localities, first), None)
    if header is None:
        raise FileError(
            "This is no file of GPCI: no line has the column Locality Number. Take it as CMS publishes it."
        )
    indices = _index_columns(header.cells)
    for row in rows:
        if row.number > header.number and _has_a_state(row):
            yield _locality(row, indices)


def _has_a_state(row: TableRow) -> bool:
    """Whether a row is no note below the table."""
    return len(row.cells) > 1 and STATE.fullmatch(row.cells[1].strip()) is not None


def _index_columns(header: list[str]) -> list[int]:
    """Where work, practice and malpractice stand. Raises FileError where one is missing, or several may be meant."""
    named = {at: cell for at, cell in enumerate(header) if "gpci" in cell.casefold()}
    columns = [_index_column(named, pattern) for pattern in (WORK, PRACTICE, MALPRACTICE)]
    if min(columns) < len(LONGEST_OF_LOCALITY):
        raise FileError(
            "The columns of GPCI stand before the locality. Take the file as CMS publishes it."
        )
    return columns


def _index_column(named: Mapping[int, str], pattern: re.Pattern[str]) -> int:
    """The one column of an index; of several, such as with and without a floor, the one that says it is in force."""
    meant = [at for at, cell in named.items() if pattern.search(cell)]
    in_force = [at for at in meant if IN_FORCE.search(named[at])]
    if len(meant) > 1 and len(in_force) != 1:
        headers = [" ".join(named[at].split()) for at in meant]
        several = " and ".join(f"“{header}”" for header in headers)
        raise FileError(
            f"The header has {several}, and does not say which of them is in force. Write “(in force)” behind the name"
            " of the one that counts from the first day of the release, and load the file again."
        )
    if not meant:
        raise FileError("The header lacks a GPCI of work (PW), practice (PE) or malpractice (MP).")
    return (in_force or meant)[0]


def _names_localities(row: TableRow) -> bool:
    return any(cell.strip().casefold() == "locality number" for cell in row.cells)


def _locality(row: TableRow, indices: list[int]) -> LocalityRow:
    cells = [cell.strip() for cell in row.cells]
    if len(cells) <= max(indices):
        raise FileError(
            f"Line {row.number} is shorter than the header: the file was cut. Take it as CMS publishes it."
        )
    if not all(INDEX.fullmatch(cells[at]) for at in indices):
        raise FileError(
            f"Line {row.number}: a GPCI is no number. Take the file as CMS publishes it."
        )

    carrier, state, number = cells[:3]
    # Stars behind a name lead to notes below the table.
    name = cells[3].rstrip("*")
    for text, longest in zip((carrier, state, number, name), LONGEST_OF_LOCALITY, strict=True):
        if len(text) > longest:
            raise FileError(
                f"Line {row.number}: carrier, state, number or name is too long. Take it as CMS publishes it."
            )

    work, practice, malpractice = (Decimal(cells[at]) for at in indices)
    return LocalityRow(carrier, state, number, name, work, practice, malpractice)
