"""Which resources of a FHIR file belong together, by where they stand: memory holds no resource."""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple

from coding.intake.fhir.json import Malformed, parsed, text_at
from coding.intake.fhir.pieces import Piece, pieces_of
from coding.tables.errors import FileError

TARGETS = ("Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "Coverage", "Binary")
DOCUMENTS = ("DocumentReference", "Composition", "DiagnosticReport")
DEPENDENTS = ("Condition", "Procedure", "Claim", *DOCUMENTS)
TAIL = re.compile(r"(?:^|/)([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})(?:/_history/[^/]+)?$")
TOO_LONG = "It is larger than 10 MB. Send its attachments apart."


def canonical(reference: str) -> str:
    """A reference as it is looked up: Encounter/1 for any address that ends so."""
    match = TAIL.search(reference) if len(reference) < 1000 else None
    return match[1] if match else reference


class Entry(NamedTuple):
    """What may become an item: a piece with its type, or what is wrong with it or why it is left out."""

    piece: int
    type: str = ""
    encounter: str = ""
    problem: str = ""
    reason: str = ""


@dataclass(slots=True)
class Index:
    """The pieces that count, by number; ``error`` is what ends the file before its end."""

    offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    lengths: "array[int]" = field(default_factory=lambda: array("Q"))
    entry_flags: "array[int]" = field(default_factory=lambda: array("B"))
    places: list[str] = field(default_factory=list)
    targets: dict[str, int] = field(default_factory=dict)
    twice: dict[str, int] = field(default_factory=dict)
    linked: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    # Of each encounter, how many resources of other kinds point to it.
    others: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    # How many resources of each kind name no encounter, and are not looked for by a reference.
    alone: Counter[str] = field(default_factory=Counter)
    entries: list[Entry] = field(default_factory=list)
    error: FileError | None = None

    def raw(self, piece: int, file: BinaryIO) -> bytes:
        """The bytes of a piece."""
        file.seek(self.offsets[piece])
        return file.read(self.lengths[piece])

    def resource(self, piece: int, file: BinaryIO, strict: bool = True) -> tuple[Any, tuple[str, ...]]:
        """The resource of a piece, and its names. Raises Malformed."""
        return _unwrapped(parsed(self.raw(piece, file), strict), bool(self.entry_flags[piece]))

    def add(self, piece: Piece, file: BinaryIO) -> None:
        """Take note of one piece, or of the pieces of a Bundle that stands on a line."""
        here = file.tell()
        try:
            if piece.too_long:
                raise Malformed(TOO_LONG)
            file.seek(piece.offset)
            raw = file.read(piece.length)
            resource, names = _unwrapped(parsed(raw, strict=False), piece.is_entry)
            if not piece.is_entry and text_at(resource, "resourceType") == "Bundle":
                for inner in pieces_of(raw, piece.offset, f"{piece.place}, "):
                    self.add(inner, file)
            elif resource is not None:
                self._add(piece, resource, names, file)
        except (Malformed, FileError) as error:
            self.entries.append(Entry(self._keep(piece), problem=str(error)))
        file.seek(here)

    def _add(self, piece: Piece, resource: Any, names: tuple[str, ...], file: BinaryIO) -> None:
        kind = text_at(resource, "resourceType")
        if not kind:
            raise Malformed("It is no resource: it names no resourceType.")
        if kind not in ("Encounter", *TARGETS, *DEPENDENTS):
            references = [text_at(resource, member, "reference") for member in ("encounter", "context")]
            for reference in filter(None, references):
                self.others[canonical(reference)][kind] += 1
            self.alone[kind] += not any(references)
            return
        number = self._keep(piece)
        if twin := self._twin(names, resource, number, file):
            if kind == "Encounter":
                self.entries.append(Entry(number, reason=f"It stands at {self.places[twin - 1]} already."))
            return
        if kind == "Encounter":
            self.entries.append(Entry(number, kind))
        elif kind in DEPENDENTS:
            self._link(number, kind, resource)
        elif kind == "Coverage":
            self.linked[f"Coverage of {canonical(text_at(resource, 'beneficiary', 'reference'))}"].append(number)

    def _twin(self, names: tuple[str, ...], resource: Any, number: int, file: BinaryIO) -> int:
        """The number, from 1, of an equal resource of the same name; one that differs is noted."""
        for name in names:
            first = self.targets.setdefault(name, number)
            if first == number:
                continue
            if self.resource(first, file, strict=False)[0] == resource:
                return first + 1
            self.twice[name] = number
        return 0

    def _link(self, number: int, kind: str, resource: Any) -> None:
        references = [canonical(reference) for reference in _encounters(kind, resource)]
        for reference in references:
            self.linked[reference].append(number)
        if kind == "DiagnosticReport" and not (references or _is_note(kind, resource)):
            self.alone[kind] += 1
        if kind in ("Claim", "Procedure") or (kind in DOCUMENTS and _is_note(kind, resource)):
            self.entries.append(Entry(number, kind, references[0] if references else ""))

    def _keep(self, piece: Piece) -> int:
        self.offsets.append(piece.offset)
        self.lengths.append(piece.length)
        self.entry_flags.append(piece.is_entry)
        self.places.append(piece.place)
        return len(self.places) - 1

    def leave_out_linked(self) -> None:
        """Leave as items only what belongs to no encounter of the file; of documents for the same one, the first."""
        kept: list[Entry] = []
        notes: set[str] = set()
        for entry in self.entries:
            if entry.encounter in self.targets:
                continue
            if entry.type in DOCUMENTS and entry.encounter:
                if entry.encounter in notes:
                    continue
                notes.add(entry.encounter)
            kept.append(entry)
        self.entries = kept


def indexed(file: BinaryIO, pieces: Callable[[BinaryIO], Iterator[Piece]]) -> Index:
    """The index of a file."""
    index = Index()
    try:
        for piece in pieces(file):
            index.add(piece, file)
    except FileError as error:
        index.error = error
    index.leave_out_linked()
    return index


def _unwrapped(value: Any, is_entry: bool) -> tuple[Any, tuple[str, ...]]:
    """The resource of an entry or by itself, and the names by which others point to it."""
    resource = value.get("resource") if is_entry and isinstance(value, dict) else value
    names = [f"{text_at(resource, 'resourceType')}/{identity}"] if (identity := text_at(resource, "id")) else []
    if is_entry and (address := text_at(value, "fullUrl")):
        names.append(canonical(address))
    return resource, tuple(dict.fromkeys(names))


def _is_note(kind: str, resource: Any) -> bool:
    """Whether a document may hold a note; most reports are results only."""
    return kind != "DiagnosticReport" or bool(resource.get("presentedForm") or resource.get("conclusion"))


def _encounters(kind: str, resource: Any) -> list[str]:
    """The references of a resource to encounters."""
    if kind == "DocumentReference":
        context = resource.get("context")
        named = context.get("encounter") if isinstance(context, dict) else None
    elif kind == "Claim":
        items = resource.get("item")
        lists = [item.get("encounter") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        named = [reference for references in lists if isinstance(references, list) for reference in references]
    else:
        named = [resource.get("encounter")]
    references = [text_at(reference, "reference") for reference in named] if isinstance(named, list) else []
    return list(dict.fromkeys(reference for reference in references if reference))
