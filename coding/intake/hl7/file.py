"""HL7 v2 files: charges (DFT^P03) and notes (MDM) of visits, joined by the visit's number, in any order."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from coding.intake.drafts import (
    BEGINNING,
    Covers,
    Cursor,
    Draft,
    EncounterTexts,
    Item,
    Layout,
    Problem,
    Skipped,
)
from coding.intake.hl7.documents import CANCEL, EDIT, NEW, REPLACEMENT, TEXTS
from coding.intake.hl7.messages import Piece, begins_with_message, pieces
from coding.intake.hl7.patient import patient_of
from coding.intake.hl7.segments import Message, taken_apart
from coding.intake.hl7.visit import Placed, kind_of, misplaced_visit_number, visit, visit_authority, visit_number
from coding.intake.texts import LARGEST_ENCOUNTER, NOTHING_TAKEN, nothing_told, problem
from coding.tables.errors import FileError

MOST_SHOWN = 5
CANCELLED = "Everything of this visit was taken back: its documents are cancelled, its charges credited."
NOTHING = "There is nothing to code: no charge and no note."
TOO_LARGE = "The messages of this visit are larger than 40 MB together. Send its documents apart."
NO_TRAILER = "The file ends without {0}: it is cut off. Export it again."


class Hl7:
    """HL7 v2.3 to 2.8. The file is read twice: once to find what belongs together, once for the texts."""

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins so is HL7 v2."""
        return begins_with_message(head)

    def read(self, file: BinaryIO, layout: Layout, start: Cursor = BEGINNING) -> Iterator[Item]:
        """One item for each visit, and for each message that belongs to none."""
        index = _index(file)
        for number, entry in enumerate(index.entries[start.number :], start=start.number + 1):
            yield _item(number, entry, index, file)
        if index.missing:
            raise FileError(NO_TRAILER.format(" and ".join(index.missing)))

    def excerpt(self, file: BinaryIO, layout: Layout, wanted: Mapping[int, Iterable[Problem]]) -> Iterator[bytes]:
        """The messages of the wanted items as they were, in the file's order."""
        index = _index(file)
        chosen = (index.entries[number - 1].messages for number in wanted if 0 < number <= len(index.entries))
        for number in sorted(number for messages in chosen for number in messages):
            yield index.raw(number, file) + b"\r"


@dataclass(slots=True)
class _Entry:
    """What becomes one item: its messages by number, and what is said instead of reading them.

    ``authority`` is who gave the visit its number.
    """

    messages: list[int]
    authority: str = ""
    reason: str = ""
    problem: Problem | None = None


@dataclass(slots=True)
class _Index:
    """Where messages stand, and which belong together."""

    offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    lengths: "array[int]" = field(default_factory=lambda: array("Q"))
    entries: list[_Entry] = field(default_factory=list)
    visits: dict[str, list[_Entry]] = field(default_factory=dict)
    strays: list[_Entry] = field(default_factory=list)
    batch: int | None = None
    missing: list[str] = field(default_factory=list)

    def raw(self, number: int, file: BinaryIO) -> bytes:
        """The bytes of a message."""
        file.seek(self.offsets[number - 1])
        return file.read(self.lengths[number - 1])

    def add(self, piece: Piece) -> None:
        """Take note of one piece of the file."""
        match piece.kind:
            case "MSH":
                self.offsets.append(piece.offset)
                self.lengths.append(piece.length)
                self._add_message(piece, len(self.offsets))
            case "FHS" | "BHS":
                self.missing.insert(0, "FTS" if piece.kind == "FHS" else "BTS")
                self.batch = len(self.offsets) if piece.kind == "BHS" else self.batch
            case trailer:
                self._close(trailer, piece)

    def _add_message(self, piece: Piece, number: int) -> None:
        entry = _Entry([number])
        try:
            if piece.too_long:
                raise FileError("The message is larger than 10 MB. Send its documents apart.")
            message = taken_apart(piece.raw)
        except FileError as error:
            entry.problem = problem("", str(error))
        else:
            entry.reason = _why_not(message)
            known = "" if entry.reason else visit_number(message)
            if known and (first := self._visit(known, visit_authority(message), entry)) is not entry:
                first.messages.append(number)
                return
            if not (known or entry.reason) and misplaced_visit_number(message):
                self.strays.append(entry)
        self.entries.append(entry)

    def _visit(self, number: str, authority: str, entry: _Entry) -> _Entry:
        """The visit of this number: of those under one number that of the authority, where both name one."""
        known = self.visits.setdefault(number, [])
        for first in known:
            if not (authority and first.authority) or authority == first.authority:
                first.authority = first.authority or authority
                return first
        entry.authority = authority
        known.append(entry)
        return entry

    def join_strays(self, file: BinaryIO) -> None:
        """Join messages whose visit number stands one field early to the visit of that number and patient."""
        for stray in self.strays:
            [message] = self._messages(stray, file)
            for own in self.visits.get(misplaced_visit_number(message), []):
                if all(patient_of(message).is_same(patient_of(first)) for first in self._messages(own, file)):
                    own.messages = sorted(own.messages + stray.messages)
                    stray.messages = []
                    break
        self.entries = [entry for entry in self.entries if entry.messages or entry.problem]

    def _messages(self, entry: _Entry, file: BinaryIO) -> Iterator[Message]:
        return (taken_apart(self.raw(number, file)) for number in entry.messages[:1])

    def _close(self, trailer: str, piece: Piece) -> None:
        if trailer not in self.missing:
            return
        self.missing.remove(trailer)
        separator = piece.raw[3:4]
        fields = piece.raw.split(separator) if separator else []
        counted = fields[1].strip().decode("ascii", "replace") if len(fields) > 1 else ""
        if trailer != "BTS" or self.batch is None or not counted.isdigit():
            return
        there = len(self.offsets) - self.batch
        if counted.lstrip("0") != str(there).lstrip("0"):
            text = f"The batch counts {counted[:20]} messages, but there are {there}. Some are missing or doubled."
            self.entries.append(_Entry([], problem=problem("", text, counted, "segment BTS")))


