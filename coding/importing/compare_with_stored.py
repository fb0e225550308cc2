"""What the items of a file are compared with: the encounters of their source, and the items before them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple, TypeVar

from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.timezone import localdate

from coding.importing.earlier_notes import continued, note_parts
from coding.importing.write_encounters import record_of
from coding.intake.authorities import resolved
from coding.intake.check import Stands
from coding.intake.drafts import Covers, Draft, EncounterTexts, LineDraft, Problem, Skipped
from coding.intake.note_documents import digest_of, with_documents
from coding.intake.records import EncounterRecord, changed_fields
from coding.intake.values import UNFIT, shown
from coding.intake.whose import NOT_KNOWN, Whose, is_of_another_patient, is_of_another_visit
from coding.models import Encounter, EncounterState, RowState, Upload, UploadRow
from coding.registers.authorities import aliases_of_authorities

AnyTexts = TypeVar("AnyTexts", EncounterRecord, EncounterTexts)

# Rows of these states stand for an encounter; the others say nothing of it.
TELLING = (RowState.NEW, RowState.CHANGED, RowState.UNCHANGED)
# Whose the record of a row is, by the fields of ``Whose``.
WHOSE = tuple(
    KT(f"record__{field}")
    for field in (
        "patient_reference",
        "patient_authority",
        "shared_reference",
        "birth_date",
        "sex",
        "insured_number",
        "name_sum",
    )
)

NO_VISIT = "The note names no visit. Send it with the visit's number."
NO_CHARGES = "No encounter with this id has come from this system. Send its charges first, then the note again."
NO_PATIENT = "The note names no patient, so nobody can tell whose it is. Send it with its patient."
NOT_SIGNED = "It tells that a document is signed which is not here by its number. If it came, send the document itself."
NEVER_HERE = "Its source took it back, and it never came here."
GONE_HERE = "Its source took it back, and it was voided here."
TAKEN_BACK = (
    "Its source took the encounter, or its note, back. It stands here as it came:"
    " see by hand what becomes of it."
)
VOIDED = (
    "This encounter was voided here on {day}, and stays void. If this is another visit, send it under an external id of"
    " its own."
)
OF_ANOTHER_VISIT = (
    "The id is another visit's here: {} gave it, and {} this one."
    " Send each visit under an id of its own."
)
EDITED = "The note was edited at its source. Send its charges and the edited note together: they replace what is here."


@dataclass(frozen=True, slots=True)
class Earlier:
    """An item with an id that comes again in the file: where it stands, and what is said there."""

    number: int
    content_hash: str
    stands: Stands


class Standing(NamedTuple):
    """The state of an item by itself, the content of the encounter that it would change, and the fields that differ."""

    state: RowState
    based_on: str = ""
    changes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Contest:
    """What becomes of an item whose id another one has: to be chosen from, or rejected if that is another patient's."""

    state: RowState
    problem: Problem


