"""The one check of an encounter, whatever file or form it comes from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol, Self

from coding.decision.shapes import ISO_DAY, MODIFIER, MOST_MODIFIERS, PROCEDURE
from coding.intake.drafts import Draft, EncounterTexts, LineDraft, Problem
from coding.intake.records import EncounterRecord, ServiceLineRecord
from coding.intake.values import UNFIT, UNFIT_IN_NOTE, shown
from coding.intake.whose import Whose, is_of_another_patient, is_of_another_visit
from coding.tables.days import is_too_early

# As long as the columns of an encounter are.
LONGEST = {"external_id": 60, "patient_reference": 60, "provider": 120, "payer": 120}
LONGEST_AUTHORITY = 255
LONGEST_NOTE = 100_000
SEXES = ("F", "M", "O", "U")
MOST_DIAGNOSES = 12
MOST_LINES = 50
MOST_POINTERS = 4
PLACE_OF_SERVICE = re.compile(r"0[1-9]|[1-9][0-9]")
DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
UNITS = re.compile(r"[1-9][0-9]{0,2}")
POINTERS = {str(number): number for number in range(1, MOST_DIAGNOSES + 1)}
LABELS = {
    "external_id": "External id",
    "patient_reference": "Patient reference",
    "birth_date": "Birth date",
    "sex": "Sex",
    "date_of_service": "Date of service",
    "place_of_service": "Place of service",
    "provider": "Provider",
    "payer": "Payer",
    "note": "Note",
    "diagnoses": "Diagnoses",
    "service_lines": "Service lines",
}


class CodeState(StrEnum):
    """What a code set says of a code on a day."""

    VALID = "valid"
    CATEGORY = "category"
    UNKNOWN = "unknown"
    NO_RELEASE = "no release"


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """The state of a code in the release that was in force; without one, ``release`` is empty."""

    state: CodeState
    release: str = ""


class DiagnosisCodes(Protocol):
    """The ICD-10-CM releases that are loaded. Asked once for each code of each encounter, so it must be quick."""

    def find(self, code: str, day: date) -> CodeAnswer:
        """What the release in force on the day says of a code in upper case, with its dot."""


class _Findings:
    """The problems of one encounter, in the order in which they were found."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places
        self.problems: list[Problem] = []

    def add(self, field: str, text: str, value: str = "") -> None:
        words = f"{LABELS[field]}: {text}"
        place = self._places.get(field, "")
        self.problems.append(Problem(field, words, shown(value), place))


def check(
    texts: EncounterTexts, diagnoses: DiagnosisCodes, today: date
) -> EncounterRecord | tuple[Problem, ...]:
    """The encounter, or everything that is wrong with it.

    The note may be empty, for a claim may come before its note; so may the place of service, which FHIR and HL7 v2
    do not tell. Which columns a table needs is asked where its header is read.
    """
    findings = _Findings(texts.places)
    served = _date(findings, "date_of_service", texts.date_of_service, required=True)
    born = _date(findings, "birth_date", texts.birth_date)
    _check_order(findings, born, served, today)
    codes = _diagnoses(findings, texts.diagnoses)
    if served and served <= today:
        _check_reportable(findings, codes, served, diagnoses)
    record = EncounterRecord(
        external_id=_text(findings, "external_id", texts.external_id, required=True),
        patient_reference=_text(
            findings, "patient_reference", texts.patient_reference, required=True
        ),
        # Stands for a missing date only until the problem of it is returned.
        date_of_service=served or today,
        place_of_service=_place_of_service(findings, texts.place_of_service),
        provider=_text(findings, "provider", texts.provider, required=True),
        note=_note(findings, texts.note),
        birth_date=born,
        sex=_sex(findings, texts.sex),
        payer=_text(findings, "payer", texts.payer),
        diagnoses=codes,
        service_lines=_service_lines(findings, texts.service_lines, len(codes)),
        documents=texts.documents,
        superseded=texts.superseded,
        patient_authority=_authority(findings, "patient_reference", texts.patient_authority),
        shared_reference=texts.shared_reference,
        insured_number=texts.insured_number,
        name_sum=texts.name_sum,
        visit_authority=_authority(findings, "external_id", texts.visit_authority),
    )
    return tuple(findings.problems) or record


