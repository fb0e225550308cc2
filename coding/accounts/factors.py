"""The second factor: of whom it is asked."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from coding.models import User

# Recovery codes stand in for one of these, and are none by themselves.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_missing(person: User) -> bool:
    """Whether a role of theirs asks for a second factor, or they are a superuser, and none is set up."""
    if not settings.SECOND_FACTOR_ROLES:
        return False
    return not is_set_up(person) and is_asked_of(person)


def is_set_up(person: User) -> bool:
    """Whether the person has to show a second factor when they sign in."""
    return bool(Authenticator.objects.filter(user=person.pk, type__in=FACTORS).exists())


def is_asked_of(person: User) -> bool:
    """Whether the person may work with a second factor only."""
    return (
        person.is_superuser or person.groups.filter(name__in=settings.SECOND_FACTOR_ROLES).exists()
    )
