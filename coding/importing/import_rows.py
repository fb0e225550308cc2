"""The import of a checked upload: new encounters by the chunk, corrections one by one."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from coding import trail
from coding.importing.counts import keep_counts, totals
from coding.importing.verdicts import add_remarks, as_data
from coding.importing.write_encounters import Correction, correct, store_all
from coding.intake.drafts import Problem
from coding.intake.records import EncounterRecord, record_from_data
from coding.models import (
    IMPORTABLE,
    Encounter,
    EncounterState,
    Job,
    JobChunk,
    RowState,
    Service,
    ServiceLine,
    Upload,
    User,
)
from coding.registers.recognise import Recognised, recognise
from coding.trail.imported import EVENT as IMPORTED
from coding.trail.imported import ImportedRows
from coding.work import bulk, leases
from coding.work.payloads import Range

IMPORT = "upload_import"
CHUNK_ROWS = 1_000

Review = Callable[[User, Sequence[Correction]], list[trail.Entry]]

MEANWHILE = (
    "It came in, was voided or changed after the file was checked."
    " Upload the file again to see what it would do now."
)
KILLER = "This item ended the program that imported it, twice. Show it to an operator."


@dataclass(frozen=True, slots=True)
class Importable:
    """A row of the upload to be imported, with its record."""

    number: int
    external_id: str
    content_hash: str
    based_on: str
    record: EncounterRecord


class Import:
    """Stores what the check found new or changed. ``review`` sees to the services of what was corrected.

    It does so in the same transaction, and gives back what the trail is to hold.
    """

    def __init__(self, review: Review) -> None:
        self.review = review

    def compute(self, chunk: JobChunk) -> list[Importable]:
        """The rows to import with their records."""
        numbers = Range(*chunk.payload)
        upload = Upload.objects.get(import_job=chunk.job_id)
        rows = upload.rows.filter(number__range=numbers, state__in=IMPORTABLE)
        stored: list[tuple[Any, ...]] = list(
            rows.values_list("number", "external_id", "content_hash", "based_on", "record")
        )
        checked: list[Importable] = []
        for portion in leases.portions(chunk, stored, _number):
            checked += [_importable(*row) for row in portion]
        return checked

    def write(self, chunk: JobChunk, checked: list[Importable]) -> None:
        """Store the encounters; what meanwhile came in otherwise is rejected."""
        uploads = Upload.objects.select_related("rule_set", "uploaded_by")
        upload = uploads.get(import_job=chunk.job_id)
        present = _present(upload, [row.external_id for row in checked])

        new = [row for row in checked if not row.based_on and row.external_id not in present]
        changed = [row for row in checked if _is_as_checked(row, present)]
        imported = [*new, *changed]

        named = recognise([row.record for row in imported], upload.source, present)
        records = [(row.record, row.content_hash) for row in new]
        stored = store_all(records, upload.rule_set, upload.source, named)
        corrections = _correct_all(upload, changed, present, named)

        _remark(upload, _remarks_by_number(checked, named))
        overtaken = {row.number for row in checked} - {row.number for row in imported}
        _reject(upload, overtaken, MEANWHILE)
        _reject(upload, chunk.quarantined, KILLER)
        numbers = Range(*chunk.payload)
        _settle(upload, numbers)

        rows = ImportedRows(*numbers, len(new), len(changed), digest(imported))
        entries = [correction.entry() for correction in corrections]
        entries += self.review(upload.uploaded_by, corrections)
        entries.append(_imported(upload, rows, stored))
        # The trail comes last: its one head keeps every other writer waiting.
        trail.record_all(upload.uploaded_by, entries)

    def finish(self, job: Job) -> None:
        """Tell the trail what was imported."""
        upload = Upload.objects.get(import_job=job)
        keep_counts(upload)
        trail.record(upload.uploaded_by, "upload.imported", upload, after=totals(upload))


def _importable(
    number: int, external_id: str, content_hash: str, based_on: str, data: Mapping[str, Any]
) -> Importable:
    return Importable(number, external_id, content_hash, based_on, record_from_data(data))


def _number(row: Any) -> int:
    number: int = row[0]
    return number


def _present(upload: Upload, ids: Collection[str]) -> dict[str, Encounter]:
    """The encounters of these ids that are there now, locked."""
    encounters = Encounter.objects.filter(source=upload.source, external_id__in=ids)
    encounters = encounters.select_for_update(no_key=True).order_by("pk")
    return {
        encounter.external_id: encounter
        for encounter in encounters.prefetch_related("diagnoses", "service_lines__service")
    }


def _is_as_checked(row: Importable, present: Mapping[str, Encounter]) -> bool:
    """Whether a row corrects an encounter that is there, not void, and says what it said when the row was checked."""
    encounter = present.get(row.external_id) if row.based_on else None
    if encounter is None or encounter.state == EncounterState.VOID:
        return False
    return encounter.content_hash == row.based_on


def _correct_all(
    upload: Upload,
    changed: Iterable[Importable],
    present: Mapping[str, Encounter],
    named: Recognised,
) -> list[Correction]:
    """Let the encounters that are there, by external id, say what the changed rows say."""
    corrections = []
    for row in changed:
        correction = correct(
            actor=upload.uploaded_by,
            encounter=present[row.external_id],
            record=row.record,
            content_hash=row.content_hash,
            only=upload.rule_set,
            rows=named,
        )
        corrections.append(correction)
    return corrections


def _imported(upload: Upload, rows: ImportedRows, stored: Sequence[int]) -> trail.Entry:
    """What the trail is to hold of a chunk: how many rows, and the encounters that are new with all that is theirs."""
    services = Service.objects.filter(encounter__in=stored).values_list("pk", flat=True)
    lines = ServiceLine.objects.filter(encounter__in=stored).values_list("pk", flat=True)
    written = [(Encounter, stored), (Service, list(services)), (ServiceLine, list(lines))]
    return trail.Entry(IMPORTED, upload, after=rows.to_data(), bulk=written)


def _settle(upload: Upload, span: Sequence[int]) -> None:
    """Point the rows of a span that were not rejected to their encounters, which hold their content from now on."""
    of_row = Encounter.objects.filter(source=upload.source, external_id=OuterRef("external_id"))
    encounter = Subquery(of_row.values("pk"))
    first, last = span
    rows = upload.rows.filter(number__gte=first, number__lte=last)
    rows.filter(state=RowState.NEW).update(
        state=RowState.IMPORTED, record=None, encounter=encounter
    )
    rows.filter(state=RowState.CHANGED).update(
        state=RowState.CORRECTED, record=None, encounter=encounter
    )


def _remarks_by_number(rows: Iterable[Importable], named: Recognised) -> dict[int, Sequence[str]]:
    """What the registers say otherwise of the patients of rows, by the rows' numbers."""
    remarks: dict[int, Sequence[str]] = {}
    for row in rows:
        words = named.remarks.get(row.external_id)
        if words:
            remarks[row.number] = words
    return remarks


def _remark(upload: Upload, words: Mapping[int, Sequence[str]]) -> None:
    """Tell what the registers say otherwise, unless the dry run told it: items before it may have come in since."""
    if not words:
        return
    rows = list(upload.rows.filter(number__in=words).defer("record"))
    for row in rows:
        add_remarks(row, words[row.number])
    bulk.update(rows, ["remarks", "has_remarks"])


def _reject(upload: Upload, numbers: Collection[int], problem: str) -> None:
    if not numbers:
        return
    rows = upload.rows.filter(number__in=numbers, state__in=IMPORTABLE)
    rows.update(state=RowState.REJECTED, record=None, errors=[as_data(Problem("", problem))])


def digest(rows: Iterable[Any]) -> str:
    """SHA-256 over ids and contents of imported rows, in order: the trail's proof of what a chunk brought."""
    text = "".join(f"{row.external_id}\0{row.content_hash}\n" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()
