"""The columns of a table of encounters: which header means which field, and what the cells of a row say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coding.intake.check import LABELS
from coding.intake.drafts import EncounterTexts, Layout, Problem
from coding.intake.notation import diagnosis_codes, iso_date, service_lines
from coding.intake.values import shown
from coding.tables.errors import FileError

FIELDS = tuple(LABELS)
REQUIRED = ("external_id", "patient_reference", "date_of_service", "place_of_service", "provider", "note")
# Added to a file of rejected rows; ignored when the mended file comes back.
PROBLEM_COLUMN = "problem"
MOST_COLUMNS = 500
PREVIEW_ROWS = 5
EXAMPLE = (
    "V-1001",
    "MRN-0001",
    "2026-01-15",
    "F",
    "2026-05-31",
    "22",
    "Dr. A. Example",
    "Example Health",
    "Made-up note: left hip out, + Ortolani. Pavlik harness put on, no anesthesia.",
    "Q65.02",
    "27256-LT x1 for 1",
)
# Written in lower case, without anything but letters and digits.
SYNONYMS = {
    "external_id": "externalid visitnumber visitid visitno visit encounterid encounternumber csn accountnumber",
    "patient_reference": "patientreference mrn medicalrecordnumber patientid patientnumber patient chartnumber",
    "birth_date": "birthdate dateofbirth dob patientdob birthday",
    "sex": "sex gender patientsex administrativesex",
    "date_of_service": "dateofservice dos servicedate visitdate encounterdate",
    "place_of_service": "placeofservice pos poscode placeofservicecode",
    "provider": "provider renderingprovider providername physician attending attendingprovider",
    "payer": "payer payor insurance primarypayer insurer plan healthplan carrier",
    "note": "note notetext clinicalnote operativenote documentation narrative",
    "diagnoses": "diagnoses diagnosis dx icd10 icd10cm icd10codes icd10cmcodes diagnosiscodes diagnosiscode dxcodes",
    "service_lines": "servicelines cpt cptcode cptcodes procedure procedures procedurecode procedurecodes charges",
}
FIELD_OF = {name: field for field, names in SYNONYMS.items() for name in names.split()}
ONE_DIGIT = re.compile(r"[1-9]")
NO_NAME = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class Preview:
    """The header of a table and its first rows, to be matched to fields by a person."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def guess(headers: Sequence[str]) -> Layout:
    """Which column seems to hold which field, by its name; of several for one field, the first."""
    columns: dict[str, str] = {}
    for header in headers:
        if field := FIELD_OF.get(NO_NAME.sub("", header.lower())):
            columns.setdefault(field, header)
    return Layout(columns)


def _plain(header: str) -> str:
    return header.strip().casefold()


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each field stands. ``width`` is the number of cells of the header."""

    places: Mapping[str, int]
    width: int
    date_order: str

    @classmethod
    def of(cls, headers: Sequence[str], layout: Layout) -> "Columns":
        """Find the columns of a layout, or those of the template where it names none. Raises FileError."""
        plain = [_plain(header) for header in headers]
        wanted = {field: _plain(header) for field, header in layout.columns.items() if header}
        if not wanted:
            wanted = _template_columns(headers, plain)
        if missing := [field for field in REQUIRED if field not in wanted]:
            raise FileError(f"The header lacks {', '.join(missing)}. Match the columns, or use the template.")
        for header in wanted.values():
            if plain.count(header) != 1:
                how_often = "twice" if header in plain else "nowhere"
                raise FileError(
                    f"The header names “{shown(header)}” {how_often}. Name each column once, or match them anew."
                )
        return cls({field: plain.index(header) for field, header in wanted.items()}, len(headers), layout.date_order)

    @property
    def note(self) -> int:
        """The column of the note."""
        return self.places["note"]

    def texts(self, cells: Sequence[str], places: Mapping[str, str]) -> tuple[EncounterTexts, tuple[Problem, ...]]:
        """What the cells of a row say, and what of it cannot be read."""
        values: dict[str, Any] = {field: cells[place] for field, place in self.places.items()}
        for field in ("birth_date", "date_of_service"):
            if field in values:
                values[field] = iso_date(values[field], self.date_order)
        lines, problems = service_lines(values.pop("service_lines", ""))
        codes = diagnosis_codes(values.pop("diagnoses", ""))
        if not values["note"].strip():
            problems = (*problems, Problem("note", "Note: it is missing. Fill it in."))
        # Spreadsheet programs take the zero off 02.
        if ONE_DIGIT.fullmatch(values["place_of_service"].strip()):
            values["place_of_service"] = f"0{values['place_of_service'].strip()}"
        texts = EncounterTexts(**values, diagnoses=codes, service_lines=lines, places=places)
        return texts, tuple(replace(problem, place=places.get(problem.field, "")) for problem in problems)


def _template_columns(headers: Sequence[str], plain: Sequence[str]) -> dict[str, str]:
    for header, name in zip(headers, plain, strict=True):
        if name not in (*FIELDS, PROBLEM_COLUMN):
            raise FileError(f"The header names “{shown(header)}”, which is no column. Match the columns to fields.")
    return {name: name for name in plain if name != PROBLEM_COLUMN}
