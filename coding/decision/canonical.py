"""Canonical JSON and its hash: equal data give equal bytes on every machine and Python version."""

import hashlib
import json
from typing import Any


def canonical_json(data: Any) -> str:
    """Compact JSON with sorted keys. Not-a-number and infinity are refused with ValueError."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def content_hash(data: Any) -> str:
    """SHA-256 of the canonical JSON in hexadecimal: 64 characters, as database columns of hashes hold."""
    return hashlib.sha256(canonical_json(data).encode("utf-8")).hexdigest()
