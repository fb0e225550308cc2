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
from coding.tables.xlsx_values import (
    LONGEST_CELL,
    OF_RUNS,
    Fault,
    SharedStrings,
    Struck,
    Styles,
    plain,
)

SHEET_NAME = "encounters"
MOST_ROWS = 200_000
LAST_COLUMN = 16_384
MOST_MERGED = 1_000
# No table of encounters is wider.
WIDEST_MERGED = 500
BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


@dataclass(slots=True)
class SheetRow:
    """A row by its number in the sheet; its cells by their column, from 0. Empty cells are left out.

    ``merged`` names the range of cells that were merged into another one, ``hidden`` a row that nobody sees.
    """

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    faults: dict[int, Fault] = field(default_factory=dict)
    merged: dict[int, str] = field(default_factory=dict)
    hidden: bool = False


def letters(column: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


class Sheet(NamedTuple):
    """A sheet by the name that people see, the part of the archive that holds it, and whether people see it."""

    name: str
    part: str
    hidden: bool = False


class ChosenSheet(NamedTuple):
    """The rows of the sheet that is read, and the other sheets that hold rows."""

    rows: Iterator[SheetRow]
    others: tuple[Sheet, ...]


class SheetNames(NamedTuple):
    """The sheets that hold something, by name: those that people see, and the hidden ones."""

    seen: tuple[str, ...]
    hidden: tuple[str, ...]


def sheet_names(file: BinaryIO) -> SheetNames:
    """The sheets to choose from. Raises FileError."""
    filled = _filled(Book(Package(file)))
    seen = tuple(sheet.name for sheet in filled if not sheet.hidden)
    return SheetNames(seen, tuple(sheet.name for sheet in filled if sheet.hidden))


def _filled(book: "Book") -> list[Sheet]:
    return [sheet for sheet in book.sheets if book.holds_something(sheet)]


def sheet_rows(file: BinaryIO, name: str = "", times: int = 1) -> ChosenSheet:
    """The sheet of a name; else “encounters”, or the first filled one that people see. Raises FileError.

    A sheet may hold ``times`` the usual number of rows.
    """
    book = Book(Package(file, times=times))
    if not book.sheets:
        raise FileError("The workbook has no sheet. Begin with the template.")
    filled = _filled(book)
    seen = [sheet for sheet in filled if not sheet.hidden]
    if filled and not seen:
        raise FileError("All sheets with rows are hidden. Show the one that is to be read.")
    named = [sheet for sheet in seen if _plain(sheet.name) == _plain(name or SHEET_NAME)]
    if name and not named:
        raise FileError(
            f"The workbook has no sheet “{name}” that people see. Match its columns anew."
        )
    wanted = next(iter([*named, *seen, *book.sheets]))
    return ChosenSheet(book.rows(wanted), tuple(sheet for sheet in filled if sheet is not wanted))


def _plain(name: str) -> str:
    return name.strip().casefold()


class Book:
    """The sheets of a workbook, in their order."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._from_1904 = False
        self._relations: list[tuple[str, str, bool]] = []
        self._targets: dict[str, str] = {}
        for part in (BOOK, RELATIONS):
            package.survey(part, self._start)
        self.sheets = [
            Sheet(name, self._part(relation), hidden) for name, relation, hidden in self._relations
        ]

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows of a sheet that hold something. Raises FileError."""
        survey = _Survey(MOST_ROWS * self._package.times)
        self._package.survey(sheet.part, survey.start)
        reader = _SheetReader(self._strings, self._styles, self._from_1904, survey.merged)
        for _ in parse(self._package.chunks(sheet.part), reader.start, reader.end, reader.text):
            yield from reader.rows
            reader.rows.clear()

    def holds_something(self, sheet: Sheet) -> bool:
        """Whether some cell of a sheet is filled. One that is damaged holds something too: reading it says what."""
        reader = _SheetReader(self._strings, self._styles, self._from_1904, [])
        pieces = parse(self._package.chunks(sheet.part), reader.start, reader.end, reader.text)
        try:
            return any(reader.rows for _ in pieces)
        except FileError:
            return True

    @cached_property
    def _strings(self) -> SharedStrings:
        return SharedStrings(self._package, "xl/sharedStrings.xml")

    @cached_property
    def _styles(self) -> Styles:
        return Styles(self._package, "xl/styles.xml")

    def _part(self, relation: str) -> str:
        """Absolute within the archive, or relative to the workbook."""
        return posixpath.normpath(posixpath.join("/xl", self._targets.get(relation, ""))).lstrip(
            "/"
        )

    def _start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "workbookPr":
            self._from_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            own = next(
                (value for key, value in attributes.items() if key != "id" and local(key) == "id"),
                "",
            )
            self._relations.append(
                (attributes.get("name", ""), own, attributes.get("state", "visible") != "visible")
            )
        elif name == "Relationship":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Survey:
    """Sees what would be seen too late while rows are read: that there are too many, and which cells are merged."""

    def __init__(self, most_rows: int) -> None:
        self._rows, self._most = 0, most_rows
        self.merged: list[Merged] = []

    def start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "row":
            self._rows += 1
            if self._rows > self._most:
                raise FileError(
                    f"The sheet has more than {self._most:,} rows. Delete empty ones, or send it as CSV."
                )
        elif name == "mergeCell":
            self.merged.append(_merged(attributes.get("ref", "")))
            if len(self.merged) > MOST_MERGED:
                raise FileError(
                    f"More than {MOST_MERGED:,} ranges of cells are merged. Unmerge them."
                )


class _SheetReader:
    """Makes rows of what the parser tells."""

    def __init__(
        self, strings: SharedStrings, styles: Styles, from_1904: bool, merged: list["Merged"]
    ) -> None:
        self.rows: list[SheetRow] = []
        # From the last to the first, so that those that begin are taken from the end.
        self._merged = sorted(merged, key=lambda range_: range_.first[1], reverse=True)
        self._open: list[Merged] = []
        self._from_1904 = from_1904
        self._strings = strings.texts
        self._styles = styles
        self._row = SheetRow(0)
        self._column = -1
        self._kind, self._style = "n", 0
        self._parts: list[str] = []
        self._length = self._runs = 0
        self._collecting = self._phonetic = self._formula = self._has_value = False
        self._struck = Struck()

    def start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        mark = self._struck.start(name, attributes) if name in OF_RUNS else ""
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self._collecting = not self._phonetic
            self._has_value = self._has_value or self._collecting
            self._count_a_run()
            if mark:
                self.text(mark)
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True
        elif name == "row":
            number = attributes.get("r", str(self._row.number + 1))
            if not number.isdecimal() or len(number) > 7 or int(number) <= self._row.number:
                raise FileError(DAMAGED)
            hidden = attributes.get("hidden", "") in ("1", "true")
            self._row, self._column = SheetRow(int(number), hidden=hidden), -1

    def _merge(self) -> None:
        """Name the merged ranges that reach into the row."""
        while self._merged and self._merged[-1].first[1] <= self._row.number:
            self._open.append(self._merged.pop())
        self._open = [merged for merged in self._open if merged.last[1] >= self._row.number]
        for merged in self._open:
            self._row.merged.update(merged.into(self._row))

    def _start_cell(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        column = _column(place) if place else self._column + 1
        style = attributes.get("s", "0")
        if not self._column < column < LAST_COLUMN or not style.isdecimal() or len(style) > 6:
            raise FileError(DAMAGED)
        self._column, self._style, self._kind = column, int(style), attributes.get("t", "n")
        self._parts, self._length, self._runs = [], 0, 0
        self._formula = self._has_value = False

    def _count_a_run(self) -> None:
        """Of more runs than it may have characters no cell is made."""
        self._runs += 1
        if self._runs > LONGEST_CELL:
            raise FileError(DAMAGED)

    def text(self, text: str) -> None:
        if self._collecting and self._length <= LONGEST_CELL:
            self._parts.append(text)
            self._length += len(text)

    def end(self, name: str) -> None:
        name = local(name)
        if mark := self._struck.end(name):
            self.text(mark)
        self._collecting = False
        if name == "c":
            self._end_cell()
        elif name == "rPh":
            self._phonetic = False
        elif name == "row" and (self._row.faults or any(map(str.strip, self._row.cells.values()))):
            self._merge()
            self.rows.append(self._row)

    def _end_cell(self) -> None:
        value = self._value()
        if isinstance(value, Fault):
            self._row.faults[self._column] = value
        elif value:
            self._row.cells[self._column] = value

    def _value(self) -> str | Fault:
        text = "".join(self._parts)
        if self._formula and not (text.strip() or (self._has_value and self._kind == "str")):
            return Fault(
                "holds a formula without its result. Paste the value instead of the formula"
            )
        if not self._has_value:
            return ""
        number = self._kind == "n"
        value = self._number(text) if number else plain(self._kind, text, self._strings)
        if isinstance(value, str) and len(value) > LONGEST_CELL:
            return Fault(f"has more than {LONGEST_CELL:,} characters. Shorten it", value)
        return self._styles.marked(value, self._style) if isinstance(value, str) else value

    def _number(self, text: str) -> str | Fault:
        return self._styles.number(text, self._style, self._from_1904) if text.strip() else ""


class Merged(NamedTuple):
    """A range of merged cells, from column and row to column and row: the first holds what the others show."""

    ref: str
    first: tuple[int, int]
    last: tuple[int, int]

    def into(self, row: SheetRow) -> dict[int, str]:
        """The columns of a row that show nothing of their own."""
        columns = range(self.first[0], min(self.last[0], WIDEST_MERGED) + 1)
        return {column: self.ref for column in columns if (column, row.number) != self.first}


def _merged(ref: str) -> Merged:
    begin, _, end = ref.partition(":")
    first, last = ((_column(place), _row_number(place)) for place in (begin, end or begin))
    return Merged(shown(ref), first, last)


def _row_number(place: str) -> int:
    digits = place.lstrip(ascii_uppercase)
    return int(digits) if digits.isdecimal() and len(digits) <= 7 else 0


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
