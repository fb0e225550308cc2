"""What the items of a file are compared with: the encounters of their source, and the items before them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models.fields.json import KT

from coding.importing.write_encounters import record_of
from coding.intake.drafts import Covers, Draft, EncounterTexts, LineDraft, Problem, Skipped
from coding.intake.records import EncounterRecord
from coding.intake.values import UNFIT
from coding.models import Encounter, RowState, Upload, UploadRow

# Rows of these states stand for an encounter; the others say nothing of it.
TELLING = (RowState.NEW, RowState.CHANGED, RowState.UNCHANGED)


NEVER_HERE = "Its source took it back, and it never came here."
TAKEN_BACK = (
    "Its source took the encounter, or its note, back. It stands here as it came: see by hand what becomes of it."
)
EDITED = "The note was edited at its source. Send its charges and the edited note together: they replace what is here."


@dataclass(frozen=True, slots=True)
class Earlier:
    """Where an id stands before in the file, and what is said of it there."""

    number: int
    place: str
    content_hash: str
    patient_reference: str


@dataclass
class Stored:
    """Read once for a portion of a file. ``hashes`` and ``records`` are by external id."""

    upload: Upload
    ids: set[str]
    # Items that stand before those that are compared, and are found to share their id with another patient.
    contradicted: dict[int, Problem] = field(default_factory=dict)

    @classmethod
    def of(cls, upload: Upload, texts: Iterable[EncounterTexts]) -> "Stored":
        """What is stored of these encounters."""
        # What no text may hold is refused by the check; the database is not asked for it.
        return cls(upload, {key for text in texts if not UNFIT.search(key := text.external_id.strip())})

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The content of each encounter that the source has sent before."""
        return {encounter.external_id: encounter.content_hash for encounter in self._encounters}

    def contents(self, external_id: str) -> set[str]:
        """The contents that an encounter has, or had before nothing but notes were put behind its note.

        A file that comes again says what it said before: it does not take away what came since.
        """
        return self._contents.get(external_id, set())

    @cached_property
    def _contents(self) -> dict[str, set[str]]:
        stored = {}
        for encounter in self._encounters:
            contents = {encounter.content_hash}
            note = encounter.note
            for revision in encounter.revisions.all():
                before = revision.record["note"]
                if revision.changes != ["note"] or not note.startswith(f"{before}\n\n" if before else ""):
                    break
                contents.add(revision.content_hash)
                note = before
            stored[encounter.external_id] = contents
        return stored

    @cached_property
    def records(self) -> dict[str, EncounterRecord]:
        """What each of them says, and whose it is."""
        return {encounter.external_id: _with_patient(encounter) for encounter in self._encounters}

    @cached_property
    def _encounters(self) -> list[Encounter]:
        stored = Encounter.objects.filter(source=self.upload.source, external_id__in=self.ids)
        return list(stored.select_related("patient").prefetch_related("diagnoses", "service_lines", "revisions"))

    @cached_property
    def _earlier(self) -> dict[str, Earlier]:
        rows = UploadRow.objects.filter(upload=self.upload, external_id__in=self.ids, state__in=TELLING)
        # What is unchanged keeps no record of its own: it is of the patient who is stored.
        patient = KT("record__patient_reference")
        listed = rows.order_by("-number").values_list("external_id", "number", "place", "content_hash", patient)
        return {
            external_id: Earlier(number, place, hashed, patient or self.records[external_id].patient_reference)
            for external_id, number, place, hashed, patient in listed
        }

    def earlier_in_file(self, external_id: str) -> Earlier | None:
        """Where the id first stands in the file."""
        return self._earlier.get(external_id)

    def take_down(self, external_id: str, earlier: Earlier) -> None:
        """Remember an item for those behind it."""
        self._earlier[external_id] = earlier

    def completed(self, draft: Draft) -> Draft | Skipped:
        """A note that came by itself, with the rest of its encounter; or with the reason why there is none.

        What its source took back is nothing to code, unless it is here: then a person has to see to it.
        """
        texts = draft.texts
        if texts.covers is Covers.ALL:
            return draft
        before = self.records.get(texts.external_id.strip())
        if texts.covers is Covers.WITHDRAWN:
            if before is None:
                return Skipped(draft.number, draft.place, NEVER_HERE, draft.after)
            return _without_rest(draft, Problem("external_id", TAKEN_BACK, texts.external_id))
        if not texts.external_id.strip():
            text = "The note names no visit. Send it with the visit's number."
            return _without_rest(draft, Problem("external_id", text))
        if before is None:
            text = "No encounter with this id has come from this system. Send its charges first, then the note again."
            return _without_rest(draft, Problem("external_id", text, texts.external_id))
        if texts.patient_reference and texts.patient_reference.strip() != before.patient_reference:
            return _without_rest(draft, of_another_patient(before, texts.patient_reference))
        if texts.covers is Covers.EDITED_NOTE and texts.note.strip() not in before.note:
            return _without_rest(draft, Problem("note", EDITED))
        whole = replace(texts_of(before), note=joined(before.note, texts.note), places=texts.places)
        return replace(draft, texts=whole)


def _with_patient(encounter: Encounter) -> EncounterRecord:
    """What an encounter says, with what tells its patient; where it has none, its reference names no single one."""
    patient = encounter.patient
    authority = patient.authority if patient else ""
    return replace(record_of(encounter), patient_authority=authority, shared_reference=patient is None)


def of_another_patient(stored: EncounterRecord, patient_reference: str) -> Problem:
    """A stored encounter never becomes another patient's: both are named, and a person sees to it."""
    text = f"The encounter is another patient's ({stored.patient_reference}). Correct the id or the patient."
    return Problem("patient_reference", text, patient_reference)


def _without_rest(draft: Draft, problem: Problem) -> Draft:
    """A note that belongs to nothing: what it lacks of an encounter is not its fault."""
    texts = EncounterTexts(external_id=draft.texts.external_id)
    return replace(draft, texts=texts, problems=(*draft.problems, problem))


def joined(before: str, note: str) -> str:
    """A note behind what an encounter's note says already; nothing is said twice."""
    if note.strip() in before:
        return before
    return f"{before}\n\n{note}" if before else note


def texts_of(record: EncounterRecord) -> EncounterTexts:
    """A record as a file would tell it."""
    return EncounterTexts(
        external_id=record.external_id,
        patient_reference=record.patient_reference,
        birth_date=record.birth_date.isoformat() if record.birth_date else "",
        sex=record.sex,
        date_of_service=record.date_of_service.isoformat(),
        place_of_service=record.place_of_service,
        provider=record.provider,
        payer=record.payer,
        note=record.note,
        patient_authority=record.patient_authority,
        shared_reference=record.shared_reference,
        diagnoses=record.diagnoses,
        service_lines=tuple(
            LineDraft(line.code, line.modifiers, str(line.units), tuple(map(str, line.diagnosis_pointers)))
            for line in record.service_lines
        ),
    )
