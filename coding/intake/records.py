"""What every reader and the typed form bring, once it is checked: an encounter as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from coding.decision import content_hash
from coding.intake.note_documents import (
    NoteDocument,
    SupersededText,
    digest_of,
    documents_from_data,
    superseded_from_data,
)


@dataclass(frozen=True, slots=True)
class ServiceLineRecord:
    """A submitted procedure code; ``diagnosis_pointers`` count from 1."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    diagnosis_pointers: tuple[int, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """The line as JSON data."""
        return {
            "code": self.code,
            "modifiers": list(self.modifiers),
            "units": self.units,
            "diagnosis_pointers": list(self.diagnosis_pointers),
        }


@dataclass(frozen=True, slots=True)
class EncounterRecord:
    """One encounter, checked, not yet compared with what is stored. A claim may come without its note.

    ``documents`` are those of the note, where its source tells them. ``superseded`` is kept beside the encounter, and
    no part of what it says.
    The last five fields tell whom the patient reference names: by which authority, whether it is shared by several,
    as the number of a policy is, whether it is an insured member's, and the check sum of that member's name; and which
    authority gave the external id. They are no part of what the encounter says: two records are equal without them.
    """

    external_id: str
    patient_reference: str
    date_of_service: date
    place_of_service: str
    provider: str
    note: str
    birth_date: date | None = None
    sex: str = "U"
    payer: str = ""
    diagnoses: tuple[str, ...] = ()
    service_lines: tuple[ServiceLineRecord, ...] = field(default=())
    documents: tuple[NoteDocument, ...] = ()
    superseded: tuple[SupersededText, ...] = ()
    patient_authority: str = field(default="", compare=False)
    shared_reference: bool = field(default=False, compare=False)
    insured_number: bool = field(default=False, compare=False)
    name_sum: str = field(default="", compare=False)
    visit_authority: str = field(default="", compare=False)

    @property
    def content_hash(self) -> str:
        """Equal for encounters that say the same. Where all documents are signed, they add nothing to the note."""
        content = self._said()
        if self.statuses:
            content["documents"] = list(self.statuses)
        return content_hash(content)

    @property
    def statuses(self) -> tuple[tuple[str, str, str], ...]:
        """Heading, author and state of each document, if any is not signed, or not stated to be."""
        if not any(document.state for document in self.documents):
            return ()
        return tuple(
            (document.heading, document.author, document.state) for document in self.documents
        )

    @property
    def hash_if_signed(self) -> str:
        """The content hash if every document is signed of which that is not stated."""
        stated = tuple(replace(document, not_stated=False) for document in self.documents)
        return replace(self, documents=stated).content_hash

    def to_data(self) -> dict[str, Any]:
        """The record as JSON data."""
        whose = {
            "patient_authority": self.patient_authority,
            "shared_reference": self.shared_reference,
            "insured_number": self.insured_number,
            "name_sum": self.name_sum,
            "visit_authority": self.visit_authority,
        }
        data = {**self._said(), **whose}
        if self.documents:
            data["documents"] = [document.to_data() for document in self.documents]
        if self.superseded:
            data["superseded"] = [text.to_data() for text in self.superseded]
        return data

    def _said(self) -> dict[str, Any]:
        return {
            "external_id": self.external_id,
            "patient_reference": self.patient_reference,
            "date_of_service": self.date_of_service.isoformat(),
            "place_of_service": self.place_of_service,
            "provider": self.provider,
            "note": self.note,
            "birth_date": self.birth_date.isoformat() if self.birth_date else None,
            "sex": self.sex,
            "payer": self.payer,
            "diagnoses": list(self.diagnoses),
            "service_lines": [line.to_data() for line in self.service_lines],
        }


def record_from_data(data: Mapping[str, Any]) -> EncounterRecord:
    """The record that ``to_data`` told."""
    born = data["birth_date"]
    return EncounterRecord(
        external_id=data["external_id"],
        patient_reference=data["patient_reference"],
        date_of_service=date.fromisoformat(data["date_of_service"]),
        place_of_service=data["place_of_service"],
        provider=data["provider"],
        note=data["note"],
        birth_date=date.fromisoformat(born) if born else None,
        sex=data["sex"],
        payer=data["payer"],
        diagnoses=tuple(data["diagnoses"]),
        service_lines=tuple(map(_line_from_data, data["service_lines"])),
        documents=documents_from_data(data.get("documents", ())),
        superseded=superseded_from_data(data.get("superseded", ())),
        # Records that were kept before there were registers do not tell.
        patient_authority=data.get("patient_authority", ""),
        shared_reference=data.get("shared_reference", False),
        insured_number=data.get("insured_number", False),
        name_sum=data.get("name_sum", ""),
        visit_authority=data.get("visit_authority", ""),
    )


def _line_from_data(data: Mapping[str, Any]) -> ServiceLineRecord:
    modifiers, pointers = tuple(data["modifiers"]), tuple(data["diagnosis_pointers"])
    return ServiceLineRecord(data["code"], modifiers, data["units"], pointers)


def keeping_documents(after: EncounterRecord, before: EncounterRecord) -> EncounterRecord:
    """A record whose note comes again as it stands, but without its documents: what is known of them stays.

    A table, and whoever types, tells nothing of who has signed.
    """
    if after.documents or not before.documents or digest_of(after.note) != digest_of(before.note):
        return after
    return replace(after, note=before.note, documents=before.documents)


def changed_fields(before: EncounterRecord, after: EncounterRecord) -> list[str]:
    """The names of the fields in which two records say something else, in the record's order."""
    changed = []
    for own in fields(EncounterRecord):
        if not own.compare or own.name == "superseded":
            continue
        # Of documents only who has signed them is said beside the note.
        name = "statuses" if own.name == "documents" else own.name
        if getattr(before, name) != getattr(after, name):
            changed.append(own.name)
    return changed
