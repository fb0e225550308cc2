"""Verbs on how the tables of a sending system are read: change the mapping, forget it."""

from dataclasses import asdict

from django.db import transaction

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.intake.drafts import Layout
from coding.models import SourceLayout, User

CHANGED = (
    "{} changed this mapping meanwhile. Yours is not saved: open it again to see what it says now."
)


def change(actor: User, mapping: SourceLayout, layout: Layout, as_read: str) -> None:
    """Have the next files of a source read another way; files that are here stay as they were read.

    ``as_read`` is when the mapping that the person read was matched. Raises Conflict for an older one.
    """
    require(actor, "coding.add_encounter", "change mappings")
    with transaction.atomic():
        now = _locked(mapping)
        if state_of(now) != as_read:
            raise Conflict(CHANGED.format(now.matched_by.name))
        now.layout, now.matched_by = asdict(layout), actor
        now.save(update_fields=["layout", "matched_by", "matched_at"])
        after = {"source": now.source, "fields": sorted(layout.columns)}
        trail.record(actor, "mapping.changed", now, after=after)


def state_of(mapping: SourceLayout) -> str:
    """What tells a mapping from those that its source had before."""
    return mapping.matched_at.isoformat()


def forget(actor: User, mapping: SourceLayout) -> None:
    """Have the columns of the next file of a source matched anew."""
    require(actor, "coding.add_encounter", "forget mappings")
    with transaction.atomic():
        now = _locked(mapping)
        trail.record(actor, "mapping.forgotten", now, before={"source": now.source})
        now.delete()


def _locked(mapping: SourceLayout) -> SourceLayout:
    rows = locked(SourceLayout.objects.filter(pk=mapping.pk))
    if not rows:
        raise Conflict(
            "This mapping was forgotten meanwhile. The next file of its system is matched anew."
        )
    return rows[0]
