"""The verb on sessions: all of a person's end, at once and for good."""

from django.db import transaction
from django.db.models import F

from coding import trail
from coding.actions.errors import NotAllowed
from coding.actions.require import require
from coding.models import User


def end_all(actor: User, person: User, reason: str = "") -> None:
    """End every session of a person, also those that nobody lists; they do not come back with the account."""
    if actor.pk != person.pk:
        require(actor, "coding.change_user", "end the sessions of others")
    if person.is_superuser and not actor.is_superuser:
        raise NotAllowed("Only a superuser ends the sessions of a superuser.")
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
        trail.record(actor, "user.sessions_ended", person, reason=reason)
