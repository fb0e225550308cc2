"""The rows of a table as CMS publishes it: text with tabs or commas, or a workbook; with notices above the header."""

import codecs
import csv
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from io import TextIOWrapper
from itertools import islice
from typing import BinaryIO, NamedTuple

from coding.tables.errors import FileError
from coding.tables.xlsx_sheet import sheet_rows

ZIP = b"PK\x03\x04"
UTF_16 = "utf-16"
# Rows of a sheet are filled up to so many cells at most; the widest table of CMS has 48 columns.
WIDEST = 100
# Notice, title and a header of several lines stand above the rows.
MOST_HEADING_ROWS = 40
# A sheet holds 1,048,576 rows at most, and a part of the NCCI pairs some 700,000: six times what is read elsewhere.
TIMES_THE_ROWS = 6


class TableRow(NamedTuple):
    """A row by the line of the file on which it ends, or its number in the sheet."""

    number: int
    cells: list[str]


def table_rows(file: BinaryIO) -> Iterator[TableRow]:
    """All rows that hold something. Raises FileError for a file that is no such table."""
    file.seek(0)
    start = file.read(65_536)
    file.seek(0)
    if not start.strip():
        raise FileError("The file is empty.")
    if start.startswith(ZIP):
        _refuse_archive(file)
        return _of_workbook(file)
    encoding = _encoding(start)
    if b"\x00" in start and encoding != UTF_16:
        raise FileError("The file is no text and no workbook. Take it as CMS publishes it.")
    has_tabs = start.count(b"\t") > start.count(b",")
    read = _of_tabs if has_tabs else _of_commas
    return _without_nul(_of_text(file, encoding, read))


def _refuse_archive(file: BinaryIO) -> None:
    """CMS publishes its files in archives; a workbook is one too, and says itself if it is damaged."""
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(file) as archive:
        if not any(name.casefold().startswith("xl/") for name in archive.namelist()):
            raise FileError("The file is an archive. Take the table out of it first.")
    file.seek(0)


def _without_nul(rows: Iterator[TableRow]) -> Iterator[TableRow]:
    """No database keeps the character NUL, and no table of CMS holds it."""
    for row in rows:
        if any("\0" in cell for cell in row.cells):
            raise FileError(
                f"Line {row.number} holds the character NUL. Take the file as CMS publishes it."
            )
        yield row


def heading(rows: Iterator[TableRow]) -> tuple[list[TableRow], Iterator[TableRow]]:
    """The first rows, among which the header stands, and all rows again."""
    first = list(islice(rows, MOST_HEADING_ROWS))
    return first, _again(first, rows)


def columns_of(row: Sequence[str], names: Mapping[str, tuple[str, ...]]) -> dict[str, int] | None:
    """Where each named column stands in a header row, by any of its spellings; None if one is missing."""
    plain = [_plain(cell) for cell in row]
    places = {}
    for name, spellings in names.items():
        standing = [own for own in map(_plain, spellings) if own in plain]
        if not standing:
            return None
        places[name] = plain.index(standing[0])
    return places


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _again(first: list[TableRow], rest: Iterator[TableRow]) -> Iterator[TableRow]:
    yield from first
    yield from rest


def _encoding(start: bytes) -> str:
    """UTF-16 where its mark stands, UTF-8 where the beginning is; else Latin-1, in which CMS writes notices."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF_16
    # A character may be cut where the beginning ends: its last line is left out, unless it is the only one.
    lines, end, _ = start.rpartition(b"\n")
    try:
        (lines if end else start).decode("utf-8-sig")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig"


def _of_text(
    file: BinaryIO, encoding: str, read: Callable[[TextIOWrapper], Iterator[TableRow]]
) -> Iterator[TableRow]:
    text = TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield from read(text)
    finally:
        # The file is the caller's to close.
        text.detach()


def _of_tabs(text: TextIOWrapper) -> Iterator[TableRow]:
    number = 0
    try:
        for number, line in enumerate(text, start=1):
            cells = line.rstrip("\r\n").split("\t")
            if any(cells):
                yield TableRow(number, cells)
    except UnicodeDecodeError as error:
        raise FileError(
            f"Line {number + 1}: {error}. Take the file as CMS publishes it."
        ) from error


def _of_commas(text: TextIOWrapper) -> Iterator[TableRow]:
    rows = csv.reader(text, strict=True)
    try:
        for cells in rows:
            if any(cells):
                yield TableRow(rows.line_num, cells)
    except (csv.Error, UnicodeDecodeError) as error:
        raise FileError(
            f"Line {rows.line_num}: {error}. Take the file as CMS publishes it."
        ) from error


def _of_workbook(file: BinaryIO) -> Iterator[TableRow]:
    """Rows as wide as those before: a sheet holds no empty cells at the end of a row."""
    width = 0
    for row in sheet_rows(file, times=TIMES_THE_ROWS).rows:
        if not row.cells:
            continue
        own = max(row.cells) + 1
        width = max(width, min(own, WIDEST))
        cells = [row.cells.get(at, "") for at in range(max(own, width))]
        yield TableRow(row.number, cells)
