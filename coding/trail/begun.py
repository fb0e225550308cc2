"""The rows that are older than the values in events: taken down in the trail, of each model once.

They are those up to the ids that an event ``records.begun`` names: of them it tells how many there are and the digest
of what never changes, and their own events what they tell (``coding.trail.older``). A model of which events began to
tell later has such an event of its own. It tells each account that is there, with its roles: from then on an account
with a role of which no event tells was made beside the verbs. It tells each loaded release of a table too, and what the
registers say of payers, groups of providers and merged rows.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Model

from coding.models import AuditEvent, AuditHead, User
from coding.models.append_only import Recorded
from coding.trail import accounts, chain, records

BEGUN = "records.begun"
OF_ACCOUNTS = ("user.saved", "user.roles_changed")


def begin_after_migrations(**_: object) -> None:
    """Receiver of ``post_migrate``: where all tables are there, older rows are taken down, once."""
    wanted = {AuditEvent._meta.db_table, *(model._meta.db_table for model in records.told_models())}
    if wanted <= set(connection.introspection.table_names()):
        begin()


def begin() -> None:
    """Take down in the trail which rows are older than the values in events, of each model once.

    Where rows were told from the first one on, there are none.
    """
    head = AuditHead.objects.filter(pk=1).first()
    if head is None:
        return
    known: set[str] = set()
    for event in AuditEvent.objects.filter(event=BEGUN):
        known.update(event.after)
    unknown = [model for model in records.told_models() if records.label(model) not in known]
    older_rows = [model for model in unknown if _is_untold(model)]
    people = _untold_people()
    if not (older_rows or people):
        return

    with transaction.atomic():
        there = {records.label(model): _taken_down(model) for model in older_rows}
        singly: list[Model] = []
        for model in older_rows:
            singly.extend(_told_singly(model))
        chain.record(None, BEGUN, head, after=there, rows=[*people, *singly])


def _is_untold(model: type[Recorded]) -> bool:
    """Whether there are rows of a model, and no event tells of any."""
    telling_events = AuditEvent.objects.filter(records__has_key=records.label(model))
    return model._base_manager.exists() and not telling_events.exists()


def _untold_people() -> list[User]:
    """All accounts, where no event tells of any."""
    telling_events = AuditEvent.objects.filter(
        event__in=[BEGUN, *OF_ACCOUNTS], records__has_key=accounts.LABEL
    )
    if telling_events.exists():
        return []
    return list(User.objects.order_by("pk"))


def _told_singly(model: type[Recorded]) -> Iterator[Recorded]:
    """The older rows of which one digest would tell too little."""
    rows = model._base_manager.order_by("pk")
    if model.UNTOLD_AS_BEGUN:
        yield from rows.exclude(**model.BEGINS)
    elif model.FEW:
        yield from rows


def _taken_down(model: type[Recorded]) -> dict[str, Any]:
    rows = model._base_manager.all()
    if model.UNTOLD_AS_BEGUN:
        rows = rows.none()
    last = rows.aggregate(last=Max("pk"))["last"] or 0
    begins = {}
    for name, value in model.BEGINS.items():
        if not rows.exclude(**{name: value}).exists():
            begins[name] = value
    taken_down = {"last": last, "rows": rows.count(), "begins": begins}
    return taken_down | records.digested(model, 1, last)
