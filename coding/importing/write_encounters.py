"""Encounters from records to rows and back; a correction keeps what was said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from coding import trail
from coding.intake.records import EncounterRecord, ServiceLineRecord, changed_fields
from coding.models import Diagnosis, Encounter, EncounterRevision, RuleSet, ServiceLine, User
from coding.work import bulk

# The columns of an encounter that say what a record says; diagnoses and lines are rows of their own.
COLUMNS = (
    "external_id",
    "patient_reference",
    "birth_date",
    "sex",
    "date_of_service",
    "place_of_service",
    "provider",
    "payer",
    "note",
)


@dataclass(frozen=True, slots=True)
class Correction:
    """An encounter whose source sent it with other content, and the fields that differ."""

    encounter: Encounter
    before: EncounterRecord
    after: EncounterRecord

    @property
    def changes(self) -> list[str]:
        """The fields that differ."""
        return changed_fields(self.before, self.after)

    def entry(self) -> trail.Entry:
        """The correction for the audit trail."""
        revision = self.encounter.revision
        return trail.Entry(
            "encounter.corrected",
            self.encounter,
            self.encounter,
            before={"revision": revision - 1},
            after={"revision": revision, "changed": self.changes},
        )


def store_all(records: Sequence[tuple[EncounterRecord, str]], rule_set: RuleSet, source: str) -> list[int]:
    """Write new encounters, each given with its content hash; their ids. The transaction's verb writes the event."""
    columns = ("rule_set_id", "source", "content_hash", *COLUMNS)
    ids = bulk.insert(
        Encounter,
        columns,
        ((rule_set.pk, source, hashed, *_values(record)) for record, hashed in records),
    )
    _store_parts(list(zip(ids, (record for record, _ in records), strict=True)))
    return ids


_values = attrgetter(*COLUMNS)


def _store_parts(records: Sequence[tuple[int, EncounterRecord]]) -> None:
    bulk.insert(
        Diagnosis,
        ("encounter_id", "position", "code"),
        (
            (encounter, position, code)
            for encounter, record in records
            for position, code in enumerate(record.diagnoses, start=1)
        ),
    )
    bulk.insert(
        ServiceLine,
        ("encounter_id", "position", "code", "modifiers", "units", "diagnosis_pointers"),
        (
            (encounter, position, line.code, line.modifiers, line.units, line.diagnosis_pointers)
            for encounter, record in records
            for position, line in enumerate(record.service_lines, start=1)
        ),
    )


def record_of(encounter: Encounter) -> EncounterRecord:
    """What a stored encounter says now."""
    return EncounterRecord(
        **{name: getattr(encounter, name) for name in COLUMNS},
        diagnoses=tuple(diagnosis.code for diagnosis in encounter.diagnoses.all()),
        service_lines=tuple(
            ServiceLineRecord(line.code, tuple(line.modifiers), line.units, tuple(line.diagnosis_pointers))
            for line in encounter.service_lines.all()
        ),
    )


def correct(actor: User, encounter: Encounter, record: EncounterRecord, hashed: str) -> Correction:
    """Let a locked encounter say what its source says now; what it said before is kept.

    Part of a verb's transaction, which writes the audit event (``Correction.entry``).
    """
    correction = Correction(encounter, record_of(encounter), record)
    EncounterRevision.objects.create(
        encounter=encounter,
        number=encounter.revision,
        record=correction.before.to_data(),
        content_hash=encounter.content_hash,
        changes=correction.changes,
        corrected_by=actor,
    )
    for name in COLUMNS:
        setattr(encounter, name, getattr(record, name))
    encounter.content_hash, encounter.revision = hashed, encounter.revision + 1
    encounter.save(update_fields=[*COLUMNS, "content_hash", "revision"])
    encounter.diagnoses.all().delete()
    encounter.service_lines.all().delete()
    _store_parts([(encounter.pk, record)])
    return correction
