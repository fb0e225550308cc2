"""The audit trail: writing events, and proving that none was changed or cut off.

Each event holds the hash of its predecessor. The head (count and last hash, signed: ``coding.trail.keys``) is kept
outside the table and again in a file outside the database (``coding.trail.anchors``), because a chain alone does not
show that its end was cut off.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from coding.decision import canonical_json
from coding.models import AuditEvent, AuditHead, Encounter, User
from coding.models.append_only import Recorded
from coding.trail import keys, records
from coding.trail.anchors import Anchor, read_anchor
from coding.trail.events import EVENTS

FIRST_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to be written: what was done to which subject, and what it changed.

    ``rows`` are those that were written, whose values the event tells as they are when it is written; ``bulk`` are the
    ids of rows that were written in bulk (``coding.trail.records``).
    """

    event: str
    subject: Model
    encounter: Encounter | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    rows: Sequence[Model] = ()
    bulk: Sequence[tuple[type[Recorded], Sequence[int]]] = ()


def record(
    actor: User | None,
    event: str,
    subject: Model,
    *,
    encounter: Encounter | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    rows: Sequence[Model] = (),
) -> None:
    """Write one event, as the last step of the transaction that makes the change."""
    record_all(actor, [Entry(event, subject, encounter, before or {}, after or {}, reason, rows)])


def record_all(actor: User | None, entries: Sequence[Entry]) -> None:
    """Write events in order. The head stays locked until the transaction ends, so that the chain cannot fork."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            "An audit event is written in the transaction of the change it tells of."
        )
    # Read before the head is locked: all other writers wait for it.
    told_by_entry = records.tell([records.Rows(entry.rows, entry.bulk) for entry in entries])

    head, _ = AuditHead.objects.select_for_update().get_or_create(
        pk=1, defaults={"hash": FIRST_HASH}
    )
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    now = timezone.now()
    events = []
    for entry, records_told in zip(entries, told_by_entry, strict=True):
        event = _event(actor, entry, records_told, request_id, now, head)
        head.count, head.hash = event.sequence, event.hash
        events.append(event)

    AuditEvent.objects.bulk_create(events)
    head.key = keys.current()
    head.signature = keys.sign(head.count, head.hash)
    head.save()


def _event(
    actor: User | None,
    entry: Entry,
    records_told: records.Told,
    request_id: str,
    now: datetime,
    head: AuditHead,
) -> AuditEvent:
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
        records=records_told,
        request_id=request_id,
        previous_hash=head.hash,
    )
    event.hash = hash_of(event)
    return event


def hash_of(event: AuditEvent) -> str:
    """SHA-256 over everything that the event says, and over its predecessor's hash."""
    content: dict[str, Any] = {
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
    # Events of the time before they told rows are hashed as they were.
    if event.records:
        content["records"] = event.records
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the trail is not what was written."""

    sequence: int
    problem: str


class Broken(Exception):
    """The trail is not what was written; ``fault`` says where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.problem)
        self.fault = fault


def verify() -> Fault | None:
    """Read the whole trail; the first broken link or a cut end, or None where all is as written."""
    try:
        for _ in events():
            pass
    except Broken as broken:
        return broken.fault
    return None


def events() -> Iterator[AuditEvent]:
    """All events in order, each when it is proven. Raises Broken at the first that is not, or at a cut end."""
    anchored = read_anchor()
    previous, count = FIRST_HASH, 0
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
        count += 1
        if event.sequence != count:
            raise Broken(Fault(count, f"event {count} is missing"))
        if event.previous_hash != previous:
            raise Broken(Fault(count, f"event {count} does not follow event {count - 1}"))
        if event.hash != hash_of(event):
            raise Broken(Fault(count, f"event {count} was changed after it was written"))
        if anchored and anchored.count == count and anchored.hash != event.hash:
            raise Broken(
                Fault(count, f"event {count} is not the one that was anchored outside the database")
            )
        previous = event.hash
        yield event
    fault = _end(count, previous, anchored)
    if fault:
        raise Broken(fault)


def _end(count: int, last_hash: str, anchored: Anchor | None) -> Fault | None:
    """What is wrong with the end of a trail of so many events."""
    head = AuditHead.objects.filter(pk=1).first()
    if head is None:
        head = AuditHead(count=0, hash=FIRST_HASH, signature="")
    if head.count and not keys.is_here(head.key):
        return Fault(head.count, f"the head is signed by key {head.key}, which is not here")
    if head.count and not keys.is_signed(head.count, head.hash, head.signature, head.key):
        return Fault(head.count, "the signature of the head is not ours")
    if head.count != count or head.hash != last_hash:
        return Fault(
            count + 1, f"the trail ends at event {count}, but {head.count} events were written"
        )
    if anchored and anchored.count > count:
        return Fault(
            count + 1,
            f"the trail ends at event {count}, but event {anchored.count} was anchored outside the database",
        )
    return None
