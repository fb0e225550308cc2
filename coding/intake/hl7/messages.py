"""Messages of an HL7 v2 file: batches or none, MLLP frames or none, segments that end with CR, LF or both."""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from coding.intake.texts import LARGEST_PIECE
from coding.tables.errors import FileError

BLOCK = 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# A header begins a line, behind nothing but blanks and the mark that programs put before UTF-8.
BEGIN = rb"[\r\n\x0b\x1c](?:\xef\xbb\xbf|[ \t]){0,20}"
FIRST = re.compile(BEGIN + rb"(?P<header>(?:MSH|FHS|BHS)[^A-Za-z0-9\s])")
# A message may have separators of its own: its second field, of signs, shows that it is one.
OF_ITS_OWN = rb"MSH(?P<sign>[^A-Za-z0-9\s])[^A-Za-z0-9\s]{1,5}?(?:(?P=sign)|[\r\n])"
HEADER_LENGTH = 32
END = b"\r\x1c"
# Line ends, the signs of MLLP frames, and what may stand between them.
BLANKS = b"\r\n\x0b\x1c \t"
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


def begins_with_message(head: bytes) -> bool:
    """Whether a file that begins so begins with a header."""
    first = FIRST.search(b"\n" + head)
    return first is not None and not _before(b"\n" + head, first)


def pieces(file: BinaryIO, behind: int = 0) -> Iterator[Piece]:
    """The pieces of a file in their order, or those behind the end of one of them.

    Raises FileError if the file does not begin with one.
    """
    file.seek(0)
    # The first header follows on a line end like all others.
    buffer = b"\n" + file.read(BLOCK)
    first = FIRST.search(buffer)
    if first is None or _before(buffer, first):
        raise FileError(NO_MESSAGE)
    start = first.start("header")
    sign = buffer[start + 3 : start + 4]
    has_trailers = not buffer.startswith(b"MSH", start)
    header = _headers(sign, has_trailers=has_trailers)
    if not behind:
        yield from _Window(file, header, buffer, -1, start).pieces()
        return
    buffer = _first_behind(file, behind, header)
    following = header.search(buffer)
    if following:
        yield from _Window(file, header, buffer, behind, following.start("header")).pieces()


class _Window:
    """The part of a file from the piece that is read on: ``buffer`` stands at ``offset``, the piece at ``start`` in it.

    ``left_out`` are the bytes of a piece that is too long and are not kept, ``searched`` is where the next header is
    looked for.
    """

    def __init__(
        self, file: BinaryIO, header: re.Pattern[bytes], buffer: bytes, offset: int, start: int
    ) -> None:
        self._file = file
        self._header = header
        self._buffer = buffer
        self._offset = offset
        self._begin(start)

    def pieces(self) -> Iterator[Piece]:
        """The pieces from here to the end of the file."""
        while True:
            following = self._header.search(self._buffer, self._searched)
            if following:
                end = following.start("header")
                yield self._piece(end)
                self._begin(end)
            elif not self._read_on():
                yield self._piece(len(self._buffer))
                return

    def _begin(self, start: int) -> None:
        self._start = start
        self._left_out = 0
        self._searched = start + 1

    def _piece(self, end: int) -> Piece:
        """The piece up to an end in the buffer, without the framing behind it."""
        raw = self._buffer[self._start : end].rstrip(BLANKS)
        raw = raw.removesuffix(BYTE_ORDER_MARK).rstrip(BLANKS)
        offset = self._offset + self._start - self._left_out
        return Piece(offset, self._left_out + len(raw), raw)

    def _read_on(self) -> bool:
        """Read the next block; False at the end of the file."""
        block = self._file.read(BLOCK)
        if not block:
            if self._buffer.endswith(END):
                return False
            # A trailer ends with a line, and something follows on it; the last line of a file may be without its end.
            block = END
        kept = self._kept()
        self._left_out += len(self._buffer) - self._start - len(kept)
        self._offset += len(self._buffer) - len(kept)
        self._start = 0
        self._searched = max(1, len(kept) - HEADER_LENGTH)
        self._buffer = kept + block
        return True

    def _kept(self) -> bytes:
        """Of a message that is too long its head is kept, and the last bytes, in which a header may begin."""
        own = self._buffer[self._start :]
        if len(own) <= LARGEST_PIECE + HEADER_LENGTH:
            return own
        return own[:LARGEST_PIECE] + own[-HEADER_LENGTH:]


def _first_behind(file: BinaryIO, position: int, header: re.Pattern[bytes]) -> bytes:
    """What stands behind a position, up to a header at least, if one follows."""
    file.seek(position)
    buffer = b""
    while block := file.read(BLOCK):
        buffer += block
        if header.search(buffer):
            return buffer
    return buffer + END


def _headers(sign: bytes, *, has_trailers: bool) -> re.Pattern[bytes]:
    """Headers and trailers in a file whose first names this separator: "FTS: none" is a line of a note.

    A trailer may tell nothing; what follows on it shows that it is no word of a text.
    """
    usual = rb"(?:MSH|FHS|BHS)" + re.escape(sign)
    if has_trailers:
        bare = rb"[\r\n \t]+(?:[\x1c\x0b]|MSH|FHS|BHS|BTS|FTS)"
        usual += rb"|(?:BTS|FTS)(?:" + re.escape(sign) + rb"|(?=" + bare + rb"))"
    return re.compile(BEGIN + rb"(?P<header>" + usual + rb"|" + OF_ITS_OWN + rb")")


def _before(buffer: bytes, first: re.Match[bytes]) -> bytes:
    """What stands before the first header that is no blank."""
    before = buffer[: first.start("header")]
    return before.replace(BYTE_ORDER_MARK, b"").strip(BLANKS)