def _index(file: BinaryIO) -> _Index:
    index = _Index()
    for piece in pieces(file):
        index.add(piece)
    index.join_strays(file)
    return index


def _why_not(message: Message) -> str:
    """Why a message brings nothing to code; empty for one that does."""
    name, trigger = kind_of(message)
    if name == "MDM" and trigger in TEXTS:
        return f"This is a message MDM^{trigger}, which tells of a document without its text."
    if name == "DFT" or (name == "MDM" and trigger in NEW + EDIT + REPLACEMENT + CANCEL):
        return ""
    shown = f"{name}^{trigger}" if trigger else name or "without a type"
    return f"This is a message {shown[:20]}, neither charges (DFT) nor a note (MDM)."


def _item(number: int, entry: _Entry, index: _Index, file: BinaryIO) -> Item:
    place = _place(entry.messages)
    end = index.offsets[entry.messages[0] - 1] + index.lengths[entry.messages[0] - 1] if entry.messages else 0
    after = Cursor(number, end)
    if entry.reason:
        return Skipped(number, place, entry.reason, after)
    if entry.problem:
        return Draft(number, place or entry.problem.place, EncounterTexts(), after, (entry.problem,))
    if sum(index.lengths[at - 1] for at in entry.messages) > LARGEST_ENCOUNTER:
        return Draft(number, place, EncounterTexts(), after, (problem("", TOO_LARGE),))
    messages = [Placed(at, taken_apart(raw)) for at, raw in _once(entry.messages, index, file)]
    joined = visit(messages)
    if nothing_told(joined.texts) and not joined.problems:
        if joined.taken_back and joined.texts.external_id:
            return Draft(number, place, replace(joined.texts, covers=Covers.WITHDRAWN), after)
        reason = NOTHING_TAKEN if joined.remarks else NOTHING
        return Skipped(number, place, CANCELLED if joined.taken_back else reason, after, joined.remarks)
    return Draft(number, place, joined.texts, after, joined.problems, joined.remarks)


def _once(numbers: Iterable[int], index: _Index, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The messages with these numbers; of one that was sent twice, the first."""
    seen: set[bytes] = set()
    for number in numbers:
        raw = index.raw(number, file)
        if raw not in seen:
            seen.add(raw)
            yield number, raw


def _place(numbers: list[int]) -> str:
    if not numbers:
        return ""
    if len(numbers) == 1:
        return f"message {numbers[0]}"
    more = f" and {len(numbers) - MOST_SHOWN} more" if len(numbers) > MOST_SHOWN else ""
    return f"messages {', '.join(map(str, numbers[:MOST_SHOWN]))}{more}"


HL7_V2 = Hl7()
