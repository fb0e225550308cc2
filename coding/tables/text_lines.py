"""The physical lines of a text file of any size, each with its number and its bytes."""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from coding.tables import windows_1252
from coding.tables.errors import FileError

CHUNK = 65_536
# A longer line is handed out cut; the rest of it is passed over.
LONGEST_LINE = 500_000
LINE_END = re.compile(r"\r\n?|\n")
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# Half a surrogate pair stands for bytes that are no text, so that the line that holds them can still be found.
NO_TEXT = "concord-no-text"
codecs.register_error(NO_TEXT, lambda error: ("\ud800", getattr(error, "end", 0)))


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file are text, and where the text begins.

    With ``or_windows`` a line that is not UTF-8 may be in Windows-1252.
    """

    name: str
    begins: int = 0
    or_windows: bool = False

    @property
    def errors(self) -> str:
        """What stands for bytes that are no text: with ``or_windows`` they can be had back."""
        return "surrogateescape" if self.or_windows else NO_TEXT


class PhysicalLine(NamedTuple):
    """A line with the end that it has in the file. ``after`` is the byte position behind it.

    One that ``is_windows`` was read as Windows-1252, for it is not UTF-8.
    """

    number: int
    text: str
    offset: int
    after: int
    cut: bool = False
    is_windows: bool = False


def encoding_of(file: BinaryIO, *, or_windows: bool = False) -> Encoding:
    """UTF-8 unless the file begins with the mark of UTF-16. Without any mark lines may be in Windows-1252, if asked."""
    file.seek(0)
    start = file.read(3)
    for mark, name in MARKS.items():
        if start.startswith(mark):
            return Encoding(name, len(mark))
    return Encoding("utf-8", or_windows=or_windows)


def physical_lines(
    file: BinaryIO, encoding: Encoding, offset: int = 0, number: int = 0
) -> Iterator[PhysicalLine]:
    """The lines from a byte position on, which must be the begin of one; they are counted if its number is not known.

    Raises FileError at a line that is no text.
    """
    offset = max(offset, encoding.begins)
    number = number or 1 + _ends_before(file, encoding, offset)
    begins, first = offset, ""
    is_windows = False
    for piece in _pieces(file, encoding, offset):
        text, length = _read(piece, encoding, number)
        after = offset + length
        is_windows = is_windows or text != piece
        if piece.endswith(("\n", "\r")):
            yield PhysicalLine(
                number, first or text, begins, after, cut=bool(first), is_windows=is_windows
            )
            number, begins, first, is_windows = number + 1, after, "", False
        else:
            first = first or text
        offset = after
    if first:
        yield PhysicalLine(
            number, first, begins, offset, cut=len(first) > LONGEST_LINE, is_windows=is_windows
        )


def _read(piece: str, encoding: Encoding, number: int) -> tuple[str, int]:
    """The text of a piece, and how many bytes it has in the file. Raises FileError."""
    if "\0" in piece:
        raise FileError(
            f"Line {number:,} holds a NUL byte, so this is no text. Save the file as CSV in UTF-8."
        )
    try:
        return piece, len(piece.encode(encoding.name))
    except UnicodeEncodeError:
        raw = piece.encode(encoding.name, encoding.errors) if encoding.or_windows else b""
        if text := windows_1252.decoded(raw):
            return text, len(raw)
        name = encoding.name.upper()[:6] + (
            ", and does not look like Windows-1252" if encoding.or_windows else ""
        )
        save = "Save the file as CSV in UTF-8 and send it again. Excel calls that “CSV UTF-8”."
        raise FileError(f"Line {number:,} is not {name}. {save}") from None


def _texts(file: BinaryIO, encoding: Encoding, begin: int, end: int | None = None) -> Iterator[str]:
    """The text in chunks, none of which ends between the two characters of one line end."""
    plain = codecs.getincrementaldecoder(encoding.name)(encoding.errors)
    decoder = io.IncrementalNewlineDecoder(plain, translate=False)
    while end is None or begin < end:
        # Somebody else may have moved the file meanwhile.
        file.seek(begin)
        data = file.read(CHUNK if end is None else min(CHUNK, end - begin))
        if not data:
            break
        begin += len(data)
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def _pieces(file: BinaryIO, encoding: Encoding, offset: int) -> Iterator[str]:
    """Lines; a very long one in several pieces, of which only the last has the line end."""
    rest = ""
    for text in _texts(file, encoding, offset):
        text = rest + text
        begin = 0
        for match in LINE_END.finditer(text):
            yield text[begin : match.end()]
            begin = match.end()
        rest = text[begin:]
        if len(rest) > LONGEST_LINE:
            yield rest
            rest = ""
    if rest:
        yield rest


def _ends_before(file: BinaryIO, encoding: Encoding, offset: int) -> int:
    texts = _texts(file, encoding, encoding.begins, offset)
    return sum(text.count("\n") + text.count("\r") - text.count("\r\n") for text in texts)
