"""The keys of the audit trail as the environment gives them."""

import re
from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

KEY = re.compile(r"(?P<id>[\w.-]{1,40}):(?P<key>.+)", re.ASCII)


def keys_by_id(given: Iterable[str]) -> dict[str, str]:
    """Each key under its id, in the order given. Raises ImproperlyConfigured, which names no key."""
    keys: dict[str, str] = {}
    for number, text in enumerate(given, start=1):
        match = KEY.fullmatch(text.strip())
        if match is None:
            raise ImproperlyConfigured(
                f"AUDIT_KEYS: item {number} is not an id, a colon and a key, such as 2026:…"
            )
        if match["id"] in keys:
            raise ImproperlyConfigured(f"AUDIT_KEYS: the id {match['id']} is given twice.")
        keys[match["id"]] = match["key"]
    return keys
