"""A ZIP of a FHIR bulk export: its NDJSON files belong together and are read as one."""

import tempfile
import zipfile
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from coding.intake.drafts import Layout, Remark
from coding.intake.fhir.file import FHIR_NDJSON
from coding.intake.fhir.pieces import Piece, line_pieces
from coding.intake.scattered import Scattered
from coding.intake.texts import left_out
from coding.intake.values import LONGEST_SHOWN, shown
from coding.tables.errors import FileError

LINES = (".ndjson", ".jsonl")
# What systems put beside the files that people pack.
OF_SYSTEMS = ("__MACOSX/", ".DS_Store", "Thumbs.db")
MOST_TOLD = 5
MOST_MEMBERS = 1_000
# A few kilobytes can unpack to gigabytes, and sizes that an archive tells can lie: what comes out is counted.
MOST_BYTES = 4 * 1024**3
CHUNK = 1024 * 1024
UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError)
DAMAGED = "The ZIP is damaged or under a password. Pack its NDJSON files again."


@dataclass(slots=True)
class Unpacked:
    """The lines of all files as one file, where each of them begins, and how many lines stand before it."""

    file: BinaryIO
    names: list[str] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    lines_before: list[int] = field(default_factory=list)
    lines: int = 0
    others: list[str] = field(default_factory=list)

    @property
    def beside(self) -> tuple[Remark, ...]:
        """The files that are not read."""
        remarks = []
        for name in self.others[:MOST_TOLD]:
            remarks.append(left_out(f"the file {shown(name)}, which is no NDJSON"))
        more = len(self.others) - MOST_TOLD
        if more > 0:
            remarks.append(left_out(f"{more} more files of the ZIP"))
        return tuple(remarks)

    def pieces(self, file: BinaryIO, offset: int = 0, number: int = 0) -> Iterator[Piece]:
        """The lines, each with the name of its file and its number there."""
        for piece in line_pieces(file, offset, number):
            at = bisect_right(self.begins, piece.offset) - 1
            line = piece.line - self.lines_before[at]
            yield piece._replace(place=f"{self.names[at]}, line {line}")


def unpacked(archive: BinaryIO) -> Unpacked:
    """The NDJSON files of an archive in a file without a name, which goes when it is closed. Raises FileError."""
    whole = Unpacked(tempfile.TemporaryFile())  # noqa: SIM115 - it is read as long as its items are asked for
    try:
        with zipfile.ZipFile(archive) as members:
            _unpack_all(members, whole)
    except UNREADABLE:
        raise FileError(DAMAGED) from None
    return whole


def _unpack_all(members: zipfile.ZipFile, into: Unpacked) -> None:
    """Join the NDJSON files, and take down the names of the others. Raises FileError."""
    files = [info for info in members.infolist() if not info.is_dir()]
    exported = [info for info in files if _is_of_lines(info)]
    if not exported or len(exported) > MOST_MEMBERS:
        raise FileError(
            f"The ZIP holds no NDJSON file, or more than {MOST_MEMBERS:,}. Pack those of one export."
        )
    into.others = [
        info.filename for info in files if not (_is_of_lines(info) or _is_of_system(info))
    ]
    times = Counter(map(_own_name, exported))
    for info in exported:
        own_name = _own_name(info)
        name = own_name if times[own_name] == 1 else info.filename
        into.names.append(shown(name[-LONGEST_SHOWN:]))
        into.begins.append(into.file.tell())
        into.lines_before.append(into.lines)
        _unpack(members, info, into)


def _is_of_lines(info: zipfile.ZipInfo) -> bool:
    return info.filename.lower().endswith(LINES)


def _is_of_system(info: zipfile.ZipInfo) -> bool:
    return any(part in info.filename for part in OF_SYSTEMS)


def _own_name(info: zipfile.ZipInfo) -> str:
    """The name of a file without its folders."""
    return info.filename.rpartition("/")[2]


def _unpack(members: zipfile.ZipFile, info: zipfile.ZipInfo, into: Unpacked) -> None:
    with members.open(info) as member:
        while data := member.read(CHUNK):
            into.file.write(data)
            into.lines += data.count(b"\n")
            if into.file.tell() > MOST_BYTES:
                raise FileError(
                    "The ZIP unpacks to more than 4 GB. Send its files in several archives."
                )
    # Some exports end without a line end: the next file must not go on with their last line.
    into.file.write(b"\n")
    into.lines += 1


class FhirArchive(Scattered):
    """The format of such archives. What is sent back of one is NDJSON. Whoever reads one unpacks it first."""

    def opened(self, file: BinaryIO, layout: Layout) -> tuple[Scattered, BinaryIO]:
        """The files as one, with a reader that knows where each begins."""
        whole = unpacked(file)
        return replace(FHIR_NDJSON, pieces=whole.pieces, beside=whole.beside), whole.file
