"""The verb that opens an encounter outside of a person's own work: with a reason, for some hours, told in the trail."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.require import require
from coding.models import Encounter, GlassBreak, User

NOT_THERE = "No encounter outside of your work has exactly this id. Write it whole, as it was sent."
SEVERAL = "Several systems have sent this id. Name the system."


def may_break(actor: User) -> bool:
    """Whether this is offered to a person at all: by the setting, and where something lies outside of their work."""
    if not settings.BREAK_GLASS_HOURS or not actor.has_perm("coding.break_glass"):
        return False
    return settings.CODERS_SEE != "all" and not actor.has_perm("coding.view_every_encounter")


def outside_of_work(actor: User, external_id: str, source: str = "") -> Encounter:
    """The encounter that a person named, of those that are not open to them.

    Raises ValidationError, by field, where there is none, or one in each of several systems.
    """
    named = Encounter.objects.filter(external_id=external_id)
    if source:
        named = named.filter(source=source)
    outside = list(named.exclude(pk__in=Encounter.objects.for_user(actor))[:2])
    if not outside:
        raise ValidationError({"external_id": NOT_THERE})
    if len(outside) > 1:
        raise ValidationError({"source": SEVERAL})
    return outside[0]


def break_glass(actor: User, encounter: Encounter, reason: str) -> GlassBreak:
    """Let a person see an encounter that is not their work, for ``BREAK_GLASS_HOURS``."""
    require(actor, "coding.break_glass", "open encounters outside of your work")
    if not settings.BREAK_GLASS_HOURS:
        raise NotAllowed("Nobody opens encounters outside of their work here. Ask a supervisor.")
    with transaction.atomic():
        if Encounter.objects.for_user(actor).filter(pk=encounter.pk).exists():
            raise Conflict("This encounter is open to you already. Find it in the worklist.")
        until = timezone.now() + timedelta(hours=settings.BREAK_GLASS_HOURS)
        broken = GlassBreak.objects.create(
            person=actor, encounter=encounter, reason=reason.strip(), until=until
        )
        after = {"until": f"{until:%Y-%m-%d %H:%M} UTC"}
        trail.record(
            actor,
            "encounter.glass_broken",
            broken,
            encounter=encounter,
            after=after,
            reason=broken.reason,
            rows=[broken],
        )
    return broken
