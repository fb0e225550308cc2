"""Which messages of an HL7 v2 file belong together, by where they stand: memory holds no message.

The survey takes down a row for each message in the file's order. When it is done, messages are joined into visits.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from coding.intake.authorities import are_two_authorities
from coding.intake.drafts import Problem
from coding.intake.hl7.charges import CHARGES
from coding.intake.hl7.documents import CANCEL, EDIT, NEW, NOTICES, REPLACEMENT
from coding.intake.hl7.messages import Piece, pieces
from coding.intake.hl7.patient import patient_of
from coding.intake.hl7.reports import RESULTS, has_report
from coding.intake.hl7.segments import Message, taken_apart
from coding.intake.hl7.visit import kind_of, misplaced_visit_number, visit_authority, visit_number
from coding.intake.index_file import IndexFile, Surveyed
from coding.intake.texts import problem
from coding.tables.errors import FileError

MESSAGES = "CREATE TABLE message (number INTEGER PRIMARY KEY, offset INTEGER, length INTEGER)"
ADD_MESSAGE = "INSERT INTO message VALUES (?, ?, ?)"
# What may become an item: a message, or what is wrong with a batch.
ENTRIES = """
    CREATE TABLE entry (
        number INTEGER PRIMARY KEY, message INTEGER, visit TEXT, authority TEXT, stray TEXT, reason TEXT, problem TEXT
    )
"""
ADD_ENTRY = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)"
ORDER_VISITS = "CREATE INDEX entry_by_visit ON entry (visit, number) WHERE visit != ''"
JOINED = (
    "CREATE TABLE member (entry INTEGER, message INTEGER)",
    "CREATE TABLE opened (visit TEXT, entry INTEGER)",
)
# Of messages that belong to no visit each is by itself.
ALONE = (
    "INSERT INTO member SELECT number, message FROM entry WHERE visit = '' AND message IS NOT NULL"
)
ORDER_MEMBERS = (
    "CREATE INDEX member_by_entry ON member (entry, message)",
    "CREATE INDEX opened_by_visit ON opened (visit, entry)",
)
ITEMS = "CREATE TABLE item (number INTEGER PRIMARY KEY, entry INTEGER)"
# A stray message that was joined to a visit is no item of its own.
NUMBER_ITEMS = """
    INSERT INTO item (entry) SELECT number FROM entry
    WHERE problem != '' OR number IN (SELECT entry FROM member) ORDER BY number
"""
VALUES_ONLY = (
    "This is a message ORU^R01 without a text (OBX of the kind TX, FT or ED): values are no note."
)
TOO_LONG = "The message is larger than 10 MB. Send its documents apart."
# The triggers of MDM messages that are read.
DOCUMENTS = (*NEW, *EDIT, *REPLACEMENT, *CANCEL, *NOTICES)


class Stretch(NamedTuple):
    """Where a message stands; ``number`` counts from 1."""

    number: int
    offset: int
    length: int


class Entry(NamedTuple):
    """What becomes one item: its messages in the file's order, and what is said instead of reading them."""

    messages: list[Stretch]
    reason: str = ""
    problem: Problem | None = None


class Index:
    """The messages of a surveyed file."""

    def __init__(self, rows: IndexFile) -> None:
        self._rows = rows

    @property
    def missing(self) -> list[str]:
        """The trailers that the file ends without."""
        missing: list[str] = self._rows.surveyed.more["missing"]
        return missing

    def entry(self, number: int) -> Entry | None:
        """What becomes the item of this number; None behind the last."""
        rows = self._rows.rows(
            "SELECT entry.number, reason, problem FROM item JOIN entry ON entry.number = item.entry"
            " WHERE item.number = ?",
            number,
        )
        if not rows:
            return None
        [(entry, reason, wrong)] = rows
        fault = Problem(*json.loads(wrong)) if wrong else None
        return Entry(self._messages(entry), reason, fault)

    def _messages(self, entry: int) -> list[Stretch]:
        rows = self._rows.rows(
            "SELECT message.* FROM member JOIN message ON message.number = member.message"
            " WHERE member.entry = ? ORDER BY message.number",
            entry,
        )
        return [Stretch(*row) for row in rows]


def survey(file: BinaryIO, rows: IndexFile) -> Iterator[Surveyed]:
    """Take down where messages stand, from where the index ends on. Raises FileError."""
    begun = rows.surveyed
    if begun.whole:
        return
    if not begun.offset:
        for statement in (MESSAGES, ENTRIES):
            rows.run(statement)
    envelopes = _Envelopes(**(begun.more or {}))
    entries = rows.value("SELECT max(number) FROM entry") or 0
    messages = begun.number
    end = begun.offset
    for piece in pieces(file, begun.offset):
        end = piece.offset + piece.length
        if piece.kind == "MSH":
            messages, entries = messages + 1, entries + 1
            rows.add(ADD_MESSAGE, messages, piece.offset, piece.length)
            rows.add(ADD_ENTRY, entries, messages, *_belonging(piece))
        elif wrong := envelopes.take(piece, messages):
            entries += 1
            rows.add(ADD_ENTRY, entries, None, "", "", "", "", _written(wrong))
        if rows.is_full:
            reached = Surveyed(end, messages, more=envelopes.to_data())
            rows.write(reached)
            yield reached
    rows.write(Surveyed(end, messages, more=envelopes.to_data()))
    _join(file, rows)
    rows.write(Surveyed(end, messages, whole=True, more=envelopes.to_data()))