@dataclass
class Stored:
    """Read once for a portion of a file. ``hashes`` and ``records`` are by external id."""

    upload: Upload
    ids: set[str]
    # Items that stand before those that are compared, and are found to share their id with one of them.
    contested: dict[int, Contest] = field(default_factory=dict)

    @classmethod
    def of(cls, upload: Upload, texts: Iterable[EncounterTexts]) -> "Stored":
        """What is stored of these encounters."""
        ids = set()
        for text in texts:
            ids.add(text.external_id.strip())
            if text.takes_back:
                ids.add(text.takes_back.strip())
        # What no text may hold is refused by the check; the database is not asked for it.
        fit_ids = {external_id for external_id in ids if not UNFIT.search(external_id)}
        return cls(upload, fit_ids)

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
        contents = {}
        for encounter in self._encounters:
            own = {encounter.content_hash}
            own.update(revision.content_hash for revision in continued(encounter))
            contents[encounter.external_id] = own
        return contents

    @cached_property
    def records(self) -> dict[str, EncounterRecord]:
        """What each of them says, and whose it is."""
        records = {}
        for encounter in self._encounters:
            record = record_with_patient(encounter)
            records[encounter.external_id] = under_one_name(record, self.aliases)
        return records

    def standing_of(self, record: EncounterRecord, content_hash: str) -> Standing:
        """What an item would do to what is stored. Its hash is given, for it takes long to make."""
        external_id = record.external_id
        here = self.contents(external_id)
        # A signature that is known is not taken away by what is silent on it.
        if content_hash in here or (here and record.hash_if_signed in here):
            return Standing(RowState.UNCHANGED)
        before = self.records.get(external_id)
        if before is None:
            return Standing(RowState.NEW)
        return Standing(RowState.CHANGED, self.hashes[external_id], changed_fields(before, record))

    @cached_property
    def aliases(self) -> dict[str, str]:
        """What administrators said of authorities that have several names."""
        return aliases_of_authorities()

    @property
    def encounters(self) -> dict[str, Encounter]:
        """The encounters themselves."""
        return {encounter.external_id: encounter for encounter in self._encounters}

    @cached_property
    def _encounters(self) -> list[Encounter]:
        stored = Encounter.objects.filter(source=self.upload.source, external_id__in=self.ids)
        stored = stored.select_related("void", "patient")
        return list(stored.prefetch_related("diagnoses", "service_lines", "revisions"))

    @cached_property
    def _voided(self) -> dict[str, date]:
        days = {}
        for encounter in self._encounters:
            if encounter.state == EncounterState.VOID:
                days[encounter.external_id] = localdate(encounter.void.voided_at)
        return days

    def refusal_if_void(self, external_id: str) -> Problem | None:
        """What is wrong with an item whose encounter was voided here: it never comes to life again by itself."""
        day = self._voided.get(external_id)
        if day is None:
            return None
        return Problem("external_id", VOIDED.format(day=day), shown(external_id))

    @cached_property
    def _earlier(self) -> dict[str, Earlier]:
        telling = Q(state__in=TELLING) | Q(doubled=True)
        rows = UploadRow.objects.filter(telling, upload=self.upload, external_id__in=self.ids)
        day, authority = KT("record__date_of_service"), KT("record__visit_authority")
        # The first of an id comes last here, and is the one that stays.
        listed = rows.order_by("-number").values_list(
            "external_id", "number", "place", "content_hash", day, authority, *WHOSE
        )
        earlier = {}
        for external_id, number, place, hashed, served, given_by, *columns in listed:
            whose = whose_of_row(columns)
            if whose:
                stands = Stands(place, whose, served, given_by or "")
                earlier[external_id] = Earlier(number, hashed, stands)
            elif stored := self.records.get(external_id):
                # What changes nothing keeps no record: it says what is stored, or what an item before it says.
                earlier[external_id] = Earlier(number, hashed, Stands.of(place, stored))
        return earlier

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
        if draft.texts.covers is Covers.ALL:
            return draft
        before = self.records.get(draft.texts.external_id.strip())
        if draft.texts.covers is Covers.WITHDRAWN:
            taken_back = self.records.get(draft.texts.takes_back.strip())
            return self._withdrawn(draft, before or taken_back)
        if not draft.texts.external_id.strip():
            return _without_rest(draft, Problem("external_id", NO_VISIT))
        if not draft.texts.note.strip() and not _is_here(draft.texts, before):
            return _skipped(draft, NOT_SIGNED)
        if before is None:
            return _without_rest(draft, Problem("external_id", NO_CHARGES, draft.texts.external_id))
        problem = self._why_not_joined(draft.texts, before)
        if problem is not None:
            return _without_rest(draft, problem)
        return self._joined(draft, before)

    def _withdrawn(self, draft: Draft, before: EncounterRecord | None) -> Draft | Skipped:
        if before is None:
            return _skipped(draft, NEVER_HERE)
        if before.external_id in self._voided:
            return _skipped(draft, GONE_HERE)
        if is_of_another_visit(before.visit_authority, draft.texts.visit_authority):
            return _skipped(draft, NEVER_HERE)
        names_patient = bool(draft.texts.patient_reference.strip())
        other = of_another(before, draft.texts) if names_patient else None
        taken_back = Problem("external_id", TAKEN_BACK, shown(before.external_id))
        return _without_rest(draft, other or taken_back)

    def _why_not_joined(self, texts: EncounterTexts, before: EncounterRecord) -> Problem | None:
        """What keeps a note from being put behind what is stored of its encounter."""
        voided = self.refusal_if_void(before.external_id)
        if voided is not None:
            return voided
        if not texts.patient_reference.strip():
            return Problem("patient_reference", NO_PATIENT)
        other = of_another(before, texts)
        if other is not None:
            return other

        return Problem("note", EDITED) if self._edits_note(texts, before) else None

    def _edits_note(self, texts: EncounterTexts, before: EncounterRecord) -> bool:
        """Whether a note says anew, or takes back, what stands in the stored one: it cannot be put behind it."""
        here = {document.digest for document in before.documents} | self._known[before.external_id]
        numbers = {document.number for document in before.documents if document.number}
        for document in texts.documents:
            is_fresh = bool(document.text.strip()) and document.digest not in here
            # What comes under the number of a document that is here is a later text of it, whatever its message says.
            is_later = texts.covers is Covers.EDITED_NOTE or document.number in numbers
            if is_fresh and is_later:
                return True
        # Nothing takes a part out of a note: what stands here and was superseded would stay in it.
        return any(digest_of(old.text) in here for old in texts.superseded)

    def _joined(self, draft: Draft, before: EncounterRecord) -> Draft:
        """What is stored of an encounter, with the note behind it."""
        texts, known = draft.texts, self._known[before.external_id]
        coming = texts.documents
        if texts.note.strip() and digest_of(texts.note) in known:
            coming = ()
        note, documents = with_documents(before.note, before.documents, coming, known)
        whole = replace(
            texts_of(before),
            note=note,
            documents=documents,
            superseded=texts.superseded,
            visit_authority=before.visit_authority or texts.visit_authority,
            places=texts.places,
        )
        return replace(draft, texts=whole)

    @cached_property
    def _known(self) -> dict[str, set[str]]:
        """By encounter the digests of its note, and of the texts that were put behind one another in it."""
        known = {}
        for encounter in self._encounters:
            texts = (encounter.note, *note_parts(encounter))
            known[encounter.external_id] = {digest_of(text) for text in texts}
        return known


