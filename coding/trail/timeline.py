"""The audit trail as people read it: the time line of an encounter."""

from typing import Any

from coding.models import AuditEvent, Encounter, RowState, Upload
from coding.trail.chain import EVENTS

LATEST = 200


def timeline(encounter: Encounter) -> list[dict[str, Any]]:
    """The latest events of an encounter and its cases, oldest first, as the time line part shows them."""
    own = AuditEvent.objects.filter(encounter=encounter.public_id).order_by("-sequence")[:LATEST]
    return [_told(event) for event in [*_import(encounter), *reversed(own)]]


def _import(encounter: Encounter) -> list[AuditEvent]:
    """The event of the chunk in which the encounter was imported, which names no single encounter."""
    row = encounter.rows.filter(state=RowState.IMPORTED).select_related("upload").first()
    if row is None:
        return []
    chunks = AuditEvent.objects.filter(
        event="upload.rows_imported",
        subject_type=Upload._meta.label_lower,
        subject_id=str(row.upload.public_id),
        after__first__lte=row.number,
        after__last__gte=row.number,
    )
    return list(chunks[:1])


def _told(event: AuditEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "actor_name": event.actor_name,
        "label": EVENTS.get(event.event, event.event),
        "reason": event.reason,
        "changes": [
            {"label": name, "before": in_words(event.before.get(name)), "after": in_words(event.after.get(name))}
            for name in dict.fromkeys([*event.before, *event.after])
        ],
    }


def in_words(value: Any) -> str:
    """A stored value for people."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return "; ".join(in_words(part) for part in value)
        case {"state": str(state)}:
            return state.replace("_", " ")
    return str(value)
