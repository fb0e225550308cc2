"""The anchor: the trail's head in a file outside the database, which shows what the database no longer does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from coding.models import AuditHead
from coding.trail import keys

LINE = re.compile(
    r"(?P<count>\d{1,18}) (?P<hash>[0-9a-f]{64}) (?P<signature>[0-9a-f]{64})(?: (?P<key>[\w.-]{1,40}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head as it was written to the anchor file."""

    count: int
    hash: str


def write_anchor() -> None:
    """Append the head to the anchor file when the trail has grown since the last line that can be proven."""
    head = AuditHead.objects.filter(pk=1).first()
    last = read_anchor()
    if head is None or (last and last.count >= head.count):
        return
    path = Path(settings.AUDIT_ANCHOR_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{head.count} {head.hash} {head.signature} {head.key}\n")


def read_anchor() -> Anchor | None:
    """The last line of the anchor file whose signature is ours; None before the first."""
    for line in _lines():
        if keys.is_signed(line.count, line.hash, line.signature, line.key):
            return Anchor(line.count, line.hash)
    return None


def keys_away() -> list[str]:
    """The ids of the keys that signed lines of the anchor file and are not here: those lines prove nothing now."""
    return sorted({line.key for line in _lines() if not keys.is_here(line.key)})


@dataclass(frozen=True, slots=True)
class _Line:
    """A head as a line of the file holds it, with the signature under it and the id of the key that made it."""

    count: int
    hash: str
    signature: str
    key: str


def _lines() -> Iterator[_Line]:
    """The lines that are ours by their shape, the last one first."""
    path = Path(settings.AUDIT_ANCHOR_FILE)
    if not path.exists():
        return
    # A byte that is no ASCII was not written here: its line is none of ours.
    for line in reversed(path.read_text(encoding="ascii", errors="replace").splitlines()):
        match = LINE.fullmatch(line)
        if match:
            key = match["key"] or keys.FIRST_KEY
            yield _Line(int(match["count"]), match["hash"], match["signature"], key)
