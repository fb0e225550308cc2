"""The columns of a table of encounters: which header means which field, and what the cells of a row say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coding.intake import charge_rows
from coding.intake.attachments import shown_text
from coding.intake.cells import NOT_EXACT, cleaned, is_cut, is_error, whole_number
from coding.intake.check import LABELS
from coding.intake.column_names import FIELDS, LAST_DAY, NO_NAME, PROBLEM_COLUMN
from coding.intake.drafts import EncounterTexts, Layout, Problem, Remark
from coding.intake.notation import diagnosis_codes, iso_date, service_lines
from coding.intake.numbered_columns import NumberedColumns, line_number
from coding.intake.shown import Shown
from coding.intake.texts import (
    Unreadable,
    birth_day,
    distinct,
    is_day,
    left_out,
    not_of_one_day,
    sex_told,
)
from coding.intake.values import shown
from coding.tables.errors import FileError

REQUIRED = ("external_id", "patient_reference", "date_of_service", "place_of_service", "provider")
MOST_COLUMNS = 500
# Rows whose dates are looked at for their order.
PROVING_ROWS = 1_000
# Rows above the header that may hold titles.
MOST_TITLES = 20
WITHOUT_NOTES = "No column holds notes: the encounters of this table come without."
EXAMPLE = (
    "V-1001",
    "MRN-0001",
    "2026-01-15",
    "F",
    "2026-05-31",
    "22",
    "Dr. A. Example",
    "Example Health",
    "Made-up note: what was found on the left, and what was done about it.",
    "Q65.02",
    "12345-LT x1 for 1",
)
IDENTIFIERS = ("external_id", "patient_reference")
VISIT = (*IDENTIFIERS, "date_of_service")
BREAKING = ("note", "diagnoses", "service_lines")
WHOLE_NUMBERS = (*IDENTIFIERS, "place_of_service")
CODE_WITH_FRACTION = re.compile(r"\b([0-9]{5})\.0+\b")
ONE_DIGIT = re.compile(r"[1-9]")
PLACE_WITH_WORDS = re.compile(r"([0-9]{1,2})\s*[-:]\s*[A-Za-z][A-Za-z ,/()&'-]*")


def _plain(header: str) -> str:
    return header.strip().casefold()


def _check_header(headers: Sequence[str], wanted: Mapping[str, str], *, has_charges: bool) -> None:
    """Refuse a header that lacks a field, or names one of the wanted columns twice or nowhere."""
    # A table of charges may come before its notes, as a claim may; one of neither has nothing to code.
    required = REQUIRED if has_charges else (*REQUIRED, "note")
    if missing := [field for field in required if field not in wanted]:
        raise FileError(
            f"The header lacks {', '.join(missing)}. Match the columns, or use the template."
        )
    for header in wanted.values():
        if headers.count(header) != 1:
            how_often = "twice" if header in headers else "nowhere"
            raise _named_otherwise(header, how_often)


def _last_day_column(headers: Sequence[str]) -> int | None:
    """The place of the column with the last day of a service, where there is exactly one."""
    places = [
        place for place, header in enumerate(headers) if NO_NAME.sub("", header.lower()) in LAST_DAY
    ]
    return places[0] if len(places) == 1 else None


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each field stands. ``width`` is the number of cells of the header."""

    places: Mapping[str, int]
    width: int
    date_order: str
    numbered: NumberedColumns
    is_template: bool = False
    last_day: int | None = None

    @classmethod
    def of(cls, headers: Sequence[str], layout: Layout) -> "Columns":
        """Find the columns of a layout, or those of the template where it names none. Raises FileError."""
        plain = [_plain(header) for header in headers]
        wanted = {field: _plain(header) for field, header in layout.columns.items() if header}
        from_template = not wanted
        if from_template:
            wanted = _template_columns(headers, plain)
        numbered_columns = _numbered_columns(plain, layout)
        has_charges = "service_lines" in wanted or "codes" in numbered_columns.places
        _check_header(plain, wanted, has_charges=has_charges)
        places = {field: plain.index(header) for field, header in wanted.items()}
        last_day = _last_day_column(headers)
        if last_day in places.values():
            last_day = None
        return cls(
            places, len(headers), layout.date_order, numbered_columns, from_template, last_day
        )

    @property
    def taken(self) -> set[int]:
        """The places of all columns that something is taken from."""
        last_day = set() if self.last_day is None else {self.last_day}
        return {*self.places.values(), *self.numbered.columns, *last_day}

    @property
    def without_notes(self) -> tuple[Remark, ...]:
        """That no column holds notes, for whoever looks for them."""
        return () if "note" in self.places else (Remark(WITHOUT_NOTES),)

    @property
    def joins(self) -> charge_rows.Joins | None:
        """Which rows that follow one another are charges of one encounter; None where each row is an encounter."""
        if "service_lines" not in self.places or self.is_template:
            return None
        beside = {"modifiers", "units"} & set(self.numbered.places)
        are_charges = beside or "note" not in self.places
        return charge_rows.is_of_same_visit if are_charges else charge_rows.is_further_charge

    def visit(self, cells: Sequence[str]) -> tuple[str, ...]:
        """The account, the patient and the day of a row; empty where it lacks one of them."""
        account, patient, day = (_value(field, cells[self.places[field]]) for field in VISIT)
        visit = (account, patient, iso_date(day, self.date_order))
        return visit if all(visit) else ()

    @property
    def breaking(self) -> frozenset[int]:
        """The columns in whose cells a line may break."""
        return frozenset(self.places[field] for field in BREAKING if field in self.places)

    def read(
        self, cells: Sequence[str], places: Mapping[str, str]
    ) -> tuple[EncounterTexts, tuple[Problem, ...], tuple[Remark, ...]]:
        """What the cells of a row say, what of it cannot be read, and what was not taken."""
        values: dict[str, Any] = {
            field: _value(field, cells[place]) for field, place in self.places.items()
        }
        values["date_of_service"] = iso_date(values["date_of_service"], self.date_order)
        # Spreadsheet programs take the zero off 02.
        if ONE_DIGIT.fullmatch(values["place_of_service"]):
            values["place_of_service"] = f"0{values['place_of_service']}"

        problems = [*self._several_days(values["date_of_service"], cells)]
        remarks = self._read_optional(values, places)
        lines, unread = service_lines(values.pop("service_lines", ""))
        problems += unread
        remarks += self._not_taken(cells, places, len(lines))
        if len(lines) == 1:
            lines = (self.numbered.completed(lines[0], cells),)
        lines = (*lines, *self.numbered.lines(cells))
        codes = (*diagnosis_codes(values.pop("diagnoses", "")), *self.numbered.diagnoses(cells))

        problems += self._cut_identifiers(values, cells)
        if "note" in values:
            note, of_note = _note(values["note"])
            values["note"] = note.text
            problems += of_note
            place = places.get("note", "")
            remarks += [left_out(f"of the note, {words}", place) for words in note.left_out]

        texts = EncounterTexts(**values, diagnoses=codes, service_lines=lines, places=places)
        placed = [replace(problem, place=places.get(problem.field, "")) for problem in problems]
        return texts, tuple(placed), tuple(remarks)

    def _cut_identifiers(
        self, values: Mapping[str, Any], cells: Sequence[str]
    ) -> Iterator[Problem]:
        """The identifiers of which a spreadsheet program has taken digits off."""
        for field in IDENTIFIERS:
            if is_cut(cells[self.places[field]]):
                yield Problem(field, f"{LABELS[field]}: {NOT_EXACT}", shown(values[field]))

    def _several_days(self, day: str, cells: Sequence[str]) -> tuple[Problem, ...]:
        """What is wrong with a row whose service ends on another day than it begins, where both can be read."""
        last = self._last_day(cells)
        if not (is_day(day) and is_day(last)):
            return ()
        several = not_of_one_day(distinct([day, last]), "")
        return (several,) if several else ()

    def _last_day(self, cells: Sequence[str]) -> str:
        """The last day of the service, as far as it can be read; empty where none is told."""
        if self.last_day is None:
            return ""
        return iso_date(cleaned(cells[self.last_day]), self.date_order)

    def _read_optional(self, values: dict[str, Any], places: Mapping[str, str]) -> list[Remark]:
        """Read sex and birth date. An encounter can do without one that says nothing: it is told."""
        of_sex: list[Remark] = []
        of_birth: list[Remark] = []
        if "sex" in values:
            values["sex"] = sex_told(values["sex"], of_sex)
        if "birth_date" in values:
            born = iso_date(values["birth_date"], self.date_order)
            values["birth_date"] = birth_day(born, of_birth)

        placed = [replace(remark, place=places.get("sex", "")) for remark in of_sex]
        placed += [replace(remark, place=places.get("birth_date", "")) for remark in of_birth]
        return placed

    def _not_taken(
        self, cells: Sequence[str], places: Mapping[str, str], lines: int
    ) -> Iterator[Remark]:
        """The cells of a row of so many lines of which nothing could be taken, or not all."""
        if (last := self._last_day(cells)) and not is_day(last):
            yield left_out(f"the last day {last}, which cannot be read as a date")
        without_code = self.numbered.without_code(cells, lines)
        for place in without_code:
            yield left_out(f"{cells[place].strip()}, which belongs to no procedure code")
        for place in self.numbered.further_units(cells):
            if place not in without_code:
                yield left_out(f"{cells[place].strip()}, a further number of units of one line")
        for field, place in self.places.items():
            if is_error(cells[place]):
                what = f"{LABELS[field].lower()} {cells[place].strip()}"
                yield left_out(what, places.get(field, ""))


