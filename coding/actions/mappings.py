"""Verbs on how the tables of a sending system are read: change the mapping, forget it."""

from dataclasses import asdict

from django.db import transaction

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.intake.drafts import Layout
from coding.models import SourceLayout, User


def change(actor: User, mapping: SourceLayout, layout: Layout) -> None:
    """Have the next files of a source read another way; files that are here stay as they were read."""
    require(actor, "coding.add_encounter", "change mappings")
    with transaction.atomic():
        now = _locked(mapping)
        now.layout, now.matched_by = asdict(layout), actor
        now.save(update_fields=["layout", "matched_by", "matched_at"])
        after = {"source": now.source, "fields": sorted(layout.columns)}
        trail.record(actor, "mapping.changed", now, after=after)


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
