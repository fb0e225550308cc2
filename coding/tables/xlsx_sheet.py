"""The rows of one sheet of a workbook, one after the other, in memory that does not grow with the file."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from string import ascii_uppercase
from typing import BinaryIO, NamedTuple

from coding.intake.values import shown
from coding.tables.errors import FileError
from coding.tables.xlsx_package import DAMAGED, Attributes, Package, local, parse
from coding.tables.xlsx_values import LONGEST_CELL, Fault, SharedStrings, Styles, plain

SHEET_NAME = "encounters"
MOST_ROWS = 200_000
LAST_COLUMN = 16_384
BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


@dataclass(slots=True)
class SheetRow:
    """A row by its number in the sheet; its cells by their column, from 0. Empty cells are left out."""

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    faults: dict[int, Fault] = field(default_factory=dict)


def letters(column: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def sheet_rows(file: BinaryIO) -> Iterator[SheetRow]:
    """The rows of the sheet “encounters”, or of the first, that hold something. Raises FileError."""
    book = Book(Package(file))
    named = [sheet for sheet in book.sheets if sheet.name.strip().casefold() == SHEET_NAME]
    wanted = next(iter([*named, *book.sheets]), None)
    if wanted is None:
        raise FileError("The workbook has no sheet. Begin with the template.")
    return book.rows(wanted)


class Sheet(NamedTuple):
    """A sheet by the name that people see, and the part of the archive that holds it."""

    name: str
    part: str


class Book:
    """The sheets of a workbook, in their order."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._from_1904 = False
        self._relations: list[tuple[str, str]] = []
        self._targets: dict[str, str] = {}
        for part in (BOOK, RELATIONS):
            package.survey(part, self._start)
        self.sheets = [Sheet(name, self._part(relation)) for name, relation in self._relations]

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows of a sheet that hold something. Raises FileError."""
        self._package.survey(sheet.part, _Survey().start)
        reader = _SheetReader(self._strings, self._styles, self._from_1904)
        for _ in parse(self._package.chunks(sheet.part), reader.start, reader.end, reader.text):
            yield from reader.rows
            reader.rows.clear()

    @cached_property
    def _strings(self) -> SharedStrings:
        return SharedStrings(self._package, "xl/sharedStrings.xml")

    @cached_property
    def _styles(self) -> Styles:
        return Styles(self._package, "xl/styles.xml")

    def _part(self, relation: str) -> str:
        """Absolute within the archive, or relative to the workbook."""
        return posixpath.normpath(posixpath.join("/xl", self._targets.get(relation, ""))).lstrip("/")

    def _start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "workbookPr":
            self._from_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            own = next((value for key, value in attributes.items() if key != "id" and local(key) == "id"), "")
            self._relations.append((attributes.get("name", ""), own))
        elif name == "Relationship":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Survey:
    """Refuses what would be found too late while rows are read: too many of them, and merged cells."""

    def __init__(self) -> None:
        self._rows = 0

    def start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "row":
            self._rows += 1
            if self._rows > MOST_ROWS:
                raise FileError(f"The sheet has more than {MOST_ROWS:,} rows. Delete empty ones, or send it as CSV.")
        elif name == "mergeCell":
            place = shown(attributes.get("ref", ""))
            raise FileError(f"Cells {place} are merged. Unmerge all cells and fill in each of them.")


class _SheetReader:
    """Makes rows of what the parser tells."""

    def __init__(self, strings: SharedStrings, styles: Styles, from_1904: bool) -> None:
        self.rows: list[SheetRow] = []
        self._from_1904 = from_1904
        self._strings = strings.texts
        self._styles = styles
        self._row = SheetRow(0)
        self._column = -1
        self._kind, self._style = "n", 0
        self._parts: list[str] = []
        self._length = 0
        self._collecting = self._phonetic = self._formula = self._has_value = False

    def start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self._collecting = self._has_value = not self._phonetic
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True
        elif name == "row":
            number = attributes.get("r", str(self._row.number + 1))
            if not number.isdecimal() or len(number) > 7 or int(number) <= self._row.number:
                raise FileError(DAMAGED)
            self._row, self._column = SheetRow(int(number)), -1

    def _start_cell(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        column = _column(place) if place else self._column + 1
        style = attributes.get("s", "0")
        if not self._column < column < LAST_COLUMN or not style.isdecimal() or len(style) > 6:
            raise FileError(DAMAGED)
        self._column, self._style, self._kind = column, int(style), attributes.get("t", "n")
        self._parts, self._length = [], 0
        self._formula = self._has_value = False

    def text(self, text: str) -> None:
        if self._collecting and self._length <= LONGEST_CELL:
            self._parts.append(text)
            self._length += len(text)

    def end(self, name: str) -> None:
        self._collecting = False
        name = local(name)
        if name == "c":
            self._end_cell()
        elif name == "rPh":
            self._phonetic = False
        elif name == "row" and (self._row.faults or any(map(str.strip, self._row.cells.values()))):
            self.rows.append(self._row)

    def _end_cell(self) -> None:
        value = self._value()
        if isinstance(value, Fault):
            self._row.faults[self._column] = value
        elif value:
            self._row.cells[self._column] = value

    def _value(self) -> str | Fault:
        text = "".join(self._parts)
        if self._formula and not self._has_value:
            return Fault("holds a formula without its result. Paste the value instead of the formula")
        if not self._has_value:
            return ""
        number = self._kind == "n"
        value = self._number(text) if number else plain(self._kind, text, self._strings)
        if isinstance(value, str) and len(value) > LONGEST_CELL:
            return Fault(f"has more than {LONGEST_CELL:,} characters. Shorten it", value)
        return value

    def _number(self, text: str) -> str | Fault:
        return self._styles.number(text, self._style, self._from_1904) if text.strip() else ""


def _column(place: str) -> int:
    name = place.rstrip("0123456789")
    return _number_of(name) if 1 <= len(name) <= 3 else LAST_COLUMN


@lru_cache(maxsize=1_000)
def _number_of(name: str) -> int:
    """The number of a column, from 0; for what is no name, one that does not exist."""
    column = 0
    for letter in name:
        if letter not in ascii_uppercase:
            return LAST_COLUMN
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
