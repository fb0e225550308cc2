"""HL7 v2 files: charges (DFT^P03) and notes (MDM) of visits, joined by the visit's number, in any order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import BinaryIO

from coding.intake.drafts import Covers, Cursor, Draft, EncounterTexts, Item, Problem, Skipped
from coding.intake.hl7.index import Entry, Index, Stretch, survey
from coding.intake.hl7.messages import begins_with_message
from coding.intake.hl7.segments import taken_apart
from coding.intake.hl7.visit import Placed, Visit, is_notice, visit
from coding.intake.index_file import IndexFile, Surveyed
from coding.intake.scattered import Scattered
from coding.intake.texts import LARGEST_ENCOUNTER, NOTHING_TAKEN, nothing_told, problem
from coding.tables.errors import FileError

MOST_SHOWN = 5
CANCELLED = (
    "Everything of this visit was taken back: its documents are cancelled, its charges credited."
)
NOTHING = "There is nothing to code: no charge and no note."
TOO_LARGE = "The messages of this visit are larger than 40 MB together. Send its documents apart."
WITHOUT_TEXT = "This is a message MDM^{0}, which tells of a document without its text."
NO_TRAILER = "The file ends without {0}: it is cut off. Export it again."


class Hl7(Scattered):
    """HL7 v2.3 to 2.8. The file is read twice: once to find what belongs together, once for the texts."""

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins so is HL7 v2."""
        return begins_with_message(head)

    def survey(self, file: BinaryIO, rows: IndexFile) -> Iterator[Surveyed]:
        """Take down what belongs together, from where the index ends on. Raises FileError."""
        return survey(file, rows)

    def items(self, file: BinaryIO, rows: IndexFile, start: Cursor) -> Iterator[Item]:
        """One item for each visit, and for each message that belongs to none."""
        index = Index(rows)
        for number in count(start.number + 1):
            entry = index.entry(number)
            if entry is None:
                break
            yield _item(number, entry, file)
        if index.missing:
            raise FileError(NO_TRAILER.format(" and ".join(index.missing)))

    def excerpt_of(
        self, file: BinaryIO, rows: IndexFile, wanted: Mapping[int, Iterable[Problem]]
    ) -> Iterator[bytes]:
        """The messages of the wanted items as they were, in the file's order."""
        index = Index(rows)
        messages: list[Stretch] = []
        for number in wanted:
            if entry := index.entry(number):
                messages += entry.messages
        for message in sorted(messages):
            yield _raw(message, file) + b"\r"


def _item(number: int, entry: Entry, file: BinaryIO) -> Item:
    place = _place([message.number for message in entry.messages])
    first = entry.messages[0] if entry.messages else None
    after = Cursor(number, first.offset + first.length if first else 0)
    if entry.reason:
        return Skipped(number, place, entry.reason, after)
    if entry.problem:
        # What is wrong with a batch belongs to no message.
        place = place or entry.problem.place
        return Draft(number, place, EncounterTexts(), after, (entry.problem,))
    size = sum(message.length for message in entry.messages)
    if size > LARGEST_ENCOUNTER:
        return Draft(number, place, EncounterTexts(), after, (problem("", TOO_LARGE),))

    messages = [Placed(at, taken_apart(raw)) for at, raw in _once(entry.messages, file)]
    joined = visit(messages)
    texts = _to_draft(joined)
    if texts is None:
        return Skipped(number, place, _why_nothing(joined, messages), after, joined.remarks)
    return Draft(number, place, texts, after, joined.problems, joined.remarks)


def _to_draft(joined: Visit) -> EncounterTexts | None:
    """The texts that the check is to see; None where a visit tells nothing, and takes nothing back."""
    if not nothing_told(joined.texts) or joined.problems:
        return joined.texts
    if joined.taken_back and joined.texts.external_id:
        return replace(joined.texts, covers=Covers.WITHDRAWN)
    # Documents without a text are those that a notice signs: their text came in another file.
    return joined.texts if joined.texts.documents else None


def _why_nothing(joined: Visit, messages: Sequence[Placed]) -> str:
    """Why the messages of a visit tell nothing to code."""
    notices = [is_notice(placed.message) for placed in messages]
    if all(notices):
        return WITHOUT_TEXT.format(notices[0])
    if joined.taken_back:
        return CANCELLED
    return NOTHING_TAKEN if joined.remarks else NOTHING


def _once(messages: Iterable[Stretch], file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbers and bytes of these messages; of one that was sent twice, the first."""
    seen: set[bytes] = set()
    for message in messages:
        raw = _raw(message, file)
        if raw not in seen:
            seen.add(raw)
            yield message.number, raw


def _raw(message: Stretch, file: BinaryIO) -> bytes:
    file.seek(message.offset)
    return file.read(message.length)


def _place(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    if len(numbers) == 1:
        return f"message {numbers[0]}"
    shown = ", ".join(map(str, numbers[:MOST_SHOWN]))
    hidden = len(numbers) - MOST_SHOWN
    more = f" and {hidden} more" if hidden > 0 else ""
    return f"messages {shown}{more}"


HL7_V2 = Hl7()
