"""X12 837P files (005010X222): professional claims, many to a transaction, group and interchange."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO, Self

from coding.intake.drafts import BEGINNING, Covers, Cursor, Draft, EncounterTexts, Item, Layout, Problem, Skipped
from coding.intake.texts import NOTHING_TAKEN, nothing_told, problem
from coding.intake.x12.claims import Claim, Envelope, Remark, claims
from coding.intake.x12.encounter import encounter, member_of, replaces, void
from coding.intake.x12.segments import BYTE_ORDER_MARK, Segment, segments
from coding.tables.errors import FileError

NOTHING = "There is nothing to code: no service line and no note."
LATER = "The claim of the same number at {0} replaces it or takes it back."


class X12Professional:
    """X12 837P. A cursor's offset tells how far the file was read; reading on counts claims from the beginning."""

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins so is X12; of other transactions ``read`` says what they are."""
        return head.lstrip().removeprefix(BYTE_ORDER_MARK).lstrip()[:3] == b"ISA"

    def read(self, file: BinaryIO, layout: Layout, start: Cursor = BEGINNING) -> Iterator[Item]:
        """One item for each claim, for each transaction of another kind and for each envelope that does not add up."""
        survey = _Survey.of(file)
        for number, part in enumerate(claims(segments(file)), start=1):
            if number > start.number:
                yield _item(number, part, survey)

    def excerpt(self, file: BinaryIO, layout: Layout, wanted: Mapping[int, Iterable[Problem]]) -> Iterator[bytes]:
        """A valid file with the wanted claims, but those that the end of the file cuts off."""
        writer = _Writer()
        last = max(wanted, default=0)
        for number, part in enumerate(claims(segments(file)), start=1):
            if number in wanted and isinstance(part, Claim) and part.whole:
                yield writer.claim(part)
            if number >= last:
                break
        yield writer.close(0)


@dataclass(slots=True)
class _Survey:
    """What has to be known of a whole file before its claims: who stands under a number, and which claim is the last.

    ``members`` are by claim number; ``latest`` is by number and member the last claim that replaces or takes back.
    """

    members: dict[str, list[str]] = field(default_factory=dict)
    latest: dict[tuple[str, str], Segment] = field(default_factory=dict)

    @classmethod
    def of(cls, file: BinaryIO) -> Self:
        """Pass through the file once."""
        survey, member = cls(), ""
        # What is wrong with the file is said by reading it, at its place.
        with suppress(FileError):
            for segment in segments(file, only=(b"NM1", b"CLM")):
                if segment.id == "NM1" and segment.element(1) == "IL":
                    member = segment.element(9)
                elif segment.id == "CLM":
                    survey.take(segment, member)
        return survey

    def take(self, head: Segment, member: str) -> None:
        """Take note of a claim."""
        members = self.members.setdefault(head.element(1), [])
        if member not in members:
            members.append(member)
        if replaces(head):
            self.latest[head.element(1), member] = head


def _item(number: int, part: Claim | Remark, survey: _Survey) -> Item:
    if isinstance(part, Remark):
        after = Cursor(number, part.segment.offset)
        if part.problem:
            return Draft(number, part.segment.place, EncounterTexts(), after, (part.problem,))
        return Skipped(number, part.segment.place, f"This is {part.reason}", after)
    head, after = part.segments[0], Cursor(number, part.end)
    members = survey.members.get(head.element(1), [])
    if len(members) > 1:
        text = f"The claim number stands for different patients: {' and '.join(members)}. Correct it."
        wrong = problem("patient_reference", text, head.element(1))
        return Draft(number, head.place, EncounterTexts(external_id=head.element(1)), after, (wrong,))
    later = survey.latest.get((head.element(1), member_of(part)))
    if later and later.number > head.number:
        return Skipped(number, head.place, LATER.format(later.place), after)
    if void(head):
        texts = EncounterTexts(external_id=head.element(1), covers=Covers.WITHDRAWN)
        return Draft(number, head.place, texts, after)
    texts, problems, remarks = encounter(part)
    if nothing_told(texts) and not problems:
        return Skipped(number, head.place, NOTHING_TAKEN if remarks else NOTHING, after, remarks)
    return Draft(number, head.place, texts, after, problems, remarks)


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
        if self.envelope is None or claim.envelope.header is not self.envelope.header:
            yield from self._open_envelope(claim.envelope)
        above = [loop for loop in (claim.billing, claim.subscriber, claim.patient) if loop]
        shared = 0
        while shared < min(len(above), len(self.open)) and above[shared] == self.open[shared]:
            shared += 1
        del self.numbers[shared:]
        self.open = list(above)
        for loop in above[shared:]:
            yield from self._loop(loop)
        yield from map(self._counted, claim.segments)

    def _open_envelope(self, envelope: Envelope) -> Iterator[bytes]:
        kept = 0
        if self.envelope and self.envelope.interchange is envelope.interchange:
            kept = 2 if self.envelope.group is envelope.group else 1
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

    def _loop(self, loop: Sequence[Segment]) -> Iterator[bytes]:
        self.levels += 1
        hierarchy = loop[0].elements + [""] * (4 - len(loop[0].elements))
        hierarchy[1:3] = [str(self.levels), str(self.numbers[-1]) if self.numbers else ""]
        self.numbers.append(self.levels)
        self.segments += 1
        yield _written(hierarchy, loop[0])
        yield from map(self._counted, loop[1:])

    def _counted(self, segment: Segment) -> bytes:
        self.segments += 1
        return _line(segment)

    def close(self, kept: int) -> bytes:
        """The trailers of all envelopes but the outermost ``kept``."""
        if self.envelope is None:
            return b""
        header, group, interchange = self.envelope.header[0], self.envelope.group, self.envelope.interchange
        trailers = [
            _written(["IEA", str(self.groups), interchange.element(13)], interchange),
            _written(["GE", str(self.transactions), group.element(6)], interchange),
            _written(["SE", str(self.segments + 1), header.element(2)], interchange),
        ]
        return b"".join(reversed(trailers[kept:]))


def _written(elements: Sequence[str], like: Segment) -> bytes:
    return like.delimiters.element.join(element.encode() for element in elements) + _end(like)


def _line(segment: Segment) -> bytes:
    return segment.raw + _end(segment)


def _end(segment: Segment) -> bytes:
    terminator = segment.delimiters.terminator
    return terminator if terminator in b"\r\n" else terminator + b"\n"


X12_837P = X12Professional()
