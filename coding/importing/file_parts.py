"""The bytes of an upload, which stand in parts in the database: any worker on any machine can read them."""

import hashlib
import io
from collections.abc import Iterable
from typing import BinaryIO, cast

from coding.models import Upload, UploadPart

PART_BYTES = 1024 * 1024


def keep(upload: Upload, chunks: Iterable[bytes]) -> None:
    """Store the bytes of a new upload, a part at a time. Part of a verb's transaction."""
    digest, waiting, number = hashlib.sha256(), bytearray(), 0
    for chunk in chunks:
        digest.update(chunk)
        waiting += chunk
        while len(waiting) >= PART_BYTES:
            number = _keep_part(upload, number, waiting)
    if waiting:
        number = _keep_part(upload, number, waiting)
    upload.content_hash = digest.hexdigest()


def _keep_part(upload: Upload, number: int, waiting: bytearray) -> int:
    content = bytes(waiting[:PART_BYTES])
    del waiting[:PART_BYTES]
    UploadPart.objects.create(upload=upload, number=number, content=content)
    upload.size += len(content)
    return number + 1


def open_stored(upload: Upload) -> BinaryIO:
    """The bytes of an upload as a seekable file; one part is held at a time."""
    return cast("BinaryIO", io.BufferedReader(_StoredFile(upload), buffer_size=64 * 1024))


class _StoredFile(io.RawIOBase):
    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.position = 0
        self.held: tuple[int, memoryview] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.upload.size}[whence]
        self.position = max(0, origin + offset)
        return self.position

    def tell(self) -> int:
        return self.position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.position >= self.upload.size:
            return 0
        number, offset = divmod(self.position, PART_BYTES)
        piece = self._part(number)[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self.position += len(piece)
        return len(piece)

    def _part(self, number: int) -> memoryview:
        if self.held is None or self.held[0] != number:
            parts = UploadPart.objects.filter(upload=self.upload.pk, number=number)
            self.held = number, memoryview(parts.values_list("content", flat=True).get())
        return self.held[1]
