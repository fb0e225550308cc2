"""The keys that sign the head of the trail. Each has an id; the first signs, the others prove what they signed once."""

import hashlib
import hmac

from django.conf import settings

# What was signed before keys had ids was signed by the one of this id.
FIRST_KEY = "first"


def current() -> str:
    """The id of the key that signs."""
    return next(iter(settings.AUDIT_KEYS))


def is_here(key: str) -> bool:
    """Whether what a key signed can be proven."""
    return key in settings.AUDIT_KEYS


def sign(count: int, last_hash: str, key: str = "") -> str:
    """The signature of a head (HMAC-SHA-256, hexadecimal) by a key, or by the one that signs."""
    secret: str = settings.AUDIT_KEYS[key or current()]
    return hmac.new(secret.encode(), f"{count} {last_hash}".encode(), hashlib.sha256).hexdigest()


def is_signed(count: int, last_hash: str, signature: str, key: str) -> bool:
    """Whether a head was signed by this key, which is here."""
    return is_here(key) and hmac.compare_digest(signature, sign(count, last_hash, key))
