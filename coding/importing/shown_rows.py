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
        note = self.record.note if self.record else ""
        return note if len(note) <= LONGEST_BEGIN else f"{note[:LONGEST_BEGIN]}…"

    @property
    def lines(self) -> list[str]:
        """The service lines as they are written."""
        return [written(line) for line in self.record.service_lines] if self.record else []


def shown_rows(
    upload: Upload, rows: Iterable[UploadRow], visible: QuerySet[Encounter]
) -> list[ShownRow]:
    """Some rows of an upload, with one query for all that are compared with what is stored.

    Of an encounter that is not ``visible`` to the person nothing stored is shown, and no way leads to it.
    """
    listed = list(rows)
    changed = [row.external_id for row in listed if row.state == RowState.CHANGED]
    encounters = visible.filter(source=upload.source, external_id__in=changed)
    stored = {
        encounter.external_id: record_of(encounter)
        for encounter in encounters.prefetch_related("diagnoses", "service_lines")
    }
    shown = []
    open_ones = visible.defer("note").in_bulk(
        [row.encounter_id for row in listed if row.encounter_id]
    )
    for row in listed:
        record = record_from_data(row.record) if row.record else None
        before = stored.get(row.external_id)
        changes = _changes(before, record, row.changes) if record and before else ()
        shown.append(ShownRow(row, record, changes, open_ones.get(row.encounter_id)))
    return shown


def _changes(
    before: EncounterRecord, after: EncounterRecord, fields: Iterable[str]
) -> tuple[Change, ...]:
    labels = {**LABELS, "documents": "Signatures"}
    return tuple(
        Change(labels[field], *_differing(as_text(before, field), as_text(after, field)))
        for field in fields
    )


def as_text(record: EncounterRecord, field: str) -> str:
    """A field of an encounter as a person reads it."""
    if field == "service_lines":
        return "; ".join(map(written, record.service_lines))
    if field == "diagnoses":
        return ", ".join(record.diagnoses)
    if field == "documents":
        return "; ".join(document.shown for document in record.documents)
    return str(getattr(record, field) or "")


def _differing(before: str, after: str) -> tuple[str, str]:
    """Both texts from a little before their first difference on."""
    begin = first_difference([before, after])
    return part(before, begin), part(after, begin)


def first_difference(texts: Sequence[str]) -> int:
    """The place a little before the first in which some of the texts differ."""
    # What the first and the last of them in order share, all share.
    first, last = min(texts), max(texts)
    same = next(
        (place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first)
    )
    return max(0, same - CONTEXT)


def part(text: str, begin: int) -> str:
    """What is shown of a text from a place on."""
    shown = text[begin : begin + LONGEST_SHOWN]
    return f"{'…' if begin else ''}{shown}{'…' if begin + LONGEST_SHOWN < len(text) else ''}"
