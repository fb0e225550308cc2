"""Messages of an HL7 v2 file: batches or none, MLLP frames or none, segments that end with CR, LF or both."""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from coding.intake.texts import LARGEST_PIECE
from coding.tables.errors import FileError

BLOCK = 1024 * 1024
HEADER = re.compile(rb"(?<=[\r\n\x0b\x1c])(?:MSH|FHS|BHS|BTS|FTS)(?=[^A-Za-z0-9\s])")
HEADER_LENGTH = 5
FRAMING = b"\r\n\x0b\x1c"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NO_MESSAGE = "The file does not begin with a message: its first segment has to be MSH, FHS or BHS."


class Piece(NamedTuple):
    """A message, or a header or trailer of a batch, as it stands in the file. ``raw`` is cut if it is too long."""

    offset: int
    length: int
    raw: bytes

    @property
    def kind(self) -> str:
        """The identifier of its first segment."""
        return self.raw[:3].decode()

    @property
    def too_long(self) -> bool:
        """Whether it is larger than any message may be."""
        return self.length > LARGEST_PIECE


def pieces(file: BinaryIO) -> Iterator[Piece]:
    """The pieces of a file in their order. Raises FileError if the file does not begin with one."""
    file.seek(0)
    # The first header follows on a line end like all others.
    buffer, before = b"\n" + file.read(BLOCK), -1
    first = HEADER.search(buffer)
    if first is None or buffer[: first.start()].replace(BYTE_ORDER_MARK, b"").strip(FRAMING + b" \t"):
        raise FileError(NO_MESSAGE)
    start, length_before, searched = first.start(), 0, first.start() + 1
    while True:
        following = HEADER.search(buffer, searched)
        if following:
            yield _piece(before + start - length_before, length_before, buffer[start : following.start()])
            start, length_before, searched = following.start(), 0, following.start() + 1
            continue
        block = file.read(BLOCK)
        if not block:
            yield _piece(before + start - length_before, length_before, buffer[start:])
            return
        # Of a message that is too long its head is kept, and the last bytes, in which a header may begin.
        surplus = len(buffer) - start - LARGEST_PIECE - HEADER_LENGTH
        if surplus > 0:
            head = buffer[start : start + LARGEST_PIECE]
            buffer, length_before = head + buffer[-HEADER_LENGTH:], length_before + surplus
            before, start = before + start + surplus, 0
        else:
            buffer, before, start = buffer[start:], before + start, 0
        searched = max(1, len(buffer) - HEADER_LENGTH)
        buffer += block


def _piece(offset: int, length_before: int, raw: bytes) -> Piece:
    raw = raw.rstrip(FRAMING)
    return Piece(offset, length_before + len(raw), raw)
