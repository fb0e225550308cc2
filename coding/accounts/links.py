"""One-time links: a person chooses a password by one, and nobody else types it."""

from dataclasses import dataclass

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from coding.models import User


class LinkTokens(PasswordResetTokenGenerator):
    """Django's tokens: good for ``PASSWORD_RESET_TIMEOUT``, and until the password is another one."""

    key_salt = "coding.accounts.links.LinkTokens"


TOKENS = LinkTokens()


@dataclass(frozen=True, slots=True)
class Link:
    """The address at which a person chooses a password. It is shown once or mailed, and kept nowhere."""

    person: User
    path: str


def link_for(person: User) -> Link:
    """A link for a person as their row is now; it ends with the next change of the password."""
    key = urlsafe_base64_encode(force_bytes(person.pk))
    return Link(person, reverse("one-time-link", args=[key, TOKENS.make_token(person)]))
