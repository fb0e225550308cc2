"""Items of an upload as a person sees them before the import: what was read, and what a correction would change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from coding.importing.write_encounters import record_of
from coding.intake.check import LABELS
from coding.intake.notation import written
from coding.intake.records import EncounterRecord, record_from_data
from coding.models import Encounter, RowState, Upload, UploadRow

# Of a text that changed, what is shown before its first difference, and in all.
CONTEXT, LONGEST_SHOWN = 80, 600
LONGEST_BEGIN = 200


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs from what is stored, with both texts."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """An item with what was read of it, until it is imported; then its encounter, for those who may open it."""

    row: UploadRow
    record: EncounterRecord | None
    changes: tuple[Change, ...] = ()
    encounter: Encounter | None = None

    @property
    def note_begins(self) -> str:
        """The beginning of the note."""
        if self.record is None:
            return ""
        note = self.record.note
        if len(note) <= LONGEST_BEGIN:
            return note
        return f"{note[:LONGEST_BEGIN]}…"

    @property
    def lines(self) -> list[str]:
        """The service lines as they are written."""
        if self.record is None:
            return []
        return [written(line) for line in self.record.service_lines]


def shown_rows(
    upload: Upload, rows: Iterable[UploadRow], visible: QuerySet[Encounter]
) -> list[ShownRow]:
    """Some rows of an upload, with one query for all that are compared with what is stored.

    Of an encounter that is not ``visible`` to the person nothing stored is shown, and no way leads to it.
    """
    listed = list(rows)
    changed = [row.external_id for row in listed if row.state == RowState.CHANGED]
    encounters = visible.filter(source=upload.source, external_id__in=changed)
    stored = {}
    for encounter in encounters.prefetch_related("diagnoses", "service_lines"):
        stored[encounter.external_id] = record_of(encounter)
    imported = [row.encounter_id for row in listed if row.encounter_id]
    to_open = visible.defer("note").in_bulk(imported)

    shown = []
    for row in listed:
        record = record_from_data(row.record) if row.record else None
        before = stored.get(row.external_id)
        changes: tuple[Change, ...] = ()
        if record and before:
            changes = _changes(before, record, row.changes)
        shown.append(ShownRow(row, record, changes, to_open.get(row.encounter_id)))
    return shown


def _changes(
    before: EncounterRecord, after: EncounterRecord, fields: Iterable[str]
) -> tuple[Change, ...]:
    labels = {**LABELS, "documents": "Signatures"}
    changes = []
    for field in fields:
        texts = [as_text(before, field), as_text(after, field)]
        begin = first_difference(texts)
        was, now = (part(text, begin) for text in texts)
        changes.append(Change(labels[field], was, now))
    return tuple(changes)


def as_text(record: EncounterRecord, field: str) -> str:
    """A field of an encounter as a person reads it."""
    if field == "service_lines":
        return "; ".join(map(written, record.service_lines))
    if field == "diagnoses":
        return ", ".join(record.diagnoses)
    if field == "documents":
        return "; ".join(document.shown for document in record.documents)
    return str(getattr(record, field) or "")


def first_difference(texts: Sequence[str]) -> int:
    """The place a little before the first in which some of the texts differ."""
    # What the first and the last of them in order share, all share.
    shared = 0
    for letter, other in zip(min(texts), max(texts), strict=False):
        if letter != other:
            break
        shared += 1
    return max(0, shared - CONTEXT)


def part(text: str, begin: int) -> str:
    """What is shown of a text from a place on."""
    end = begin + LONGEST_SHOWN
    shown = text[begin:end]
    if begin:
        shown = f"…{shown}"
    if end < len(text):
        shown = f"{shown}…"
    return shown
