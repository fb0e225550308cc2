"""Which resources of a FHIR file belong together, by where they stand: memory holds no resource.

The survey takes down a row for each resource in the file's order. When it is done, resources of one name are told
apart, and what belongs to an encounter of the file is no item of its own.
"""

import re
from collections import Counter
from functools import cached_property
from typing import Any, BinaryIO, NamedTuple

from coding.intake.fhir.json import parsed, text_at
from coding.intake.fhir.pieces import Piece
from coding.intake.index_file import IndexFile

DOCUMENTS = ("DocumentReference", "Composition", "DiagnosticReport")
DEPENDENTS = ("Condition", "Procedure", "Claim", *DOCUMENTS)
# Longer ones are no addresses; the pattern is not tried at each of their places.
LONGEST_REFERENCE = 1_000
TAIL = re.compile(r"(?:^|/)([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})(?:/_history/[^/]+)?$")
# Of what many encounters point to, such as a practitioner.
MOST_KEPT = 2_000


OF_NUMBER = "SELECT number, offset, length, place, is_entry FROM piece WHERE number = ?"
OF_ITEM = """
    SELECT item.piece, offset, length, place, is_entry, type, encounter, problem, reason
    FROM item JOIN piece ON piece.number = item.piece WHERE item.number = ?
"""
OF_NAME = """
    SELECT number, offset, length, place, is_entry FROM target JOIN piece ON number = target.piece WHERE name = ?
"""
THAT_POINT_TO = """
    SELECT number, offset, length, place, is_entry FROM link JOIN piece ON number = link.piece WHERE reference = ?
"""
UNLINKED = """
    SELECT kind, sum(count) FROM other
    WHERE reference = '' OR reference NOT IN (SELECT name FROM target) GROUP BY kind ORDER BY min(rowid)
"""
OTHERS = "SELECT kind, sum(count) FROM other WHERE reference = ? GROUP BY kind ORDER BY min(rowid)"


def canonical(reference: str) -> str:
    """A reference as it is looked up: Encounter/1 for any address that ends so."""
    match = TAIL.search(reference) if len(reference) < LONGEST_REFERENCE else None
    return match[1] if match else reference


def server_of(reference: str) -> str:
    """The server that an absolute reference names, without its scheme; empty of one that is relative, or a urn."""
    if not reference.startswith("http") or len(reference) >= LONGEST_REFERENCE:
        return ""
    match = TAIL.search(reference)
    return reference[: match.start()].partition("://")[2].lower() if match else ""


class Entry(NamedTuple):
    """What may become an item: a piece with its type, or what is wrong with it or why it is left out."""

    piece: int
    type: str = ""
    encounter: str = ""
    problem: str = ""
    reason: str = ""


class Index:
    """The resources of a surveyed file. Pieces are numbered from 0, items from 1."""

    def __init__(self, rows: IndexFile) -> None:
        self._rows = rows
        self._pieces: dict[int, Piece] = {}
        self._targets: dict[str, int | None] = {}

    @property
    def error(self) -> str:
        """What ends the file before its end; empty where it was read to its end."""
        error: str = self._rows.surveyed.more or ""
        return error

    @cached_property
    def entries(self) -> int:
        """How many items there are."""
        count: int = self._rows.value("SELECT count(*) FROM item")
        return count

    @cached_property
    def pieces(self) -> int:
        """How many resources were taken down."""
        count: int = self._rows.value("SELECT count(*) FROM piece")
        return count

    @cached_property
    def has_links(self) -> bool:
        """Whether any resource points to an encounter or a patient."""
        return self._rows.value("SELECT piece FROM link LIMIT 1") is not None

    @cached_property
    def _has_others(self) -> bool:
        return self._rows.value("SELECT count FROM other LIMIT 1") is not None

    @cached_property
    def _has_twins(self) -> bool:
        return self._rows.value("SELECT piece FROM twice LIMIT 1") is not None

    def entry(self, number: int) -> Entry:
        """What becomes the item of this number."""
        [(piece, offset, length, place, is_entry, *columns)] = self._rows.rows(OF_ITEM, number)
        self._keep(piece, offset, length, place, is_entry)
        return Entry(piece, *columns)

    def piece(self, number: int) -> Piece:
        """Where a resource stands."""
        if number not in self._pieces:
            [row] = self._rows.rows(OF_NUMBER, number)
            self._keep(*row)
        return self._pieces[number]

    def _keep(self, number: int, offset: int, length: int, place: str, is_entry: int) -> int:
        if len(self._pieces) >= MOST_KEPT:
            self._pieces.clear()
        self._pieces[number] = Piece(offset, length, place, bool(is_entry))
        return number

    def target(self, name: str) -> int | None:
        """The resource of this name; of several, the first."""
        if name not in self._targets:
            if len(self._targets) >= MOST_KEPT:
                self._targets.clear()
            targets = self._rows.rows(OF_NAME, name)
            self._targets[name] = self._keep(*targets[0]) if targets else None
        return self._targets[name]

    def twin(self, name: str) -> int | None:
        """Another resource of this name, with other content."""
        if not self._has_twins:
            return None
        twin: int | None = self._rows.value("SELECT piece FROM twice WHERE name = ?", name)
        return twin

    def linked(self, references: tuple[str, ...]) -> list[int]:
        """The resources that point to any of the references, in the file's order."""
        pieces: set[int] = set()
        for reference in references:
            rows = self._rows.rows(THAT_POINT_TO, reference)
            pieces.update(self._keep(*row) for row in rows)
        return sorted(pieces)

    def others(self, reference: str) -> Counter[str]:
        """How many resources of the kinds that tell nothing of an encounter point to it."""
        return Counter(dict(self._rows.rows(OTHERS, reference) if self._has_others else ()))

    def unlinked(self) -> Counter[str]:
        """How many resources of other kinds belong to no encounter of the file."""
        return Counter(dict(self._rows.rows(UNLINKED) if self._has_others else ()))

    def raw(self, number: int, file: BinaryIO) -> bytes:
        """The bytes of a piece."""
        return raw_of(self.piece(number), file)

    def resource(self, number: int, file: BinaryIO) -> tuple[Any, tuple[str, ...], str]:
        """The resource of a piece, its names, and the server that its address names. Raises Malformed."""
        piece = self.piece(number)
        value = parsed(raw_of(piece, file))
        server = server_of(text_at(value, "fullUrl")) if piece.is_entry else ""
        return *unwrapped(value, piece.is_entry), server


def raw_of(piece: Piece, file: BinaryIO) -> bytes:
    """The bytes of a piece."""
    file.seek(piece.offset)
    return file.read(piece.length)


def unwrapped(value: Any, is_entry: bool) -> tuple[Any, tuple[str, ...]]:
    """The resource of an entry or by itself, and the names by which others point to it."""
    resource = value.get("resource") if is_entry and isinstance(value, dict) else value
    names = []
    if identity := text_at(resource, "id"):
        names.append(f"{text_at(resource, 'resourceType')}/{identity}")
    if is_entry and (address := text_at(value, "fullUrl")):
        names.append(canonical(address))
    return resource, tuple(dict.fromkeys(names))
