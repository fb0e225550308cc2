"""Verbs on holds and on favourite reasons: put a service on hold, let it go, keep the reasons that are used often."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.models import Service, User
from reviews.actions.answers import lock_to_code
from reviews.models import FavouriteReason, ServiceHold

HOLD = "coding.code_encounter"
KEEP_REASONS = "reviews.change_favouritereason"


def hold(
    actor: User, service: Service, words: str, favourite: FavouriteReason | None = None
) -> ServiceHold:
    """Put a service that is to be coded on hold: a favourite reason, own words, or both."""
    require(actor, HOLD, "put services on hold")
    reason = in_words(favourite, words)
    if not reason:
        raise ValidationError("Choose a reason, or say it in your own words.")
    with transaction.atomic():
        now = lock_to_code(actor, service)
        if ServiceHold.objects.filter(service=now, released_at=None).exists():
            raise Conflict("It is on hold already. Reload the page to see why.")

        row = ServiceHold.objects.create(
            service=now, favourite=favourite, reason=reason, held_by=actor
        )
        after = {"service": now.number}
        trail.record(
            actor,
            "service.held",
            now,
            encounter=now.encounter,
            after=after,
            reason=reason,
            rows=[row],
        )
    return row


def release(actor: User, service: Service) -> None:
    """End the hold of a service: it is to be coded again."""
    require(actor, HOLD, "end holds of services")
    with transaction.atomic():
        now = lock_to_code(actor, service)
        row = ServiceHold.objects.filter(service=now, released_at=None).first()
        if row is None:
            raise Conflict("It is on hold no longer. Reload the page.")
        ServiceHold.objects.filter(pk=row.pk).update(released_at=timezone.now(), released_by=actor)
        after = {"service": now.number}
        trail.record(
            actor, "service.released", now, encounter=now.encounter, after=after, rows=[row]
        )


def in_words(favourite: FavouriteReason | None, words: str) -> str:
    """The words of a favourite reason, with what was written beside it."""
    own = words.strip()
    if favourite is None:
        return own
    return f"{favourite.text}: {own}" if own else favourite.text


def save_reason(actor: User, reason: FavouriteReason) -> FavouriteReason:
    """Keep a favourite reason: a new one, or until when it counts.

    Raises Conflict for words that stand there already, and for a reason that was merged into another one.
    """
    require(actor, KEEP_REASONS, "keep favourite reasons")
    reason.clean()
    try:
        with transaction.atomic():
            if reason.pk:
                _check_counts(locked(FavouriteReason.objects.filter(pk=reason.pk)))
                reason.save(update_fields=["valid_until"])
            else:
                reason.save()
            until = reason.valid_until.isoformat() if reason.valid_until else None
            after = {
                "use": reason.use,
                "reason": reason.text,
                "from": reason.valid_from.isoformat(),
                "until": until,
            }
            trail.record(actor, "reason.saved", reason, after=after)
    except IntegrityError:
        raise Conflict(f"“{reason.text}” stands among these reasons already.") from None
    return reason


def merge_reasons(
    actor: User, reasons: Collection[FavouriteReason], survivor: FavouriteReason
) -> None:
    """Let another reason of the same use count for some from now on; what names them keeps its words."""
    require(actor, KEEP_REASONS, "merge favourite reasons")
    keys = {reason.pk for reason in reasons}
    if survivor.pk in keys or {reason.use for reason in reasons} != {survivor.use}:
        raise Conflict("A reason is merged into another one of the same use.")
    with transaction.atomic():
        # What was merged into them follows, so that one step leads to the reason that counts.
        chosen = Q(pk__in={*keys, survivor.pk})
        rows = locked(FavouriteReason.objects.filter(chosen | Q(survivor__in=keys)))
        merged = [row for row in rows if row.pk in keys]
        _check_counts([row for row in rows if row.pk in {*keys, survivor.pk}])

        following = [row.pk for row in rows if row.pk != survivor.pk]
        FavouriteReason.objects.filter(pk__in=following).update(survivor=survivor)
        entries = [
            trail.Entry(
                "reason.merged", row, before={"reason": row.text}, after={"reason": survivor.text}
            )
            for row in merged
        ]
        trail.record_all(actor, entries)


def _check_counts(reasons: Collection[FavouriteReason]) -> None:
    """Refuse what another reason counts for by now."""
    if any(reason.survivor_id for reason in reasons):
        raise Conflict("One of them is merged already. Reload the page.")
