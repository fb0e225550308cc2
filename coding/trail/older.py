"""What events tell of rows that were written before events told every value: as far as it goes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coding.models import AuditEvent
from coding.models.reported import in_short, in_words

REPORT = "code"


@dataclass(frozen=True, slots=True)
class Hint:
    """What an event tells of a row: its model, its id, and values by column, or under ``REPORT`` a code in words."""

    model: str
    name: str
    told: dict[str, Any]


def hints(event: AuditEvent) -> Iterator[Hint]:
    """What an event without values tells of rows."""
    reader = READERS.get(event.event)
    if reader is not None:
        told = {name: value for name, value in reader(event).items() if value}
        yield Hint(event.subject_type, event.subject_id, told)


def differing(values: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The values of a row that say something else than such an event."""
    return [name for name, value in values.items() if value not in _values(name, now)]


def _values(name: str, now: Mapping[str, Any]) -> list[Any]:
    """How a value may stand in an event: a report in words, or in earlier editions in short."""
    if name != REPORT:
        return [now[name]]
    own = now["outcome"], now["code"], now["modifiers"]
    return [in_words(*own), in_short(*own)]


def _decision(event: AuditEvent) -> dict[str, Any]:
    return {
        "coder_id": event.actor_id,
        REPORT: event.after.get("code"),
        "round": event.after.get("round"),
    }


def _final_code(event: AuditEvent) -> dict[str, Any]:
    return {REPORT: event.after.get("code")}


def _report(event: AuditEvent) -> dict[str, Any]:
    return {"number": event.after.get("report"), "content_hash": event.after.get("content")}


READERS: dict[str, Callable[[AuditEvent], dict[str, Any]]] = {
    "decision.made": _decision,
    "code.finalised": _final_code,
    "report.made": _report,
}
