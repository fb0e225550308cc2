"""What a reader makes of a file, as one document of JSON data: without a database, compared with nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any, BinaryIO, NamedTuple

from coding.intake.check import CodeAnswer, CodeState, Stands, check, faults_of, same_id
from coding.intake.column_names import guess, is_template
from coding.intake.drafts import (
    Covers,
    EncounterTexts,
    Item,
    Layout,
    LineDraft,
    Problem,
    Remark,
    Skipped,
)
from coding.intake.formats import FORMATS, HEAD_BYTES, Kind, detect
from coding.intake.records import EncounterRecord, ServiceLineRecord
from coding.tables.errors import FileError

TAKEN_BACK = "Its source took the encounter, or its note, back."
SIGNED = "It tells that a document is signed, and not what that says: the document is looked for where it came before."
NAMES = {"ndjson": "fhir", "fhirzip": "fhir"}


class AnyRelease:
    """Diagnosis codes by their shape alone, for where no release is at hand."""

    def find(self, code: str, day: date) -> CodeAnswer:
        """Every code is good."""
        return CodeAnswer(CodeState.VALID)


def document_of(file: BinaryIO, name: str, today: date) -> dict[str, Any]:
    """The format, what is wrong with the file, and its items; shapes as ``manage.py read_file`` tells them."""
    items: list[dict[str, Any]] = []
    document: dict[str, Any] = {"format": "", "file_problem": None, "items": items}
    seen: dict[str, _Seen] = {}
    try:
        key = detect(file.read(HEAD_BYTES), name)
        document["format"] = NAMES.get(key, key)
        kind = FORMATS[key]
        layout = _layout(kind, file)
        for item in kind.reader_of(layout).read(file, layout):
            items.append(_item(item, today, seen))
    except FileError as error:
        document["file_problem"] = str(error)
    return document


class _Seen(NamedTuple):
    """The first good item under an id."""

    place: str
    record: EncounterRecord
    data: dict[str, Any]


def _layout(kind: Kind, file: BinaryIO) -> Layout:
    """How the page would match the columns of a table."""
    if kind.table is None:
        return Layout()
    preview = kind.table.headers(file)
    return Layout() if is_template(preview.headers) else guess(preview)


def _item(item: Item, today: date, seen: dict[str, _Seen]) -> dict[str, Any]:
    remarks = [_in_words(remark) for remark in item.remarks]
    if isinstance(item, Skipped):
        return _data("skipped", EncounterTexts(), [item.reason, *remarks], [])
    texts = item.texts
    if texts.covers is Covers.WITHDRAWN:
        return _data("skipped", texts, [TAKEN_BACK, *remarks], [])
    is_signature = texts.covers is Covers.NOTE and texts.documents and not texts.note.strip()
    if is_signature:
        return _data("skipped", texts, [SIGNED, *remarks], [])
    if texts.covers in (Covers.NOTE, Covers.EDITED_NOTE):
        # A note alone is completed by what is stored; here only its reader can judge it.
        problems = [_in_words(problem) for problem in item.problems]
        return _data("rejected" if problems else "good", texts, remarks, problems)
    record = check(texts, AnyRelease(), today)
    if item.problems or not isinstance(record, EncounterRecord):
        faults = [_in_words(fault) for fault in faults_of(item, record)]
        return _data("rejected", texts, remarks, faults)
    data = _data("good", record, remarks, [])
    own = _Seen(item.place, record, data)
    first = seen.setdefault(record.external_id, own)
    _refuse_if_two(first, own)
    return data


def _refuse_if_two(first: _Seen, other: _Seen) -> None:
    """Refuse two items of one id that are not the same: a person chooses, and until then neither counts."""
    earlier = Stands.of(first.place, first.record)
    later = Stands.of(other.place, other.record)
    is_same = first.record.content_hash == other.record.content_hash
    if is_same and earlier.may_be(later):
        return
    external_id = other.record.external_id
    other.data.update(
        standing="rejected", problems=[_in_words(same_id(earlier, later, external_id))]
    )
    first.data.update(
        standing="rejected", problems=[_in_words(same_id(later, earlier, external_id))]
    )


def _data(
    standing: str,
    encounter: EncounterTexts | EncounterRecord,
    remarks: list[str],
    problems: list[str],
) -> dict[str, Any]:
    return {
        "standing": standing,
        "external_id": encounter.external_id.strip(),
        "patient_reference": encounter.patient_reference.strip(),
        "birth_date": str(encounter.birth_date or ""),
        "sex": encounter.sex,
        "date_of_service": str(encounter.date_of_service or ""),
        "place_of_service": encounter.place_of_service,
        "provider": encounter.provider,
        "payer": encounter.payer,
        "diagnoses": list(encounter.diagnoses),
        "service_lines": [_line(line) for line in encounter.service_lines],
        "note": encounter.note,
        "remarks": remarks,
        "problems": problems,
    }


def _line(line: LineDraft | ServiceLineRecord) -> Mapping[str, Any]:
    return {
        "code": line.code,
        "modifiers": list(line.modifiers),
        "units": _number(line.units or 1),
        "diagnosis_pointers": [_number(pointer) for pointer in line.diagnosis_pointers],
    }


def _number(text: str | int) -> int | str:
    return int(text) if str(text).isdigit() else text


def _in_words(fault: Problem | Remark) -> str:
    value = f" Found: {fault.value}." if isinstance(fault, Problem) and fault.value else ""
    place = f" At {fault.place}." if fault.place else ""
    return f"{fault.text}{value}{place}"