def record_with_patient(encounter: Encounter) -> EncounterRecord:
    """What an encounter says, with what tells its patient; where it has none, its reference names no single one."""
    patient = encounter.patient
    is_of_payer = bool(encounter.name_sum or (patient and patient.member))
    return replace(
        record_of(encounter),
        patient_authority=patient.authority if patient else "",
        shared_reference=patient is None,
        insured_number=is_of_payer,
    )


def under_one_name(source: AnyTexts, aliases: Mapping[str, str]) -> AnyTexts:
    """An encounter whose authorities have the names that administrators gave for their aliases."""
    if not aliases:
        return source
    return replace(
        source,
        patient_authority=resolved(source.patient_authority, aliases),
        visit_authority=resolved(source.visit_authority, aliases),
    )


def whose_of_row(columns: Sequence[str | None]) -> Whose | None:
    """Whose a row's record is, from its ``WHOSE``; None of a row that keeps no record."""
    if columns[0] is None:
        return None
    # SQLite gives the word for what is null in JSON.
    texts = ["" if text in (None, "null") else text for text in columns]
    reference, authority, shared, birth_date, sex, insured, name_sum = texts
    return Whose(
        reference,
        authority,
        shared=shared == "true",
        birth_date=birth_date,
        sex="" if sex == NOT_KNOWN else sex,
        insured=insured == "true",
        name_sum=name_sum,
    )


def of_another(stored: EncounterRecord, sent: EncounterRecord | EncounterTexts) -> Problem | None:
    """What tells that an item is of another patient or visit than the encounter that is stored under its id."""
    if is_of_another_patient(Whose.of(stored), Whose.of(sent)):
        return _of_another_patient(stored, sent)
    if is_of_another_visit(stored.visit_authority, sent.visit_authority):
        text = OF_ANOTHER_VISIT.format(stored.visit_authority, sent.visit_authority)
        return Problem("external_id", text, shown(sent.external_id))
    return None


def _of_another_patient(stored: EncounterRecord, sent: EncounterRecord | EncounterTexts) -> Problem:
    """A stored encounter never becomes another patient's: both are named, and a person sees to it."""
    is_of_payer = stored.insured_number or sent.insured_number
    before, after = (Whose.of(source)._replace(insured=is_of_payer) for source in (stored, sent))
    text = f"The encounter is another patient's ({before.shown_beside(after)}). Correct the id or the patient."
    return Problem("patient_reference", text, after.shown_beside(before))


def _is_here(texts: EncounterTexts, before: EncounterRecord | None) -> bool:
    """Whether one of the documents that a message tells of, without their text, is here by its number."""
    if before is None:
        return False
    numbers = {document.number for document in texts.documents}
    return any(document.number and document.number in numbers for document in before.documents)


def _skipped(draft: Draft, reason: str) -> Skipped:
    return Skipped(draft.number, draft.place, reason, draft.after, draft.remarks)


def _without_rest(draft: Draft, problem: Problem) -> Draft:
    """A note that belongs to nothing: what it lacks of an encounter is not its fault."""
    texts = EncounterTexts(external_id=draft.texts.external_id)
    return replace(draft, texts=texts, problems=(*draft.problems, problem))


def texts_of(record: EncounterRecord) -> EncounterTexts:
    """A record as a file would tell it."""
    lines = []
    for line in record.service_lines:
        pointers = tuple(map(str, line.diagnosis_pointers))
        lines.append(LineDraft(line.code, line.modifiers, str(line.units), pointers))

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
        documents=record.documents,
        patient_authority=record.patient_authority,
        shared_reference=record.shared_reference,
        insured_number=record.insured_number,
        name_sum=record.name_sum,
        visit_authority=record.visit_authority,
        diagnoses=record.diagnoses,
        service_lines=tuple(lines),
    )
