"""The audit trail: writing events, and proving that none was changed or cut off.

Each event holds the hash of its predecessor. The head (count and last hash, signed with ``AUDIT_KEY``)
is kept outside the table and again in a file outside the database, because a chain alone does not show
that its end was cut off.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from coding.decision import canonical_json
from coding.models import AuditEvent, AuditHead, Encounter, User
from coding.trail.events import EVENTS

FIRST_HASH = "0" * 64
ANCHOR_LINE = re.compile(r"(?P<count>\d+) (?P<hash>[0-9a-f]{64}) (?P<signature>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to be written: what was done to which subject, and what it changed."""

    event: str
    subject: Model
    encounter: Encounter | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


def record(
    actor: User | None,
    event: str,
    subject: Model,
    *,
    encounter: Encounter | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write one event, as the last step of the transaction that makes the change."""
    record_all(actor, [Entry(event, subject, encounter, before or {}, after or {}, reason)])


def record_all(actor: User | None, entries: Sequence[Entry]) -> None:
    """Write events in order. The head stays locked until the transaction ends, so that the chain cannot fork."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit event is written in the transaction of the change it tells of.")
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1, defaults={"hash": FIRST_HASH})
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    now = timezone.now()
    events = []
    for entry in entries:
        event = _event(actor, entry, request_id, now, head)
        head.count, head.hash = event.sequence, event.hash
        events.append(event)
    AuditEvent.objects.bulk_create(events)
    head.signature = sign(head.count, head.hash)
    head.save()


def _event(actor: User | None, entry: Entry, request_id: str, now: datetime, head: AuditHead) -> AuditEvent:
    if entry.event not in EVENTS:
        raise LookupError(f"{entry.event} is not among the names of events.")
    event = AuditEvent(
        sequence=head.count + 1,
        at=now,
        event=entry.event,
        actor=actor,
        actor_name=actor.name if actor else "Concord",
        subject_type=entry.subject._meta.label_lower,
        subject_id=str(getattr(entry.subject, "public_id", entry.subject.pk)),
        encounter=entry.encounter.public_id if entry.encounter else None,
        before=entry.before,
        after=entry.after,
        reason=entry.reason,
        request_id=request_id,
        previous_hash=head.hash,
    )
    event.hash = hash_of(event)
    return event


def hash_of(event: AuditEvent) -> str:
    """SHA-256 over everything that the event says, and over its predecessor's hash."""
    content = {
        "sequence": event.sequence,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "event": event.event,
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "subject": [event.subject_type, event.subject_id],
        "encounter": str(UUID(str(event.encounter))) if event.encounter else None,
        "before": event.before,
        "after": event.after,
        "reason": event.reason,
        "request_id": event.request_id,
        "previous": event.previous_hash,
    }
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def sign(count: int, last_hash: str) -> str:
    """The head's signature (HMAC-SHA-256, hexadecimal)."""
    return hmac.new(settings.AUDIT_KEY.encode(), f"{count} {last_hash}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the trail is not what was written."""

    sequence: int
    problem: str


def verify() -> Fault | None:
    """Read the whole trail; the first broken link or a cut end, or None where all is as written."""
    anchored = read_anchor()
    previous, count = FIRST_HASH, 0
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
        count += 1
        if event.sequence != count:
            return Fault(count, f"event {count} is missing")
        if event.previous_hash != previous:
            return Fault(count, f"event {count} does not follow event {count - 1}")
        if event.hash != hash_of(event):
            return Fault(count, f"event {count} was changed after it was written")
        if anchored and anchored.count == count and anchored.hash != event.hash:
            return Fault(count, f"event {count} is not the one that was anchored outside the database")
        previous = event.hash
    return _verify_end(count, previous, anchored)


def _verify_end(count: int, last_hash: str, anchored: "Anchor | None") -> Fault | None:
    head = AuditHead.objects.filter(pk=1).first() or AuditHead(count=0, hash=FIRST_HASH, signature="")
    if head.count and not hmac.compare_digest(head.signature, sign(head.count, head.hash)):
        return Fault(head.count, "the signature of the head is not ours")
    if head.count != count or head.hash != last_hash:
        return Fault(count + 1, f"the trail ends at event {count}, but {head.count} events were written")
    if anchored and anchored.count > count:
        return Fault(
            count + 1, f"the trail ends at event {count}, but event {anchored.count} was anchored outside the database"
        )
    return None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head as it was written to the anchor file."""

    count: int
    hash: str


def write_anchor() -> None:
    """Append the head to the anchor file when the trail has grown since the last line."""
    head = AuditHead.objects.filter(pk=1).first()
    last = read_anchor()
    if head is None or (last and last.count >= head.count):
        return
    path = Path(settings.AUDIT_ANCHOR_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{head.count} {head.hash} {head.signature}\n")


def read_anchor() -> Anchor | None:
    """The last line of the anchor file whose signature is ours; None before the first."""
    path = Path(settings.AUDIT_ANCHOR_FILE)
    if not path.exists():
        return None
    # A byte that is no ASCII was not written here: its line is none of ours.
    for line in reversed(path.read_text(encoding="ascii", errors="replace").splitlines()):
        match = ANCHOR_LINE.fullmatch(line)
        if match and hmac.compare_digest(match["signature"], sign(int(match["count"]), match["hash"])):
            return Anchor(int(match["count"]), match["hash"])
    return None
