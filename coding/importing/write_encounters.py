"""Encounters from records to rows and back; a correction keeps what was said before.

Lines get their services here, from codes alone: notes and diagnoses only propose. A service's copies of day and payer
have no other writer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from django.db.models import Model

from coding import trail
from coding.importing.kept_codes import Kept, keep
from coding.importing.renew_lines import record_of_line, renew_lines
from coding.intake.note_documents import SupersededText, digest_of, documents_from_data
from coding.intake.records import EncounterRecord, ServiceLineRecord, changed_fields
from coding.models import (
    Diagnosis,
    Encounter,
    EncounterRevision,
    RuleSet,
    Service,
    ServiceLine,
    ServiceState,
    SupersededDocument,
    User,
)
from coding.models.layers import Where
from coding.registers.recognise import Recognised, RowIds, recognise
from coding.rules import layers
from coding.rules.families import Families, ServiceDraft
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
# What an encounter does not say itself: it tells whose it is. What a later state does not tell stays.
UNSAID_COLUMNS = ("name_sum", "visit_authority")
REGISTER_COLUMNS = ("patient_id", "registered_provider_id", "registered_payer_id")
SERVICE_COLUMNS = ("encounter_id", "number", "rule_set_id", "day", "payer", "origin")
LINE_COLUMNS = (
    "encounter_id",
    "service_id",
    "number",
    "position",
    "code",
    "modifiers",
    "units",
    "diagnosis_pointers",
)


@dataclass(frozen=True, slots=True)
class Correction:
    """An encounter whose source sent it with other content, and the fields that differ.

    ``touched`` are the services some of whose lines changed, ``bare`` those of them that now have no line left;
    ``rows`` are those that it may have written.
    """

    encounter: Encounter
    before: EncounterRecord
    after: EncounterRecord
    touched: frozenset[int] = field(default_factory=frozenset)
    bare: frozenset[int] = field(default_factory=frozenset)
    rows: Sequence[Model] = ()

    @property
    def changes(self) -> list[str]:
        """The fields that differ."""
        return changed_fields(self.before, self.after)

    @property
    def of_substance(self) -> set[str]:
        """The fields that say something else. That a text was signed, or not yet, is nothing else to code from."""
        before = [document.digest for document in self.before.documents]
        after = [document.digest for document in self.after.documents]
        of_signing = {"documents"}
        if before and before == after:
            of_signing.add("note")
        return set(self.changes) - of_signing

    def entry(self) -> trail.Entry:
        """The correction for the audit trail."""
        revision = self.encounter.revision
        return trail.Entry(
            "encounter.corrected",
            self.encounter,
            self.encounter,
            before={"revision": revision - 1},
            after={"revision": revision, "changed": self.changes},
            rows=self.rows,
        )


def store_all(
    records: Sequence[tuple[EncounterRecord, str]],
    only: RuleSet | None,
    source: str,
    rows: Recognised | None = None,
) -> list[int]:
    """Write new encounters, each given with its content hash, and their services; the encounters' ids.

    With ``only`` no other rule set opens a service. ``rows`` are those of the registers, if they were looked up
    already. The transaction's verb writes the event.
    """
    rows = rows or recognise([record for record, _ in records], source)
    columns = ("source", "content_hash", "documents", *UNSAID_COLUMNS, *REGISTER_COLUMNS, *COLUMNS)
    values = []
    for record, content_hash in records:
        own = (source, content_hash, _documents(record), *_unsaid(record))
        values.append((*own, *rows.ids(record), *_values(record)))
    ids = bulk.insert(Encounter, columns, values)

    stored = [(key, record) for key, (record, _) in zip(ids, records, strict=True)]
    _store_diagnoses(stored)
    _open_services(stored, only, rows)
    _keep_superseded(stored)
    return ids


_values = attrgetter(*COLUMNS)
_unsaid = attrgetter(*UNSAID_COLUMNS)


def _documents(record: EncounterRecord) -> list[dict[str, str]]:
    return [document.to_data() for document in record.documents]


def _keep_superseded(records: Sequence[tuple[int, EncounterRecord]]) -> None:
    """Keep the texts in whose place others stand, each once, whatever becomes of the encounter."""
    coming: dict[tuple[int, str], SupersededText] = {}
    for encounter, record in records:
        for text in record.superseded:
            coming.setdefault((encounter, digest_of(text.text)), text)
    if not coming:
        return

    encounters = {encounter for encounter, _ in coming}
    kept = SupersededDocument.objects.filter(encounter__in=encounters)
    known = set(kept.values_list("encounter", "digest"))
    rows = []
    for (encounter, digest), text in coming.items():
        if (encounter, digest) not in known:
            row = SupersededDocument(encounter_id=encounter, digest=digest, **text.to_data())
            rows.append(row)
    SupersededDocument.objects.bulk_create(rows)


def _store_diagnoses(records: Sequence[tuple[int, EncounterRecord]]) -> None:
    rows = []
    for encounter, record in records:
        for position, code in enumerate(record.diagnoses, start=1):
            rows.append((encounter, position, code))
    bulk.insert(Diagnosis, ("encounter_id", "position", "code"), rows)


def _open_services(
    records: Sequence[tuple[int, EncounterRecord]], only: RuleSet | None, rows: Recognised
) -> None:
    """The services of new encounters, with their lines."""
    families = Families.published()
    only_key = only.pk if only else None
    wheres = _wheres(families, [record for _, record in records], rows)
    drafts: list[tuple[int, EncounterRecord, ServiceDraft]] = []
    values = []
    for (encounter, record), where in zip(records, wheres, strict=True):
        day = record.date_of_service
        opened = families.services_for(record.service_lines, day, only_key, where)
        for number, draft in enumerate(opened, start=1):
            drafts.append((encounter, record, draft))
            values.append((encounter, number, draft.rule_set, day, record.payer, draft.origin))
    services = bulk.insert(Service, SERVICE_COLUMNS, values)

    lines, codes = [], []
    for service, (encounter, record, draft) in zip(services, drafts, strict=True):
        for place in draft.lines:
            line = record.service_lines[place]
            lines.append(_line(encounter, service, place + 1, place + 1, line))
            codes.append(Kept(encounter, service, line.code))
    bulk.insert(ServiceLine, LINE_COLUMNS, lines)
    keep(codes)


def _wheres(
    families: Families, records: Sequence[EncounterRecord], rows: Recognised
) -> list[Where]:
    """What of the layers of rules fits each record; nothing is asked where there are none."""
    if not families.are_layered:
        return [Where()] * len(records)
    visits = []
    for record in records:
        payer = rows.ids(record).payer
        visits.append(layers.Visit(payer, record.place_of_service, record.date_of_service))
    return layers.wheres(visits)


def _line(
    encounter: int, service: int, number: int, position: int, line: ServiceLineRecord
) -> tuple[object, ...]:
    return (
        encounter,
        service,
        number,
        position,
        line.code,
        line.modifiers,
        line.units,
        line.diagnosis_pointers,
    )


def record_of(encounter: Encounter) -> EncounterRecord:
    """What a stored encounter says now."""
    standing = [line for line in encounter.service_lines.all() if line.gone_in is None]
    return EncounterRecord(
        **{name: getattr(encounter, name) for name in (*COLUMNS, *UNSAID_COLUMNS)},
        diagnoses=tuple(diagnosis.code for diagnosis in encounter.diagnoses.all()),
        service_lines=tuple(record_of_line(line) for line in standing),
        documents=documents_from_data(encounter.documents),
    )


def correct(
    actor: User,
    encounter: Encounter,
    record: EncounterRecord,
    content_hash: str,
    only: RuleSet | None = None,
    rows: Recognised | None = None,
) -> Correction:
    """Let a locked encounter say what its source says now; what it said before is kept.

    With ``only`` no other rule set opens a service for a line that is new. ``rows`` are those of the registers, if they
    were looked up already. Part of a verb's transaction, which writes the audit event (``Correction.entry``).
    """
    before = record_of(encounter)
    changes = changed_fields(before, record)
    revision = EncounterRevision.objects.create(
        encounter=encounter,
        number=encounter.revision,
        record=before.to_data(),
        content_hash=encounter.content_hash,
        changes=changes,
        corrected_by=actor,
    )
    rows = rows or recognise([record], encounter.source, {record.external_id: encounter})
    _renew_columns(encounter, record, content_hash, rows.ids(record))
    encounter.diagnoses.all().delete()
    _store_diagnoses([(encounter.pk, record)])
    _keep_superseded([(encounter.pk, record)])
    _renew_copies(encounter, changes)
    families = Families.published().only(only.pk if only else None)
    [where] = _wheres(families, [record], rows)
    renewed = renew_lines(encounter, record, families, where)
    # The trail tells of services and lines too: a new line may have opened a service.
    services = Service.objects.filter(encounter=encounter)
    lines = ServiceLine.objects.filter(encounter=encounter)
    written = (encounter, revision, *services, *lines)
    return Correction(encounter, before, record, renewed.touched, renewed.bare, written)


def _renew_columns(
    encounter: Encounter, record: EncounterRecord, content_hash: str, named: RowIds
) -> None:
    """Write what an encounter says itself, and whom of the registers it names."""
    for name in COLUMNS:
        setattr(encounter, name, getattr(record, name))
    encounter.patient_id, encounter.registered_provider_id, encounter.registered_payer_id = named
    encounter.content_hash, encounter.documents = content_hash, _documents(record)
    for name in UNSAID_COLUMNS:
        setattr(encounter, name, getattr(record, name) or getattr(encounter, name))
    encounter.revision += 1
    encounter.save(
        update_fields=[
            *COLUMNS,
            *REGISTER_COLUMNS,
            "content_hash",
            "documents",
            *UNSAID_COLUMNS,
            "revision",
        ]
    )


def _renew_copies(encounter: Encounter, changes: Sequence[str]) -> None:
    """Day and payer of the services; another day, payer or place ends that a round keeps its version."""
    if "place_of_service" in changes:
        encounter.services.filter(state=ServiceState.TO_CODE).update(version=None)
    day, payer = encounter.date_of_service, encounter.payer
    moved = encounter.services.exclude(day=day, payer=payer)
    moved.filter(state=ServiceState.TO_CODE).update(version=None)
    moved.update(day=day, payer=payer)