def _belonging(piece: Piece) -> tuple[str, str, str, str, str]:
    """What a message says of where it belongs: visit, authority, number that may stand astray, reason, problem."""
    try:
        if piece.too_long:
            raise FileError(TOO_LONG)
        message = taken_apart(piece.raw)
    except FileError as error:
        return "", "", "", "", _written(problem("", str(error)))
    if reason := _why_not(message):
        return "", "", "", reason, ""
    if visit := visit_number(message):
        return visit, visit_authority(message), "", "", ""
    return "", "", misplaced_visit_number(message), "", ""


def _why_not(message: Message) -> str:
    """Why a message brings nothing to code; empty for one that does."""
    name, trigger = kind_of(message)
    is_document = name == "MDM" and trigger in DOCUMENTS
    if is_document or name == CHARGES:
        return ""
    if (name, trigger) == RESULTS:
        return "" if has_report(message) else VALUES_ONLY
    shown = f"{name}^{trigger}" if trigger else name or "without a type"
    return f"This is a message {shown[:20]}, neither charges (DFT) nor a note (MDM)."


def _written(wrong: Problem) -> str:
    return json.dumps([wrong.field, wrong.text, wrong.value, wrong.place])


class _Envelopes:
    """Headers and trailers of files and batches. ``batch`` is the number of messages before the last batch."""

    def __init__(self, missing: list[str] | None = None, batch: int | None = None) -> None:
        self.missing, self.batch = missing or [], batch

    def to_data(self) -> dict[str, object]:
        """As a survey that goes on needs it."""
        return {"missing": self.missing, "batch": self.batch}

    def take(self, piece: Piece, messages: int) -> Problem | None:
        """Take note of a header or trailer; what is wrong with the count of a batch."""
        if piece.kind in ("FHS", "BHS"):
            self.missing.insert(0, "FTS" if piece.kind == "FHS" else "BTS")
            self.batch = messages if piece.kind == "BHS" else self.batch
            return None
        if piece.kind not in self.missing:
            return None
        self.missing.remove(piece.kind)
        counted = _count_in(piece)
        if piece.kind != "BTS" or self.batch is None or not counted.isdigit():
            return None
        there = messages - self.batch
        if counted.lstrip("0") == str(there).lstrip("0"):
            return None
        text = f"The batch counts {counted[:20]} messages, but there are {there}. Some are missing or doubled."
        return problem("", text, counted, "segment BTS")


def _count_in(trailer: Piece) -> str:
    """What a trailer says in its first field: how many messages or batches it closes."""
    separator = trailer.raw[3:4]
    fields = trailer.raw.split(separator) if separator else []
    if len(fields) < 2:
        return ""
    return fields[1].strip().decode("ascii", "replace")


def _join(file: BinaryIO, rows: IndexFile) -> None:
    """Make items of the messages."""
    for statement in (ORDER_VISITS, *JOINED, "BEGIN", ALONE):
        rows.run(statement)
    entries = rows.run(
        "SELECT visit, number, message, authority FROM entry WHERE visit != '' ORDER BY visit, number"
    )
    for visit, messages in groupby(entries, itemgetter(0)):
        _join_visit(rows, visit, messages)
    for statement in ORDER_MEMBERS:
        rows.run(statement)
    _join_strays(file, rows)
    for statement in (ITEMS, NUMBER_ITEMS, "COMMIT"):
        rows.run(statement)


def _join_visit(rows: IndexFile, visit: str, messages: Iterator[tuple[str, int, int, str]]) -> None:
    """The visits of one number: of those under it that of the authority, where both name one."""
    # By the number of its first entry each visit with its authority, as soon as one of its messages names it.
    authorities: dict[int, str] = {}
    for _, number, message, authority in messages:
        fitting = [
            first
            for first, known in authorities.items()
            if not are_two_authorities(authority, known)
        ]
        first = fitting[0] if fitting else number
        if not fitting:
            rows.run("INSERT INTO opened VALUES (?, ?)", visit, number)
        authorities[first] = authorities.get(first) or authority
        rows.run("INSERT INTO member VALUES (?, ?)", first, message)


def _join_strays(file: BinaryIO, rows: IndexFile) -> None:
    """Join messages whose visit number stands one field early to the visit of that number and patient."""
    strays = rows.run("SELECT number, message, stray FROM entry WHERE stray != '' ORDER BY number")
    for number, message, visit in strays:
        for (first,) in rows.rows("SELECT entry FROM opened WHERE visit = ? ORDER BY entry", visit):
            begin = rows.value("SELECT min(message) FROM member WHERE entry = ?", first)
            own_patient = patient_of(_message(file, rows, message))
            if own_patient.is_same(patient_of(_message(file, rows, begin))):
                rows.run("UPDATE member SET entry = ? WHERE entry = ?", first, number)
                break


def _message(file: BinaryIO, rows: IndexFile, number: int) -> Message:
    [(offset, length)] = rows.rows("SELECT offset, length FROM message WHERE number = ?", number)
    file.seek(offset)
    return taken_apart(file.read(length))
