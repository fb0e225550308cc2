"""Signatures as people read them: on pages, in print and in files."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Model

from coding.models import SignedRecord
from coding.signing.content import SignedContent, subject_of

LATEST = 25
# What a file says of the signature for it, one cell each (``ShownSignature.cells``).
SIGNATURE_COLUMNS = ("signed_by", "signed_as", "signed_at", "signature_meaning", "content_sha256")


@dataclass(frozen=True, slots=True)
class ShownSignature:
    """A signature under one record. ``at`` is in UTC; ``is_current`` unless the record has changed since."""

    name: str
    roles: str
    at: datetime
    meaning: str
    means: str
    sha256: str
    is_current: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """The signature in a file."""
        return (self.name, self.roles, f"{self.at:%Y-%m-%dT%H:%M:%SZ}", self.meaning, self.sha256)


def latest_signatures(
    record: Model, content_of: Callable[..., SignedContent] | None = None
) -> list[ShownSignature]:
    """The latest signatures under one record that is signed again and again, oldest first."""
    kind, key = subject_of(record)
    signed = SignedRecord.objects.filter(subject_type=kind, subject_id=key).select_related(
        "signature"
    )
    now = content_of(record).sha256 if content_of else None
    rows = reversed(signed.order_by("-pk")[:LATEST])
    return [_shown(row, is_current=now is None or row.content_hash == now) for row in rows]


def signatures_of(
    records: Iterable[Model], content_of: Callable[..., SignedContent] | None = None
) -> dict[int, list[ShownSignature]]:
    """The signatures under records of one model by their ids, oldest first, with one query for all.

    ``content_of`` says what would be signed now; without it, as for a file that was handed out, every signature is
    current.
    """
    by_subject = {subject_of(record): record for record in records}
    shown: dict[int, list[ShownSignature]] = defaultdict(list)
    if not by_subject:
        return shown
    [kind, *_] = {kind for kind, _ in by_subject}
    signed = SignedRecord.objects.filter(
        subject_type=kind, subject_id__in=[key for _, key in by_subject]
    )
    for row in signed.select_related("signature").order_by("pk"):
        record = by_subject[row.subject_type, row.subject_id]
        now = content_of(record).sha256 if content_of else row.content_hash
        shown[record.pk].append(_shown(row, is_current=row.content_hash == now))
    return shown


def _shown(row: SignedRecord, *, is_current: bool) -> ShownSignature:
    signature = row.signature
    return ShownSignature(
        name=signature.printed_name,
        roles=signature.roles,
        at=signature.signed_at.astimezone(UTC),
        meaning=signature.get_meaning_display(),
        means=signature.get_means_display(),
        sha256=row.content_hash,
        is_current=is_current,
    )
