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
FRAMING = b"\r\n\x0b\x1c"
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
    buffer, before = b"\n" + file.read(BLOCK), -1
    first = FIRST.search(buffer)
    if first is None or _before(buffer, first):
        raise FileError(NO_MESSAGE)
    start, length_before = first.start("header"), 0
    header = _headers(buffer[start + 3 : start + 4], has_trailers=buffer[start : start + 3] != b"MSH")
    searched = start + 1
    if behind:
        buffer, before = _first_behind(file, behind, header), behind
        following = header.search(buffer)
        if following is None:
            return
        start = following.start("header")
        searched = start + 1
    while True:
        following = header.search(buffer, searched)
        if following:
            at = following.start("header")
            yield _piece(before + start - length_before, length_before, buffer[start:at])
            start, length_before, searched = at, 0, at + 1
            continue
        block = file.read(BLOCK)
        if not block and not buffer.endswith(END):
            # A trailer ends with a line, and something follows on it; the last line of a file may be without its end.
            block = END
        elif not block:
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
    return buffer[: first.start("header")].replace(BYTE_ORDER_MARK, b"").strip(FRAMING + b" \t")


def _piece(offset: int, length_before: int, raw: bytes) -> Piece:
    raw = raw.rstrip(FRAMING + b" \t").removesuffix(BYTE_ORDER_MARK).rstrip(FRAMING + b" \t")
    return Piece(offset, length_before + len(raw), raw)