def _numbered_columns(plain: Sequence[str], layout: Layout) -> NumberedColumns:
    """The numbered columns of a layout, as far as the table has them. Raises FileError."""
    places = {}
    for kind, headers in layout.numbered.items():
        names = {_plain(header) for header in headers}
        if not names <= set(plain):
            continue
        columns = []
        for place, header in enumerate(plain):
            if header in names:
                columns.append((line_number(header, kind), place))
        _refuse_unclear(kind, columns, plain)
        places[kind] = tuple(columns)
    return NumberedColumns(places)


def _refuse_unclear(kind: str, columns: Sequence[tuple[int, int]], plain: Sequence[str]) -> None:
    """Refuse a table in which a header of one kind stands twice. Raises FileError.

    Secondary diagnoses may, being the last: no number that a pointer counts by is moved.
    """
    last = max(columns, default=(0, 0))[0]
    for number, place in columns:
        may_repeat = kind == "diagnoses" and number == last
        if plain.count(plain[place]) > 1 and not may_repeat:
            raise _named_otherwise(plain[place], "twice")


def _named_otherwise(header: str, how_often: str) -> FileError:
    return FileError(
        f"The header names “{shown(header)}” {how_often}. Name each column once, or match them anew."
    )


def _value(field: str, cell: str) -> str:
    """What a cell says of a field. Of a note only whether there is one: its text stays as it came."""
    value = cleaned(cell)
    if field == "note":
        return cell if value else ""
    if field == "place_of_service" and (place := PLACE_WITH_WORDS.fullmatch(value)):
        return place[1]
    if field in WHOLE_NUMBERS:
        return whole_number(value)
    if field == "service_lines":
        return CODE_WITH_FRACTION.sub(r"\1", value)
    return value


def _note(cell: str) -> tuple[Shown, list[Problem]]:
    """What a note's cell shows, and what is wrong with it."""
    problems, note = [], Shown(cell)
    try:
        note = shown_text(cell)
    except Unreadable as error:
        problems.append(Problem("note", f"Note: {error}"))
    if not note.text.strip():
        problems.append(Problem("note", "Note: it is missing. Fill it in."))
    return note, problems


def _template_columns(headers: Sequence[str], plain: Sequence[str]) -> dict[str, str]:
    for header, name in zip(headers, plain, strict=True):
        if name not in (*FIELDS, PROBLEM_COLUMN):
            raise FileError(
                f"The header names “{shown(header)}”, which is no column. Match the columns to fields."
            )
    return {name: name for name in plain if name != PROBLEM_COLUMN}
