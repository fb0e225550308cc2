"""Segments of an X12 file: any delimiters that the interchange headers name, with or without line breaks."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from coding.tables.errors import FileError

LONGEST_SEGMENT = 100_000
BLOCK = 1024 * 1024
# No more of a file is looked at for its first header.
LONGEST_HEADER = 300
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Delimiters(NamedTuple):
    """What separates elements and components and ends segments, as an ISA segment shows it."""

    element: bytes
    component: bytes
    terminator: bytes


class Segment(NamedTuple):
    """A segment; ``number`` counts from 1 over the file, ``offset`` is the byte at which it begins."""

    number: int
    offset: int
    raw: bytes
    elements: list[str]
    delimiters: Delimiters

    @property
    def id(self) -> str:
        """The segment's identifier, such as CLM."""
        return self.elements[0]

    @property
    def place(self) -> str:
        """Where the segment stands, in words."""
        return f"segment {self.number} ({self.id[:3]})"

    def element(self, at: int) -> str:
        """An element, counted from 1; empty where the segment ends before it."""
        return self.elements[at].strip() if at < len(self.elements) else ""

    def components(self, at: int) -> list[str]:
        """The components of an element; at least one."""
        return [part.strip() for part in self.element(at).split(self.delimiters.component.decode("latin-1"))]


def segments(file: BinaryIO, only: tuple[bytes, ...] = ()) -> Iterator[Segment]:
    """All segments of a file, or ``only`` those that begin so.

    Raises FileError where there is no header, or no segment can be told.
    """
    source = _Source(file)
    number = 0
    while source.skip_blanks():
        head = source.peek(LONGEST_HEADER)
        delimiters = _delimiters(head, number)
        wrapped = _is_wrapped(head, delimiters.terminator)
        while (placed := source.segment(delimiters.terminator, number)) is not None:
            offset, raw = placed
            if wrapped:
                raw = raw.translate(None, b"\r\n")
            if not raw:
                continue
            number += 1
            if not only or raw.startswith(only):
                yield Segment(number, offset, raw, _text(raw).split(_text(delimiters.element)), delimiters)
            if raw.startswith(b"IEA"):
                break


def _is_wrapped(head: bytes, terminator: bytes) -> bool:
    """Whether lines end after so many characters, in the middle of segments, as punched cards did."""
    lines = head.split(b"\n")
    return len(lines) > 2 and len(lines[0]) == len(lines[1]) and not lines[0].rstrip(b"\r").endswith(terminator)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _delimiters(head: bytes, number: int) -> Delimiters:
    fields = head.split(head[3:4], 16) if head[:3] == b"ISA" and len(head) > 3 else []
    if len(fields) < 17 or len(fields[16]) < 2:
        raise FileError(f"Segment {number + 1} is no complete ISA segment; an X12 interchange begins with one.")
    delimiters = Delimiters(head[3:4], fields[16][:1], fields[16][1:2])
    signs = b"".join(delimiters)
    if len(set(signs)) < 3 or any(sign >= 128 or chr(sign).isalnum() for sign in signs):
        raise FileError(f"Segment {number + 1} (ISA) names delimiters that cannot be told apart from text.")
    return delimiters


class _Source:
    """The bytes of a file, block by block."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self.file, self.buffer, self.at, self.before = file, b"", 0, 0

    def _fill(self) -> bool:
        block = self.file.read(BLOCK)
        self.before += self.at
        self.buffer, self.at = self.buffer[self.at :] + block, 0
        return bool(block)

    def peek(self, length: int) -> bytes:
        while len(self.buffer) - self.at < length and self._fill():
            pass
        return self.buffer[self.at : self.at + length]

    def skip_blanks(self) -> bool:
        """Go to the next byte that is no blank and no byte order mark; whether there is one."""
        while head := self.peek(LONGEST_HEADER):
            rest = head.lstrip().removeprefix(BYTE_ORDER_MARK).lstrip()
            self.at += len(head) - len(rest)
            if rest:
                return True
        return False

    def segment(self, terminator: bytes, number: int) -> tuple[int, bytes] | None:
        """Where the next segment begins, and its bytes; None behind the last."""
        searched = 0
        while (end := self.buffer.find(terminator, self.at + searched)) < 0:
            searched = len(self.buffer) - self.at
            if searched > LONGEST_SEGMENT:
                raise FileError(f"Segment {number + 1} has more than {LONGEST_SEGMENT:,} characters and no end.")
            if not self._fill():
                end = len(self.buffer)
                if not self.buffer[self.at :].strip():
                    return None
                break
        offset, raw = self.before + self.at, self.buffer[self.at : end]
        self.at = end + 1
        return offset, raw.strip(b"\r\n").lstrip()
