"""The columns of the worklist."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from coding.models import Encounter, Service, ServiceState
from coding.views.columns import Column
from reviews.judging.blind import HIDDEN_NAME
from reviews.lists.whereabouts import where_now

NOBODY = "nobody yet"


def _services(encounter: Encounter) -> list[str]:
    texts = []
    for service in encounter.services.all():
        lines = [str(line) for line in service.lines.all() if line.gone_in is None]
        texts.append(" ".join(lines) or str(service.rule_set or "nothing"))
    return texts or ["none yet"]


def _diagnoses(encounter: Encounter) -> list[str]:
    return [str(diagnosis) for diagnosis in encounter.diagnoses.all()]


def _coders(encounter: Encounter) -> list[str]:
    return _names(encounter.services.all()) or [NOBODY]


def _coders_out_of_review(encounter: Encounter) -> list[str]:
    services = list(encounter.services.all())
    shown = _out_of_review(services)
    named = _names(shown)
    if len(shown) < len(services):
        named.append(HIDDEN_NAME)
    return named or [NOBODY]


def _out_of_review(services: Iterable[Service]) -> list[Service]:
    return [service for service in services if service.state != ServiceState.IN_REVIEW]


def _names(services: Iterable[Service]) -> list[str]:
    names = [service.assigned_to.name for service in services if service.assigned_to]
    return list(dict.fromkeys(names))


def _families(encounter: Encounter) -> list[str]:
    services = encounter.services.all()
    names = [str(service.rule_set) for service in services if service.rule_set]
    return list(dict.fromkeys(names))


def _final_codes(encounter: Encounter) -> list[str]:
    return _finals(encounter.services.all())


def _final_codes_out_of_review(encounter: Encounter) -> list[str]:
    return _finals(_out_of_review(encounter.services.all()))


def _finals(services: Iterable[Any]) -> list[str]:
    texts: list[str] = []
    for service in services:
        texts += [final.words for final in service.current_codes]
    return texts


COLUMNS = (
    Column(
        "encounter",
        "Encounter",
        lambda row: [row.external_id],
        part="reviews/_encounter_link.html",
        fixed=True,
    ),
    Column("served", "Date of service", lambda row: [row.date_of_service.isoformat()]),
    Column("received", "Received", lambda row: [f"{row.received_at:%Y-%m-%d}"], usual=False),
    Column("system", "System", lambda row: [row.source], usual=False),
    Column("provider", "Provider", lambda row: [row.provider]),
    Column("payer", "Payer", lambda row: [row.payer] if row.payer else [], usual=False),
    Column("diagnoses", "Diagnoses", _diagnoses, part="includes/_tags.html", usual=False),
    Column("services", "Services", _services, part="includes/_tags.html"),
    Column("families", "Rule sets", _families, usual=False),
    Column(
        "state",
        "State",
        lambda row: [row.get_state_display()],
        part="reviews/_encounter_state.html",
    ),
    Column("where", "Where it is now", where_now, usual=False),
    Column("final", "Final codes", _final_codes, part="includes/_tags.html", usual=False),
    Column("coder", "Coder", _coders),
)
# What these columns say of a service in review is hidden from a reader who is kept blind.
SHOWN_BLIND = {"coder": _coders_out_of_review, "final": _final_codes_out_of_review}


def worklist_columns(*, is_blind: bool) -> tuple[Column, ...]:
    """The columns as a reader may see them."""
    if not is_blind:
        return COLUMNS
    return tuple(
        replace(column, words=SHOWN_BLIND.get(column.key, column.words)) for column in COLUMNS
    )
