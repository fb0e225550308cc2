"""What is signed: the content of a record in canonical form, and its hash."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Model

from coding.decision import content_hash
from coding.models import Answer, HouseNote, RuleSetVersion, TableSignOff, User
from coding.models.layers import GENERAL
from coding.rules import case_rows


@dataclass(frozen=True, slots=True)
class SignedContent:
    """A record with the SHA-256 (hexadecimal) of what of it is signed."""

    record: Model
    sha256: str

    @classmethod
    def of(cls, record: Model, data: dict[str, Any]) -> Self:
        """A record whose content is this data."""
        return cls(record, content_hash(data))

    @property
    def subject(self) -> tuple[str, str]:
        """The record's name, as the audit trail has it."""
        return subject_of(self.record)


def subject_of(record: Model) -> tuple[str, str]:
    """The type and the id of a record; the random id where it has one."""
    return record._meta.label_lower, str(getattr(record, "public_id", record.pk))


def version_content(version: RuleSetVersion) -> SignedContent:
    """What of a version is approved or retired: which one, from which day, and all its rules and phrases."""
    data = {
        "rule set": version.rule_set.key,
        "number": version.number,
        "in force from": str(version.effective_from),
        "rules": version.document.content_hash if version.document else "",
        "lexicon": version.lexicon.content_hash if version.lexicon else "",
        "change": version.change_note,
    }
    # Versions that were signed before there were layers and worked cases have none.
    if version.layer != GENERAL:
        data["for"] = list(version.layer)
    if cases := case_rows.digest(version):
        data["worked cases"] = cases
    return SignedContent.of(version, data)


def answer_content(answer: Answer) -> SignedContent:
    """What of an answer is kept against the note: the value, why, and which revision was read with what."""
    data = {
        "service": str(answer.service.public_id),
        "round": answer.round,
        "fact": answer.fact,
        "value": answer.value,
        "reason": answer.reason,
        "passages": answer.passages,
        "revision": answer.revision,
        "lexicon": answer.lexicon.content_hash if answer.lexicon else "",
    }
    return SignedContent.of(answer, data)


def note_content(note: HouseNote) -> SignedContent:
    """What of a house note is approved: about what, its text, its first day, who wrote it."""
    data = {
        "about": note.code or (note.rule_set.key if note.rule_set else ""),
        "text": note.text,
        "in force from": str(note.valid_from),
        "written by": note.written_by_id,
    }
    return SignedContent.of(note, data)


def sign_off_content(done: TableSignOff) -> SignedContent:
    """What of an update of tables is signed: what changes, and what becomes of each rule set."""
    return SignedContent.of(done, done.content)


def access_content(person: User) -> SignedContent:
    """What an account may do: its roles, and whether it may sign in, here and in the administration."""
    data = {
        "account": person.username,
        "roles": sorted(group.name for group in person.groups.all()),
        "may sign in": person.is_active,
        "may use the administration": person.is_staff,
    }
    return SignedContent.of(person, data)
