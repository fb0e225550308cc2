"""A ZIP of a FHIR bulk export: its NDJSON files belong together and are read as one."""

import tempfile
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from coding.intake.drafts import BEGINNING, Cursor, Item, Layout, Problem
from coding.intake.fhir.file import FHIR_NDJSON
from coding.intake.fhir.pieces import Piece, line_pieces
from coding.tables.errors import FileError

LINES = (".ndjson", ".jsonl")
MOST_MEMBERS = 1_000
# A few kilobytes can unpack to gigabytes, and sizes that an archive tells can lie: what comes out is counted.
MOST_BYTES = 4 * 1024**3
CHUNK = 1024 * 1024
UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError)
DAMAGED = "The ZIP is damaged or under a password. Pack its NDJSON files again."


@dataclass(slots=True)
class Unpacked:
    """The lines of all files as one file, and where each of them begins."""

    file: BinaryIO
    names: list[str] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)

    def pieces(self, file: BinaryIO) -> Iterator[Piece]:
        """The lines, each with the name of its file and its number there."""
        number, before = 0, -1
        for piece in line_pieces(file):
            at = bisect_right(self.begins, piece.offset) - 1
            line = int(piece.place.removeprefix("line "))
            if at != before:
                number, before = line - 1, at
            yield piece._replace(place=f"{self.names[at]}, line {line - number}")


def unpacked(archive: BinaryIO) -> Unpacked:
    """The NDJSON files of an archive in a file without a name, which goes when it is closed. Raises FileError."""
    whole = Unpacked(tempfile.TemporaryFile())  # noqa: SIM115 - it is read as long as its items are asked for
    try:
        with zipfile.ZipFile(archive) as members:
            lines = [info for info in members.infolist() if info.filename.lower().endswith(LINES)]
            if not lines or len(lines) > MOST_MEMBERS:
                raise FileError(
                    f"The ZIP holds no NDJSON file, or more than {MOST_MEMBERS:,}. Pack those of one export."
                )
            for info in lines:
                whole.names.append(info.filename.rpartition("/")[2][:60])
                whole.begins.append(whole.file.tell())
                _unpack(members, info, whole.file)
    except UNREADABLE:
        raise FileError(DAMAGED) from None
    return whole


def _unpack(members: zipfile.ZipFile, info: zipfile.ZipInfo, into: BinaryIO) -> None:
    with members.open(info) as member:
        while data := member.read(CHUNK):
            into.write(data)
            if into.tell() > MOST_BYTES:
                raise FileError("The ZIP unpacks to more than 4 GB. Send its files in several archives.")
    # Some exports end without a line end: the next file must not go on with their last line.
    into.write(b"\n")


class FhirArchive:
    """The format of such archives. What is sent back of one is NDJSON."""

    def read(self, file: BinaryIO, layout: Layout, start: Cursor = BEGINNING) -> Iterator[Item]:
        """The items of all files together."""
        whole = unpacked(file)
        yield from replace(FHIR_NDJSON, pieces=whole.pieces).read(whole.file, layout, start)

    def excerpt(self, file: BinaryIO, layout: Layout, wanted: Mapping[int, Iterable[Problem]]) -> Iterator[bytes]:
        """The wanted items as NDJSON."""
        whole = unpacked(file)
        yield from replace(FHIR_NDJSON, pieces=whole.pieces).excerpt(whole.file, layout, wanted)
