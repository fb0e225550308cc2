"""Where the resources of a FHIR file stand: the entries of a Bundle, or the lines of a bulk export.

Only the brackets and strings of a Bundle are looked at, so that an entry that is wrong inside leaves the others be.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from coding.intake.texts import LARGEST_PIECE
from coding.tables.errors import FileError

LARGEST_DOCUMENT = 64 * 1024 * 1024
# Deeper levels are counted, no longer kept apart; an entry that has them is refused when it is read.
DEEPEST = 200
# So many levels no program writes: to count on to the end of a large file takes half a minute.
MOST_OPEN = 100_000
# A string that is not closed reaches to the end, so that no second attempt begins within it.
TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)|[{}\[\]]', re.DOTALL)
CLOSES = {b"}": b"{", b"]": b"["}


class Piece(NamedTuple):
    """A resource, or an entry of a Bundle that holds one, and where it stands; ``line`` counts from 1."""

    offset: int
    length: int
    place: str
    is_entry: bool
    line: int = 0

    @property
    def too_long(self) -> bool:
        """Whether it is larger than any resource may be."""
        return self.length > LARGEST_PIECE


def document_pieces(file: BinaryIO, behind: int = 0, line: int = 0) -> Iterator[Piece]:
    """The entries of a Bundle, nested ones too; of any other document, the whole. Raises FileError.

    Only those that end behind a byte position. A document has no lines that count.
    """
    file.seek(0)
    content = file.read(LARGEST_DOCUMENT + 1)
    if len(content) > LARGEST_DOCUMENT:
        raise FileError("The file is larger than 64 MB. Export it as NDJSON, one resource a line.")
    yield from (
        piece for piece in pieces_of(content, 0, "") if piece.offset + piece.length > behind
    )


def line_pieces(file: BinaryIO, offset: int = 0, number: int = 0) -> Iterator[Piece]:
    """The lines that hold something, from the line that begins at a byte position; so many stand before it."""
    file.seek(offset)
    while line := file.readline(LARGEST_PIECE + 1):
        number += 1
        length = len(line)
        while not line.endswith(b"\n") and (line := file.readline(LARGEST_PIECE + 1)):
            length += len(line)
        if length > LARGEST_PIECE or not line.isspace():
            yield Piece(offset, length, f"line {number}", is_entry=False, line=number)
        offset += length


def pieces_of(content: bytes, before: int, prefix: str) -> Iterator[Piece]:
    """The pieces of one document, whose first byte stands at ``before``."""
    document = _Document(prefix)
    for match in TOKEN.finditer(content):
        token = match[0]
        if token in b"{[":
            document.open(token, match.start(), content)
        elif token in b"}]":
            if piece := document.close(token, match.end()):
                yield piece._replace(offset=before + piece.offset)
            if not document.levels:
                if content[match.end() :].strip():
                    raise FileError(
                        f"{document.name} goes on behind its end. One resource a line is NDJSON."
                    )
                return
        elif match[1]:
            document.read(token)
    raise FileError(f"{document.where}: the file is cut off here. Export it again.")


class _Document:
    """The levels of a document that are open."""

    def __init__(self, prefix: str) -> None:
        self.prefix, self.levels, self.uncounted = prefix, list[_Level](), 0

    @property
    def name(self) -> str:
        """The document, in words."""
        return f"The document of {self.prefix.rstrip(', ')}" if self.prefix else "The file"

    @property
    def where(self) -> str:
        """The place that was come to."""
        place = self.levels[-1].place if self.levels else self.prefix
        return place.rstrip(".,: ") or "At the outermost level"

    def open(self, sign: bytes, start: int, content: bytes) -> None:
        """Go one level down."""
        if not self.levels and content[:start].lstrip(b"\xef\xbb\xbf \t\r\n"):
            raise FileError(f"{self.name} does not begin with an object, as JSON of FHIR has to.")
        if len(self.levels) < DEEPEST:
            self.levels.append(
                _Level(sign, self.levels[-1] if self.levels else None, start, self.prefix)
            )
            return
        self.uncounted += 1
        if self.uncounted > MOST_OPEN:
            raise FileError(
                f"{self.where}: {MOST_OPEN:,} brackets are open. Export the file again."
            )

    def close(self, sign: bytes, end: int) -> Piece | None:
        """Go one level up; the piece that ends here, if one does."""
        if self.uncounted:
            self.uncounted -= 1
            return None
        if not self.levels or self.levels[-1].sign != CLOSES[sign]:
            raise FileError(
                f"{self.where}: a bracket closes what was not opened. Export the file again."
            )
        return self.levels.pop().closed(end)

    def read(self, token: bytes) -> None:
        """Take note of a key or text."""
        if self.levels and not self.uncounted:
            self.levels[-1].read(token)


class _Level:
    """An object or array that is open, and what it is to a Bundle."""

    def __init__(self, sign: bytes, parent: "_Level | None", start: int, prefix: str) -> None:
        self.sign, self.parent, self.start = sign, parent, start
        self.last = self.type = b""
        self.role, self.place, self.entries = "", prefix, 0
        if parent is None:
            self.role = "resource" if sign == b"{" else ""
            return
        self.place = parent.place
        match parent.role, sign:
            case "resource", b"[" if parent.last == b'"entry"':
                self.role = "entries"
            case "entries", b"{":
                self.role, self.place = "entry", f"{parent.place}entry[{parent.entries}]"
                parent.entries += 1
            case "entry", b"{" if parent.last == b'"resource"':
                self.role, self.place = "resource", f"{parent.place}.resource."

    def read(self, token: bytes) -> None:
        """Take note of a key or text. A key stands right before the bracket that opens its value."""
        if self.last == b'"resourceType"' and not self.type:
            self.type = token
        self.last = token

    def closed(self, end: int) -> Piece | None:
        """The piece that ends here, if one does; a Bundle is none, its entries are."""
        if self.role == "resource" and self.parent:
            self.parent.type = self.type
        is_entry = self.role == "entry"
        if (is_entry or self.parent is None) and self.type != b'"Bundle"':
            return Piece(self.start, end - self.start, self.place, is_entry)
        return None
