"""The parts of an XLSX archive, after making sure that reading them cannot do harm.

A few kilobytes can unpack to gigabytes, and sizes told by the archive can lie. So a part is passed through once, chunk
by chunk, and measured before anybody reads it; nothing is ever held as a whole.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from coding.tables.errors import FileError

CHUNK = 65_536
MOST_MEMBERS = 5_000
LARGEST_PART = 300_000_000
MOST_ELEMENTS = 5_000_000
DEEPEST = 50
# A tag or comment longer than this is no spreadsheet program's.
LARGEST_TOKEN = 100_000
# The parser remembers every name of an element or attribute.
MOST_NAMES = 1_000
# The first bytes of a compound file: an old XLS, or a workbook under a password.
COMPOUND = b"\xd0\xcf\x11\xe0"
MEMBER = b"PK\x01\x02"
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
)
DAMAGED = (
    "The workbook is damaged. Open it in a spreadsheet program, save it as XLSX and send it again."
)
Attributes = dict[str, str]


def local(name: str) -> str:
    """A name without the prefix of its namespace."""
    return name.rpartition(":")[2] if ":" in name else name


class Package:
    """A workbook's archive. Raises FileError for anything but a plain one.

    The parts that are read may unpack to ``most_bytes`` together, if it is given, and to ``LARGEST_PART`` each.
    Limits are ``times`` the usual ones for tables that a publisher makes so large.
    """

    def __init__(self, file: BinaryIO, most_bytes: int = 0, times: int = 1) -> None:
        self._most_bytes, self.times = most_bytes, times
        self._sizes: dict[str, int] = {}
        file.seek(0)
        start = file.read(4)
        if start == COMPOUND:
            raise FileError(
                "The workbook is protected by a password or of the old kind XLS. Save it as XLSX without a password."
            )
        if start[:2] != b"PK":
            raise FileError("The file is no XLSX workbook. Save it as XLSX, or send it as CSV.")
        _check_members(file)
        try:
            self._archive = zipfile.ZipFile(file)
        except UNREADABLE:
            raise FileError(DAMAGED) from None
        self._parts = {info.filename.lower().lstrip("/"): info for info in self._archive.infolist()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of a part."""
        info = self._parts.get(name.lower())
        if info is None or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileError(DAMAGED)
        size = passed = 0
        try:
            with self._archive.open(info) as part:
                while data := part.read(CHUNK):
                    size += len(data)
                    if passed := self._limit_passed(info.filename, size):
                        break
                    yield data
        except UNREADABLE:
            raise FileError(DAMAGED) from None
        if passed:
            raise FileError(f"The workbook unpacks to more than {passed:,} bytes. Send it as CSV.")

    def _limit_passed(self, part: str, size: int) -> int:
        """The limit that so much of a part passes, 0 if none. A part that is read again counts once."""
        self._sizes[part] = max(size, self._sizes.get(part, 0))
        if size > LARGEST_PART * self.times:
            return LARGEST_PART * self.times
        is_too_much = self._most_bytes and sum(self._sizes.values()) > self._most_bytes
        return self._most_bytes if is_too_much else 0

    def survey(self, name: str, start: Callable[[str, Attributes], None] | None = None) -> None:
        """Pass through a part once, to be refused before anything of it is used."""
        gauge = _Gauge(start, MOST_ELEMENTS * self.times)
        for _ in parse(self.chunks(name), gauge.start, gauge.end):
            pass


class _Gauge:
    """Counts elements and their depth."""

    def __init__(self, start: Callable[[str, Attributes], None] | None, most: int) -> None:
        self._start, self._most = start, most
        self._elements = self._depth = 0

    def start(self, name: str, attributes: Attributes) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > self._most:
            raise FileError(
                "The workbook has too many cells. Delete rows and columns not needed, or send it as CSV."
            )
        if self._depth > DEEPEST:
            raise FileError(DAMAGED)
        if self._start:
            self._start(name, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1


def parse(
    chunks: Iterator[bytes],
    start: Callable[[str, Attributes], None] | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Call the handlers; one step for each chunk. Raises FileError for damaged XML and for any entity."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = (
        start,
        end,
        text,
    )
    parser.StartDoctypeDeclHandler = _refuse
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > LARGEST_TOKEN or len(parser.intern) > MOST_NAMES:
                raise FileError(DAMAGED)
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError):
        raise FileError(DAMAGED) from None
    yield


def _refuse(*_: Any) -> None:
    raise FileError(
        "The workbook defines XML entities, which no spreadsheet program does. Save it anew."
    )


def _check_members(file: BinaryIO) -> None:
    """Counted before zipfile makes an object of each."""
    file.seek(0)
    members, kept = 0, b""
    while data := file.read(1_000_000):
        data = kept + data
        members += data.count(MEMBER)
        kept = data[-len(MEMBER) + 1 :]
    if members > MOST_MEMBERS:
        raise FileError(f"The workbook has more than {MOST_MEMBERS:,} parts. Save it anew.")