def faults_of(draft: Draft, checked: EncounterRecord | tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Everything that is wrong with an item: what its reader saw, and what the check found in the other fields.

    Where the reader could read no field, what is missing says nothing.
    """
    texts = draft.texts
    only_id_was_read = texts == EncounterTexts(external_id=texts.external_id)
    if isinstance(checked, EncounterRecord) or only_id_was_read:
        return draft.problems
    seen_by_reader = {problem.field for problem in draft.problems}
    others = [problem for problem in checked if problem.field not in seen_by_reader]
    return (*draft.problems, *others)


class Stands(NamedTuple):
    """Where an id stands in a file, whose it is there, of which day, and which authority gave it."""

    place: str
    whose: Whose
    day: str
    authority: str

    @classmethod
    def of(cls, place: str, record: EncounterRecord) -> Self:
        """Where the id of a record stands."""
        return cls(place, Whose.of(record), str(record.date_of_service), record.visit_authority)

    def may_be(self, other: Self) -> bool:
        """Whether nothing tells that the id is another patient's at the other place, or another visit's."""
        is_other_visit = is_of_another_visit(self.authority, other.authority)
        return not is_other_visit and not is_of_another_patient(self.whose, other.whose)


def same_id(other: Stands, own: Stands, external_id: str) -> Problem:
    """What is wrong with an item of a file whose id stands at another place with other content.

    One id for two patients: neither item can be trusted, and both are named.
    """
    stands = f"The same id stands at {other.place}"
    if is_of_another_patient(other.whose, own.whose):
        patient = other.whose.shown_beside(own.whose)
        text = f"{stands} for another patient, {patient}. Correct the id."
        return Problem("patient_reference", text, shown(own.whose.shown_beside(other.whose)))
    if is_of_another_visit(other.authority, own.authority):
        text = f"{stands}, given by another authority: {other.authority}. Send each visit under an id of its own."
        return Problem("external_id", text, shown(f"{external_id} of {own.authority}"))
    if other.day != own.day:
        text = f"{stands} for another day, {other.day}. Keep one of them, or send each day under an id of its own."
        return Problem("external_id", text, shown(external_id))
    return Problem(
        "external_id", f"{stands} with other content. Keep one of them.", shown(external_id)
    )


def _text(findings: _Findings, field: str, value: str, required: bool = False) -> str:
    text = value.strip()
    if len(text) > LONGEST[field]:
        findings.add(
            field, f"it has {len(text):,} characters. Shorten it to {LONGEST[field]} at most.", text
        )
    elif required and not text:
        findings.add(field, "it is missing. Fill it in.")
    elif not text.isprintable() and (unfit := UNFIT.search(text)):
        _add_unfit(findings, field, unfit)
    return text


def _authority(findings: _Findings, field: str, value: str) -> str:
    """Who gave a number; of tables and typed encounters nobody says."""
    authority = value.strip()
    if len(authority) > LONGEST_AUTHORITY:
        text = f"its authority has more than {LONGEST_AUTHORITY} characters. Name it shorter."
        findings.add(field, text)
    elif unfit := UNFIT.search(authority):
        _add_unfit(findings, field, unfit)
    return authority


def _note(findings: _Findings, note: str) -> str:
    if len(note) > LONGEST_NOTE:
        findings.add(
            "note",
            f"it has {len(note):,} characters. Shorten it to {LONGEST_NOTE:,} at most.",
            note,
        )
    elif not note.isprintable() and (unfit := UNFIT_IN_NOTE.search(note)):
        _add_unfit(findings, "note", unfit)
    return note


def _add_unfit(findings: _Findings, field: str, unfit: re.Match[str]) -> None:
    name = f"U+{ord(unfit[0]):04X}"
    findings.add(
        field,
        f"character {unfit.start() + 1:,} is {name}, which no text may hold. Take it out.",
        name,
    )


def _date(findings: _Findings, field: str, value: str, required: bool = False) -> date | None:
    text = value.strip()
    if not text:
        if required:
            findings.add(field, "it is missing. Fill it in.")
        return None
    if not ISO_DAY.fullmatch(text):
        findings.add(
            field, "this cannot be read as a date. Write year-month-day, such as 2026-05-31.", text
        )
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        findings.add(field, "there is no such day. Write year-month-day, such as 2026-05-31.", text)
        return None
    if is_too_early(day):
        findings.add(field, "it lies before 1900. Correct the year.", text)
        return None
    return day


def _check_order(findings: _Findings, born: date | None, served: date | None, today: date) -> None:
    if served and served > today:
        findings.add(
            "date_of_service", "it lies in the future. Correct the date.", served.isoformat()
        )
    if born and born > (served or today):
        after = f"after the date of service, {served}" if served else "in the future"
        findings.add(
            "birth_date", f"it lies {after}. Correct the date that is wrong.", born.isoformat()
        )


def _place_of_service(findings: _Findings, value: str) -> str:
    text = value.strip()
    if text and not PLACE_OF_SERVICE.fullmatch(text):
        findings.add(
            "place_of_service",
            "this is no place of service. Write its two digits, such as 11.",
            text,
        )
    return text


def _sex(findings: _Findings, value: str) -> str:
    text = _upper(value) or "U"
    if text not in SEXES:
        findings.add("sex", "this is none of the letters. Write F, M, O or U.", text)
    return text


def _upper(value: str) -> str:
    text = value.strip()
    # Beyond ASCII, upper case makes letters of what is none: “ß” would become the modifier SS.
    return text.upper() if text.isascii() else text


def _diagnoses(findings: _Findings, values: tuple[str, ...]) -> tuple[str, ...]:
    """The codes by their shape; those of a wrong shape stay, for the pointers count them."""
    if len(values) > MOST_DIAGNOSES:
        findings.add("diagnoses", f"there are {len(values):,}. Keep {MOST_DIAGNOSES} at most.")
        values = values[:MOST_DIAGNOSES]
    codes = tuple(map(_upper, values))
    for number, code in enumerate(codes):
        if not DIAGNOSIS.fullmatch(code):
            text = (
                f"“{shown(code)}” has not the shape of an ICD-10-CM code. Write it such as Q65.01."
            )
            findings.add("diagnoses", text, code)
        elif code in codes[:number]:
            findings.add("diagnoses", f"{code} stands there twice. Keep one of them.", code)
    return codes


def _check_reportable(
    findings: _Findings, codes: tuple[str, ...], served: date, diagnoses: DiagnosisCodes
) -> None:
    for code in codes:
        if not DIAGNOSIS.fullmatch(code):
            continue
        answer = diagnoses.find(code, served)
        if answer.state is CodeState.NO_RELEASE:
            findings.add(
                "diagnoses",
                f"no ICD-10-CM release is loaded for {served}. Ask an administrator to load it.",
                code,
            )
            return
        if answer.state is CodeState.UNKNOWN:
            text = f"{code} is no ICD-10-CM code of release {answer.release}. Correct it, or the date of service."
            findings.add("diagnoses", text, code)
        elif answer.state is CodeState.CATEGORY:
            findings.add(
                "diagnoses", f"{code} is a category. Write a code with more characters.", code
            )


def _service_lines(
    findings: _Findings, drafts: tuple[LineDraft, ...], diagnoses: int
) -> tuple[ServiceLineRecord, ...]:
    if len(drafts) > MOST_LINES:
        findings.add("service_lines", f"there are {len(drafts):,}. Keep {MOST_LINES} at most.")
        drafts = drafts[:MOST_LINES]
    return tuple(_service_line(findings, draft, diagnoses) for draft in drafts)


def _service_line(findings: _Findings, draft: LineDraft, diagnoses: int) -> ServiceLineRecord:
    code = _upper(draft.code)
    if not PROCEDURE.fullmatch(code):
        text = f"“{shown(code)}” has not the shape of a procedure code. Write five characters, such as 12345."
        findings.add("service_lines", text, code)
    return ServiceLineRecord(
        code=code,
        modifiers=_modifiers(findings, shown(code), draft.modifiers),
        units=_units(findings, shown(code), draft.units),
        diagnosis_pointers=_pointers(findings, shown(code), draft.diagnosis_pointers, diagnoses),
    )


def _modifiers(findings: _Findings, line: str, values: tuple[str, ...]) -> tuple[str, ...]:
    modifiers = tuple(map(_upper, values))
    if len(modifiers) > MOST_MODIFIERS:
        findings.add(
            "service_lines",
            f"{line} has {len(modifiers):,} modifiers. Keep {MOST_MODIFIERS} at most.",
            line,
        )
    for modifier in modifiers[:MOST_MODIFIERS]:
        if not MODIFIER.fullmatch(modifier):
            text = f"{line} has the modifier “{shown(modifier)}”. Write two characters, such as LT."
            findings.add("service_lines", text, modifier)
    return modifiers


def _units(findings: _Findings, line: str, value: str) -> int:
    text = value.strip() or "1"
    if UNITS.fullmatch(text):
        return int(text)
    findings.add(
        "service_lines",
        f"{line} has “{shown(text)}” units. Write a whole number from 1 to 999.",
        text,
    )
    return 1


def _pointers(
    findings: _Findings, line: str, values: tuple[str, ...], diagnoses: int
) -> tuple[int, ...]:
    if len(values) > MOST_POINTERS:
        text = f"{line} points to {len(values):,} diagnoses. Keep {MOST_POINTERS} at most."
        findings.add("service_lines", text, line)
        values = values[:MOST_POINTERS]
    pointers = []
    for value in values:
        pointer = POINTERS.get(value.strip(), 0)
        if not 1 <= pointer <= diagnoses:
            text = f"{line} points to diagnosis “{shown(value)}”, but the list has {diagnoses}. Correct the pointer."
            findings.add("service_lines", text, value)
        pointers.append(pointer)
    return tuple(pointers)
