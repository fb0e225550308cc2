"""Forms of values that readers of messages share: days, diagnosis codes, numbers, names."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from coding.intake.cells import sex_letter
from coding.intake.check import SEXES
from coding.intake.drafts import EncounterTexts, Problem, Remark
from coding.intake.note_documents import NOT_STATED, NoteDocument
from coding.intake.values import fit, shown
from coding.tables import windows_1252

# An encounter, claim, resource or message larger than this is refused.
LARGEST_PIECE = 10 * 1024 * 1024
# So is an encounter whose resources or messages are larger together.
LARGEST_ENCOUNTER = 40 * 1024 * 1024

# Of an item that holds something, but nothing of which a coder could code.
NOTHING_TAKEN = "Nothing that it holds can be coded from; what was left out is named."

COMPACT_DAY = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{2,6})?(?:\.[0-9]+)?(?:[+-][0-9]{4})?"
)
WHOLE = re.compile(r"([0-9]+)\.0+")


class Unreadable(ValueError):
    """An attachment that gives no text; the message says why and what to do."""


def iso_day(text: str) -> str:
    """The local day of 20260112 or 20260112093000-0500 as 2026-01-12; anything else as found."""
    match = COMPACT_DAY.fullmatch(text.strip())
    return "-".join(match.groups()) if match else text.strip()


def birth_day(text: str, remarks: list[Remark]) -> str:
    """The day of a birth date. What is no day, such as a year alone, is left out and told: an encounter can do without.

    What is no date at all stays as found.
    """
    written = text.strip()
    day = iso_day(written)
    is_number = written.replace("-", "").isdigit()
    if is_number and not is_day(day):
        remarks.append(left_out(f"birth date {written}, which is no whole day"))
        return ""
    return day


def is_day(text: str) -> bool:
    """Whether a text in the form of ISO 8601 is a day of the calendar."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def sex_told(text: str, remarks: list[Remark]) -> str:
    """The letter of a sex; what is none is left out and told: an encounter can do without."""
    letter = sex_letter(text.strip()).upper()
    if not letter or letter in SEXES:
        return letter
    letters = ", ".join(SEXES)
    remarks.append(left_out(f"sex {text.strip()[:60]}, which is none of {letters}"))
    return ""


def whole(text: str) -> str:
    """A number without empty decimals: 1.00 is 1."""
    match = WHOLE.fullmatch(text.strip())
    return match[1] if match else text.strip()


def name_of(*parts: str) -> str:
    """The parts of a name that are not empty, in order."""
    return " ".join(part.strip() for part in parts if part.strip())


def problem(field: str, text: str, value: str = "", place: str = "") -> Problem:
    """A problem whose value can be shown and stored."""
    return Problem(field, text, shown(value), place)


def first(texts: Iterable[str]) -> str:
    """The first text that is not empty."""
    return next(filter(None, texts), "")


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts that are not empty, each once, in order."""
    return tuple(dict.fromkeys(text for text in texts if text))


def part_at(parts: Sequence[str], at: int) -> str:
    """A part, counted from 0; empty where fewer were sent."""
    return parts[at] if at < len(parts) else ""


def first_parts(parts: Sequence[str], count: int) -> list[str]:
    """So many parts from the first on; those that were not sent are empty."""
    return [part_at(parts, at) for at in range(count)]


def not_of_one_day(days: Sequence[str], place: str) -> Problem | None:
    """What is wrong with services of several days: an encounter is of one. One that is no day makes no several."""
    if len(days) < 2:
        return None
    unread = [day for day in days if not is_day(day)]
    if unread:
        text = (
            "This cannot be read as a day of service. Correct it in its source, and send all again."
        )
        return problem("date_of_service", text, ", ".join(unread), place)
    text = "The services are of several days. Send those of each day as an encounter of its own."
    return problem("date_of_service", text, ", ".join(days), place)


def nothing_told(texts: EncounterTexts) -> bool:
    """Whether there is neither a service nor a note to code from."""
    return not (texts.service_lines or texts.note.strip())


def read_as_windows(texts: Iterable[str], place: str = "") -> Remark | None:
    """How letters of a source were taken that is not UTF-8 and names no other character set; None without any."""
    words = ", ".join(f"“{word}”" for word in windows_1252.words(texts))
    if not words:
        return None
    text = f"Not in UTF-8: it was read as Windows-1252. See whether these words are right: {words}."
    return Remark(fit(text), place)


def not_signed(documents: Iterable[NoteDocument]) -> list[Remark]:
    """Which documents of a note are not signed, and of which nobody says whether they are."""
    remarks = []
    for document in documents:
        if document.unsigned:
            remarks.append(Remark(f"{document.heading} is not signed: {document.unsigned}."))
        elif document.not_stated:
            remarks.append(Remark(f"{document.heading}: {NOT_STATED}."))
    return remarks


def left_out(what: str, place: str = "") -> Remark:
    """That something of the source is not among what was taken."""
    return Remark(fit(f"Left out: {what}."), place)
