"""Bytes of files that stand in parts in the database: any worker on any machine can read them."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, cast

PART_BYTES = 1024 * 1024


def parts_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a file that comes in chunks, cut into parts of ``PART_BYTES``; the last one may be shorter."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= PART_BYTES:
            yield bytes(waiting[:PART_BYTES])
            del waiting[:PART_BYTES]
    if waiting:
        yield bytes(waiting)


def open_parts(size: int, read_part: Callable[[int], bytes | memoryview]) -> BinaryIO:
    """The bytes as a seekable file; one part, which ``read_part`` gives by its number from 0, is held at a time."""
    return cast("BinaryIO", io.BufferedReader(_StoredFile(size, read_part), buffer_size=64 * 1024))


class _StoredFile(io.RawIOBase):
    def __init__(self, size: int, read_part: Callable[[int], bytes | memoryview]) -> None:
        self.size, self.read_part = size, read_part
        self.position = 0
        self.held: tuple[int, memoryview] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        self.position = max(0, origin + offset)
        return self.position

    def tell(self) -> int:
        return self.position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.position >= self.size:
            return 0
        number, offset = divmod(self.position, PART_BYTES)
        piece = self._part(number)[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self.position += len(piece)
        return len(piece)

    def _part(self, number: int) -> memoryview:
        if self.held is None or self.held[0] != number:
            self.held = number, memoryview(self.read_part(number))
        return self.held[1]
