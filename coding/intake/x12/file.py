"""X12 837P files (005010X222): professional claims, many to a transaction, group and interchange.

The file is read twice: once to find which claims count and where they stand, once for the texts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import BinaryIO

from coding.intake.drafts import Covers, Cursor, Draft, EncounterTexts, Item, Problem, Skipped
from coding.intake.index_file import IndexFile, Surveyed
from coding.intake.scattered import Scattered
from coding.intake.texts import NOTHING_TAKEN, nothing_told, problem
from coding.intake.x12.claims import CONTROL_NUMBERS, Block, Claim, Envelope
from coding.intake.x12.encounter import VOID, encounter, replaced_number, replacement_told, state_of
from coding.intake.x12.index import Index, Told
from coding.intake.x12.patient import (
    are_different,
    in_words,
    is_astray,
    patient_of,
)
from coding.intake.x12.segments import BLANKS, BYTE_ORDER_MARK, Segment
from coding.intake.x12.survey import survey
from coding.tables.errors import FileError

NOTHING = "There is nothing to code: no service line and no note."
LATER = "The claim at {0} replaces it or takes it back."
REPLACES_ANOTHERS = (
    "It and the claim at {0}, of which one replaces the other or takes it back, are of different patients: {1}."
    " Correct the patient, or the number in REF*F8."
)
# The parent of a loop that names another than stands before it.
NO_PARENT = "NONE"
# Its identifier, its own number, that of its parent, and its level.
HL_ELEMENTS = 4


class X12Professional(Scattered):
    """X12 837P. A cursor's offset tells how far the file was read."""

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins so is X12; of other transactions ``read`` says what they are."""
        return head.lstrip(BLANKS).removeprefix(BYTE_ORDER_MARK).lstrip(BLANKS)[:3] == b"ISA"

    def survey(self, file: BinaryIO, rows: IndexFile) -> Iterator[Surveyed]:
        """Take down where claims stand, from where the index ends on."""
        return survey(file, rows)

    def items(self, file: BinaryIO, rows: IndexFile, start: Cursor) -> Iterator[Item]:
        """One item for each claim, for each transaction of another kind and for each envelope that does not add up."""
        index = Index(rows, file)
        for number in count(start.number + 1):
            part = index.item(number)
            if part is None:
                break
            yield _claim(number, part, index) if isinstance(part, Claim) else _other(number, part)
        if index.error:
            raise FileError(index.error)

    def excerpt_of(
        self, file: BinaryIO, rows: IndexFile, wanted: Mapping[int, Iterable[Problem]]
    ) -> Iterator[bytes]:
        """A valid file with the wanted claims, but those that the end of the file cuts off."""
        writer, index = _Writer(), Index(rows, file)
        for number in sorted(wanted):
            part = index.item(number)
            if isinstance(part, Claim) and part.whole:
                yield writer.claim(part)
        yield writer.close(0)


def _other(number: int, row: Told) -> Item:
    """The item of an envelope that does not add up, or of a transaction of another kind."""
    after = Cursor(number, row.after)
    if row.problem:
        return Draft(number, row.place, EncounterTexts(), after, (row.problem,))
    return Skipped(number, row.place, f"This is {row.reason}", after)


def _claim(number: int, claim: Claim, index: Index) -> Item:
    head, after = claim.segments[0], Cursor(number, claim.end)
    external_id = head.element(1)
    patients = index.patients(external_id) if external_id else []
    if are_different(patients):
        text = f"The claim number stands for different patients: {in_words(patients)}. Correct it."
        wrong = problem("patient_reference", text, external_id)
        return Draft(number, head.place, EncounterTexts(external_id=external_id), after, (wrong,))
    other = index.of_another_patient(claim)
    if other is not None:
        patients_of_both = in_words([patient_of(claim), other.patient])
        text = REPLACES_ANOTHERS.format(other.place, patients_of_both)
        wrong = problem("patient_reference", text, external_id)
        return Draft(number, head.place, EncounterTexts(external_id=external_id), after, (wrong,))
    state = state_of(head)
    later = index.later(number, claim, state) if external_id else ""
    if later:
        return Skipped(number, head.place, LATER.format(later), after)
    if state == VOID:
        return _taken_back(number, claim, after)
    texts, problems, remarks = encounter(claim)
    if nothing_told(texts) and not problems:
        return Skipped(number, head.place, NOTHING_TAKEN if remarks else NOTHING, after, remarks)
    return Draft(number, head.place, texts, after, problems, remarks)


def _taken_back(number: int, claim: Claim, after: Cursor) -> Draft:
    """A claim that takes one back: of it nothing counts but whose it is."""
    texts, _, _ = encounter(claim)
    withdrawn = EncounterTexts(
        external_id=texts.external_id,
        visit_authority=texts.visit_authority,
        patient_reference=texts.patient_reference,
        patient_authority=texts.patient_authority,
        shared_reference=texts.shared_reference,
        insured_number=texts.insured_number,
        name_sum=texts.name_sum,
        birth_date=texts.birth_date,
        sex=texts.sex,
        covers=Covers.WITHDRAWN,
        takes_back=replaced_number(claim),
    )
    place = claim.segments[0].place
    return Draft(number, place, withdrawn, after, remarks=replacement_told(claim))


class _Writer:
    """Writes claims into envelopes whose counts are right, and numbers their loops anew."""

    def __init__(self) -> None:
        self.envelope: Envelope | None = None
        self.open: list[Sequence[Segment]] = []
        self.numbers: list[int] = []
        self.levels = self.segments = self.transactions = self.groups = 0

    def claim(self, claim: Claim) -> bytes:
        """The claim with whatever of its envelopes and loops is not written yet."""
        return b"".join(self._parts(claim))

    def _parts(self, claim: Claim) -> Iterator[bytes]:
        if self.envelope is None or claim.envelope != self.envelope:
            yield from self._open_envelope(claim.envelope)
        loops = [loop for loop in (claim.billing, claim.subscriber, claim.patient) if loop]
        standing = _shared(loops, self.open)
        del self.numbers[standing:]
        self.open = list(loops)
        for at in range(standing, len(loops)):
            yield from self._loop(loops[at], loops[at - 1] if at else ())
        yield from map(self._counted, claim.segments)

    def _open_envelope(self, envelope: Envelope) -> Iterator[bytes]:
        kept = 0
        if self.envelope and self.envelope.interchange == envelope.interchange:
            kept = 2 if self.envelope.group == envelope.group else 1
        yield self.close(kept)
        if kept == 0:
            self.groups = 0
            yield _line(envelope.interchange)
        if kept < 2:
            self.groups, self.transactions = self.groups + 1, 0
            yield _line(envelope.group)
        self.envelope, self.transactions = envelope, self.transactions + 1
        self.open, self.numbers, self.levels, self.segments = [], [], 0, 0
        yield from map(self._counted, envelope.header)

    def _loop(self, loop: Block, above: Block) -> Iterator[bytes]:
        self.levels += 1
        head, rest = loop[0], loop[1:]
        parent = str(self.numbers[-1]) if self.numbers else ""
        # A loop that belongs to none before it must not come back as one that does.
        if is_astray(loop, above):
            parent = NO_PARENT
        missing = HL_ELEMENTS - len(head.elements)
        hierarchy = [*head.elements, *[""] * missing]
        hierarchy[1:3] = [str(self.levels), parent]
        self.numbers.append(self.levels)
        self.segments += 1
        yield _written(hierarchy, head)
        yield from map(self._counted, rest)

    def _counted(self, segment: Segment) -> bytes:
        self.segments += 1
        return _line(segment)

    def close(self, kept: int) -> bytes:
        """The trailers of all envelopes but the outermost ``kept``."""
        if self.envelope is None:
            return b""
        interchange = self.envelope.interchange
        of_interchange = interchange.element(CONTROL_NUMBERS["IEA"])
        of_group = self.envelope.group.element(CONTROL_NUMBERS["GE"])
        of_transaction = self.envelope.header[0].element(CONTROL_NUMBERS["SE"])
        trailers = [
            _written(["IEA", str(self.groups), of_interchange], interchange),
            _written(["GE", str(self.transactions), of_group], interchange),
            _written(["SE", str(self.segments + 1), of_transaction], interchange),
        ]
        return b"".join(reversed(trailers[kept:]))


def _shared(loops: Sequence[Block], open_loops: Sequence[Sequence[Segment]]) -> int:
    """How many loops of a claim, from the outermost on, stand open already."""
    shared = 0
    for loop, open_loop in zip(loops, open_loops, strict=False):
        if loop != open_loop:
            break
        shared += 1
    return shared


def _written(elements: Sequence[str], like: Segment) -> bytes:
    return like.delimiters.element.join(element.encode() for element in elements) + _end(like)


def _line(segment: Segment) -> bytes:
    return segment.raw + _end(segment)


def _end(segment: Segment) -> bytes:
    terminator = segment.delimiters.terminator
    return terminator if terminator in b"\r\n" else terminator + b"\n"


X12_837P = X12Professional()
