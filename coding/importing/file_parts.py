"""The bytes of an upload, which stand in parts in the database."""

import hashlib
from collections.abc import Iterable
from typing import BinaryIO

from coding.models import Upload, UploadPart
from coding.work.stored_bytes import open_parts, parts_of


def keep(upload: Upload, chunks: Iterable[bytes]) -> None:
    """Store the bytes of a new upload, a part at a time. Part of a verb's transaction."""
    digest = hashlib.sha256()
    for number, content in enumerate(parts_of(chunks)):
        digest.update(content)
        UploadPart.objects.create(upload=upload, number=number, content=content)
        upload.size += len(content)
    upload.content_hash = digest.hexdigest()


def open_stored(upload: Upload) -> BinaryIO:
    """The bytes of an upload as a seekable file."""
    parts = UploadPart.objects.filter(upload=upload.pk).values_list("content", flat=True)
    return open_parts(upload.size, lambda number: parts.get(number=number))
