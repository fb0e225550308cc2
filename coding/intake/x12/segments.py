"""Segments of an X12 file: any delimiters that the interchange headers name, with or without line breaks."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from coding.tables import windows_1252
from coding.tables.errors import FileError

LONGEST_SEGMENT = 100_000
BLOCK = 1024 * 1024
# No more of a file is looked at for its first header.
LONGEST_HEADER = 300
ISA_ELEMENTS = 16
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Between interchanges stand line ends, frames of a transmission and marks of the end of a file.
BLANKS = b" \t\r\n\x0b\x0c\x1a\x1c\0"


class Delimiters(NamedTuple):
    """What separates elements and components and ends segments, as an ISA segment shows it."""

    element: bytes
    component: bytes
    terminator: bytes


class Segment(NamedTuple):
    """A segment; ``number`` counts from 1 over the file. It reaches from the byte ``offset`` to the byte ``end``."""

    number: int
    offset: int
    end: int
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

    @property
    def is_windows(self) -> bool:
        """Whether its text was read as Windows-1252, for it is not UTF-8."""
        return not _is_utf_8(self.raw) and windows_1252.decoded(self.raw) is not None

    @property
    def is_unknown(self) -> bool:
        """Whether it is in no character set that it looks like."""
        return not _is_utf_8(self.raw) and windows_1252.decoded(self.raw) is None

    def element(self, at: int) -> str:
        """An element, counted from 1; empty where the segment ends before it."""
        return self.elements[at].strip() if at < len(self.elements) else ""

    def components(self, at: int) -> list[str]:
        """The components of an element; at least one."""
        separator = self.delimiters.component.decode("latin-1")
        return [part.strip() for part in self.element(at).split(separator)]


class Begin(NamedTuple):
    """Where to go on in a file: a byte, how many segments stand before it, and where the open interchange begins."""

    offset: int = 0
    number: int = 0
    interchange: int | None = None


class Manner(NamedTuple):
    """How an interchange is written: its delimiters, and whether its lines end in the middle of segments."""

    delimiters: Delimiters
    wrapped: bool

    def segment(self, number: int, offset: int, end: int, raw: bytes) -> Segment | None:
        """The segment of these bytes; None where they hold nothing."""
        text = raw.strip(b"\r\n").lstrip()
        text = text.translate(None, b"\r\n") if self.wrapped else text
        if not text:
            return None
        elements = _text(text).split(_text(self.delimiters.element))
        return Segment(number, offset, end, text, elements, self.delimiters)


FROM_THE_START = Begin()


def segments(file: BinaryIO, begin: Begin = FROM_THE_START) -> Iterator[Segment]:
    """The segments of a file from a place on. Raises FileError where there is no header, or no segment can be told."""
    manner = None
    if begin.interchange is not None:
        manner = manner_of(file, begin.interchange, begin.number)
    source = _Source(file, begin.offset)
    number = begin.number
    while manner or source.skip_blanks():
        manner = manner or _manner(source.peek(LONGEST_HEADER), number)
        while (placed := source.segment(manner.delimiters.terminator, number)) is not None:
            if (segment := manner.segment(number + 1, *placed)) is None:
                continue
            number += 1
            yield segment
            if segment.raw.startswith(b"IEA"):
                break
        manner = None


def manner_of(file: BinaryIO, interchange: int, number: int = 0) -> Manner:
    """How the interchange that begins at a byte is written; so many segments stand before it. Raises FileError."""
    file.seek(interchange)
    return _manner(file.read(LONGEST_HEADER), number)


def segments_of(content: bytes, manner: Manner, offset: int, number: int) -> Iterator[Segment]:
    """The segments of a stretch that begins at a byte; ``number`` is that of its first."""
    for raw in content.split(manner.delimiters.terminator):
        end = offset + len(raw) + 1
        if segment := manner.segment(number, offset, end, raw):
            number += 1
            yield segment
        offset = end


def _manner(head: bytes, number: int) -> Manner:
    delimiters = _delimiters(head, number)
    return Manner(delimiters, _is_wrapped(head, delimiters.terminator))


def _is_wrapped(head: bytes, terminator: bytes) -> bool:
    """Whether lines end after so many characters, in the middle of segments, as punched cards did."""
    lines = head.split(b"\n")
    if len(lines) < 3:
        return False
    has_fixed_width = len(lines[0]) == len(lines[1])
    return has_fixed_width and not lines[0].rstrip(b"\r").endswith(terminator)


def _is_utf_8(raw: bytes) -> bool:
    try:
        return raw.isascii() or bool(raw.decode())
    except UnicodeDecodeError:
        return False


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return windows_1252.decoded(raw) or raw.decode("latin-1")


def _delimiters(head: bytes, number: int) -> Delimiters:
    """The separator of the ISA segment at the head, its last element (ISA16), and what ends it. Raises FileError."""
    separator = head[3:4]
    fields = head.split(separator, ISA_ELEMENTS) if head[:3] == b"ISA" and separator else []
    if len(fields) <= ISA_ELEMENTS or len(fields[ISA_ELEMENTS]) < 2:
        raise FileError(
            f"Segment {number + 1} is no complete ISA segment; an X12 interchange begins with one."
        )
    last = fields[ISA_ELEMENTS]
    delimiters = Delimiters(separator, component=last[:1], terminator=last[1:2])
    signs = b"".join(delimiters)
    are_distinct = len(set(signs)) == len(signs)
    if not are_distinct or any(map(_is_of_text, signs)):
        raise FileError(
            f"Segment {number + 1} (ISA) names delimiters that cannot be told apart from text."
        )
    return delimiters


def _is_of_text(byte: int) -> bool:
    return byte >= 128 or chr(byte).isalnum()


class _Source:
    """The bytes of a file from one of them on, block by block."""

    def __init__(self, file: BinaryIO, begin: int) -> None:
        file.seek(begin)
        self.file = file
        self.buffer = b""
        # Where the next segment begins in the buffer, and where the buffer begins in the file.
        self.at = 0
        self.before = begin

    def _fill(self) -> bool:
        # Others read in the file between two blocks.
        self.file.seek(self.before + len(self.buffer))
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
            rest = head.lstrip(BLANKS).removeprefix(BYTE_ORDER_MARK).lstrip(BLANKS)
            self.at += len(head) - len(rest)
            if rest:
                return True
        return False

    def segment(self, terminator: bytes, number: int) -> tuple[int, int, bytes] | None:
        """Where the next segment begins and ends, and its bytes; None behind the last."""
        searched = 0
        while (end := self.buffer.find(terminator, self.at + searched)) < 0:
            searched = len(self.buffer) - self.at
            if searched > LONGEST_SEGMENT:
                raise FileError(
                    f"Segment {number + 1} has more than {LONGEST_SEGMENT:,} characters and no end."
                )
            if not self._fill():
                end = len(self.buffer)
                if not self.buffer[self.at :].strip(BLANKS):
                    return None
                break
        offset = self.before + self.at
        raw = self.buffer[self.at : end]
        self.at = end + 1
        return offset, self.before + self.at, raw
