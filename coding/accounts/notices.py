"""Notices to a person of their own account: what happened to it since they signed in from the same place.

It is read from the trail, by the place: whoever signs in as them elsewhere takes none of their notices away.
"""

from django.db.models import Q
from django.utils import timezone

from coding.models import AuditEvent, User

WORDS = {
    "user.logged_in": "somebody signed in as you from {client}, where you had not been before",
    "user.password_changed": "your password was changed",
    "user.password_set": "{actor} set your password",
    "user.link_made": "{actor} made a link to a new password for you",
    "user.link_used": "your password was chosen by a one-time link",
    "user.factor_added": "a second factor was set up: {factor}",
    "user.factor_removed": "a second factor was removed: {factor}",
    "user.email_changed": "your e-mail address was changed",
    "user.sessions_ended": "{actor} ended your sessions",
}
MOST = 10


def since(person: User, event: int) -> list[str]:
    """The latest of these events after the one of that number, oldest first, in words."""
    about = AuditEvent.objects.filter(
        subject_type=User._meta.label_lower, subject_id=str(person.pk)
    )
    elsewhere = Q(event="user.logged_in", after__place="new")
    own_doing = Q(event="user.sessions_ended", actor=person)
    notices = about.filter(
        Q(event__in=WORDS.keys() - {"user.logged_in"}) | elsewhere, sequence__gt=event
    )
    latest = notices.exclude(own_doing).order_by("-sequence")[:MOST]
    return [in_words(row) for row in reversed(latest)]


def in_words(row: AuditEvent) -> str:
    """One event as its person reads it."""
    day = timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M")
    values = {
        "client": row.after.get("client", ""),
        "factor": row.after.get("factor", ""),
        "actor": row.actor_name,
    }
    return f"{day}: {WORDS[row.event].format(**values)}."
