"""Files of notes with the end that an expert expects, and how the end that a note comes to stands beside it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from coding.rules.expected_claims import check_columns
from coding.rules.from_note import NoteEnd, Standing
from coding.tables.errors import FileError

COLUMNS = ("name", "note_text", "expected")
NONE = "none"
CODE = "code"
NO_FAMILY_CODE = "no_family_code"
# Ends that leave open what was expected.
OPEN = frozenset({"undecided", "provider_query", NONE})
ENDS = frozenset({"provider_query", "supervisor_review", NO_FAMILY_CODE, NONE})


class NoteError(ValueError):
    """A row that cannot be read; the message names it, the column and what it may hold."""


@dataclass(frozen=True, slots=True)
class ExpectedNote:
    """A note and its end: ``code`` with number and modifiers, one of the other outcomes, or ``none``."""

    name: str
    note: str
    expected: str


def read_notes(file: IO[str]) -> Iterator[ExpectedNote | NoteError]:
    """The notes of a CSV file, each row that is none as its error. Raises FileError for a file that is not one."""
    rows = csv.DictReader(file, strict=True)
    try:
        check_columns(rows.fieldnames, COLUMNS)
        for number, row in enumerate(rows, start=2):
            yield _note(number, row)
    except (csv.Error, UnicodeDecodeError) as error:
        raise FileError(f"The file is no CSV in UTF-8: {error}.") from error


def _note(number: int, row: dict[str, str]) -> ExpectedNote | NoteError:
    name = row["name"] or f"row {number}"
    note = row["note_text"] or ""
    words = (row["expected"] or "").replace(";", " ").split()
    match words:
        case ["code", code, *modifiers]:
            expected = " ".join(("code", code, *sorted(modifiers)))
            return ExpectedNote(name, note, expected)
        case [kind] if kind in ENDS:
            return ExpectedNote(name, note, kind)
    allowed = ", ".join(["code NUMBER MODIFIERS", *sorted(ENDS)])
    return NoteError(f"{name}: expected is “{row['expected']}”. Write one of {allowed}.")


def standing_of(note: ExpectedNote, ends: list[NoteEnd]) -> Standing:
    """How what some rule sets make of a note stands beside what is expected.

    ``none`` is right only if no rule set opens; it is right for an expected ``no_family_code`` too. What another rule
    set asks about a service of its own does not make the expected end wrong; another code does. Withheld is what leaves
    open where more was expected, and proposals without an end where nothing was.
    """
    end = end_of(ends)
    if end == note.expected or (end, note.expected) == (NONE, NO_FAMILY_CODE):
        return Standing.RIGHT

    texts = {own.text() for own in ends}
    other_codes = [text for text in texts - {note.expected} if text.startswith(CODE)]
    if note.expected in texts - {NONE} and not other_codes:
        return Standing.RIGHT

    leaves_open = {"undecided"} if note.expected == NONE else OPEN
    return Standing.WITHHELD if end in leaves_open else Standing.WRONG


def end_of(ends: list[NoteEnd]) -> str:
    """The end of the rule sets that a note opens; several different ones together."""
    texts = sorted({end.text() for end in ends} - {NONE})
    return " and ".join(texts) or NONE
