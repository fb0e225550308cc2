"""The verbs on house notes: write one about a code or a rule set, and approve what somebody else wrote."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.actions.signatures import sign
from coding.models import HouseNote, Meaning, RuleSet, User
from coding.signing.confirmation import Confirmation
from coding.signing.content import note_content
from coding.tables.days import fault_of_start

MAY_WRITE = "coding.add_housenote"
MAY_APPROVE = "coding.approve_housenote"


@dataclass(frozen=True, slots=True)
class NoteText:
    """What is to be noted: see ``HouseNote``. About a code, or about a rule set."""

    text: str
    valid_from: date
    code: str = ""
    rule_set: RuleSet | None = None


def write(actor: User, noted: NoteText) -> HouseNote:
    """Write a note, which counts once somebody else approves it. Raises Conflict for one that cannot be."""
    require(actor, MAY_WRITE, "write house notes")
    fault = fault_of(noted)
    if fault:
        raise Conflict(fault)
    with transaction.atomic():
        note = HouseNote.objects.create(
            code=noted.code,
            rule_set=noted.rule_set,
            text=noted.text.strip(),
            valid_from=noted.valid_from,
            written_by=actor,
        )
        after = {
            "about": note.code or str(note.rule_set),
            "text": note.text,
            "in force from": str(note.valid_from),
        }
        trail.record(actor, "house_note.written", note, after=after, rows=[note])
    return note


def fault_of(noted: NoteText) -> str:
    """Why a note cannot be; empty if it can."""
    if bool(noted.code) == bool(noted.rule_set):
        return "Name a code or a rule set, and not both."
    if not noted.text.strip():
        return "Write what the house settled."
    return fault_of_start(noted.valid_from, timezone.localdate())


def approve(actor: User, note: HouseNote, confirmation: Confirmation | None = None) -> None:
    """Let a note count from its day on, signed. Who wrote it may not; Conflict where it is approved already."""
    require(actor, MAY_APPROVE, "approve house notes")
    with transaction.atomic():
        [now] = locked(HouseNote.objects.filter(pk=note.pk), "rule_set")
        if now.approved_at:
            raise Conflict(f"The note “{now}” is approved already.")
        if now.written_by_id == actor.pk:
            raise Conflict("You wrote this note. Somebody else approves it.")

        now.approved_by = actor
        now.approved_at = timezone.now()
        now.save(update_fields=["approved_by", "approved_at"])
        signed = sign(actor, Meaning.POLICY, [note_content(now)], confirmation)
        after = {
            "about": now.code or str(now.rule_set),
            "in force from": str(now.valid_from),
            **signed.in_trail(now),
        }
        trail.record(actor, "house_note.approved", now, after=after, rows=[now, *signed.rows(now)])
