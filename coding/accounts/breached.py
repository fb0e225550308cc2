"""Passwords that were stolen elsewhere are the first that are tried; nobody takes one of them here."""

import hashlib

from django.core.exceptions import ValidationError

from coding.models import BreachedPassword, User

BYTES = 8


def prefix_of(digest: bytes) -> int:
    """The number under which a SHA-1 is stored."""
    return int.from_bytes(digest[:BYTES], "big", signed=True)


class BreachedPasswordValidator:
    """Asks the lists that an operator loaded (``load_breached_passwords``), and nobody outside."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password that stands in one of them."""
        # The published lists are of SHA-1; nothing rests on its strength.
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
        if BreachedPassword.objects.filter(pk=prefix_of(digest)).exists():
            raise ValidationError(
                "This password was stolen somewhere and stands in lists that are tried first. Choose another one.",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        """What stands at the field."""
        return "Your password can’t be one that was stolen somewhere."
