"""The audit trail as people read it: the time line of an encounter."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from coding.models import AuditEvent, Encounter, RowState, Upload
from coding.trail import imported
from coding.trail.events import EVENTS

LATEST = 200
LATEST_VIEWS = 1000
VIEWED = "encounter.viewed"
# Names of values that say what the reader sees anyway, or only a machine needs.
UNSAID = {"content", "digest", "signature", "sha256"}
ABOUT = {name: place for place, name in enumerate(("service", "round", "level", "report", "state"))}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a time line. ``changes`` name a value as it was before and after; a missing side is empty."""

    at: datetime
    actor_name: str
    label: str
    reason: str = ""
    changes: list[dict[str, str]] = field(default_factory=list)


def timeline(encounter: Encounter) -> list[Line]:
    """The latest events of an encounter and its cases, oldest first; page views in a row are one line.

    Views are read apart: many of them would leave no room for what was done.
    """
    own = AuditEvent.objects.filter(encounter=encounter.public_id).order_by("-sequence")
    views = own.filter(event=VIEWED).only("sequence", "event", "at", "actor_name")[:LATEST_VIEWS]
    done = own.exclude(event=VIEWED)[:LATEST]
    latest = sorted([*done, *views], key=attrgetter("sequence"))
    return list(_folded([*_import(encounter), *latest]))


def _import(encounter: Encounter) -> list[AuditEvent]:
    """The event of the chunk in which the encounter was imported, which names no single encounter."""
    row = encounter.rows.filter(state=RowState.IMPORTED).select_related("upload").first()
    if row is None:
        return []
    chunks = AuditEvent.objects.filter(
        event=imported.EVENT,
        subject_type=Upload._meta.label_lower,
        subject_id=str(row.upload.public_id),
        **imported.ImportedRows.holding(row.number),
    )
    return list(chunks[:1])


def _folded(events: Iterable[AuditEvent]) -> Iterator[Line]:
    for is_view, run in groupby(events, key=lambda event: event.event == VIEWED):
        if is_view:
            yield _views(list(run))
        else:
            yield from map(_line, run)


def _views(views: list[AuditEvent]) -> Line:
    """Several openings of the page as one line, with how often and by whom."""
    last = views[-1]
    label = EVENTS[VIEWED] if len(views) == 1 else f"{EVENTS[VIEWED]} {len(views)} times"
    people = dict.fromkeys(view.actor_name for view in views)
    return Line(last.at, ", ".join(people), label)


def _line(event: AuditEvent) -> Line:
    names = {*event.before, *event.after} - set(UNSAID)
    changes = []
    for name in in_one_order(names):
        before = in_words(event.before.get(name))
        after = in_words(event.after.get(name))
        # What stays is told as it is: struck out and written again it would read as a change.
        was = before if before != after else ""
        if before or after:
            changes.append({"label": name, "before": was, "after": after})
    label = EVENTS.get(event.event, event.event)
    return Line(event.at, event.actor_name, label, event.reason, changes)


def in_one_order(names: Iterable[str]) -> list[str]:
    """The names of an event's values: what it is about first, the rest by the alphabet.

    PostgreSQL keeps the keys of JSON in an order of its own.
    """
    return sorted(names, key=lambda name: (ABOUT.get(name, len(ABOUT)), name))


def _named(name: str, value: Any) -> str:
    return f"{name.replace('_', ' ')}: {in_words(value)}"


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
        case {"value": known}:
            return in_words(known)
        case dict():
            # By the alphabet: PostgreSQL keeps the keys in an order of its own.
            return "; ".join(_named(name, value[name]) for name in sorted(value))
    return str(value)
