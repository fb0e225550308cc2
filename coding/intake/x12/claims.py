"""Claims of an X12 file, each with the loops above it; envelopes are counted, other transactions named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from coding.intake.drafts import Problem
from coding.intake.texts import LARGEST_PIECE, problem
from coding.intake.x12.segments import Segment
from coding.tables.errors import FileError

PROFESSIONAL = "005010X222"
KINDS = {
    "005010X223": "an institutional claim (837I)",
    "005010X224": "a dental claim (837D)",
    "835": "a remittance advice (835)",
    "834": "an enrolment (834)",
    "820": "a premium payment (820)",
    "270": "an eligibility inquiry (270)",
    "271": "an eligibility answer (271)",
    "276": "a claim status inquiry (276)",
    "277": "a claim status answer (277)",
    "278": "an authorization (278)",
    "997": "an acknowledgment (997)",
    "TA1": "an acknowledgment of an interchange (TA1)",
    "999": "an acknowledgment (999)",
}
LEVELS = BILLING, SUBSCRIBER, PATIENT = "20", "22", "23"
TRAILERS = ("SE", "GE", "IEA")
# What has to be closed before a header opens the next of its kind.
TRAILERS_BEFORE = {"ISA": TRAILERS, "GS": TRAILERS[:2], "ST": TRAILERS[:1]}
# Where the header that a trailer closes tells the number that both bear.
CONTROL_NUMBERS = {"SE": 2, "GE": 6, "IEA": 13}
CLOSES_NOTHING = "This segment closes nothing that is open. Export the file again."
MISCOUNTED = "{} {} are counted here, but there are {}. Something is missing or doubled."
OUTSIDE = "ISA and GS have to stand before this segment. Export the file again."
NO_CLAIM = "{}, no professional claim (837P) of 5010."
# The place of service of a claim, with its qualifier and frequency: 11:B:1.
FACILITY = re.compile(r"[0-9]{2}([!-/:-@\[-`{-~])[AB]?\1[0-9]")
Block = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """The headers around a claim: ISA, GS, and the transaction from ST to the first HL."""

    interchange: Segment
    group: Segment
    header: Block


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim from CLM on, with its loops of billing provider, subscriber and patient. ``end`` is a byte position."""

    envelope: Envelope
    billing: Block
    subscriber: Block
    patient: Block
    segments: Block
    end: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of an envelope: a problem, or why a transaction holds no claim for us."""

    segment: Segment
    problem: Problem | None = None
    reason: str = ""


@dataclass(slots=True)
class Reading:
    """What stands open at a segment: envelopes, loops by their level, and the claim that is being read."""

    interchange: Segment | None = None
    group: Segment | None = None
    transaction: Segment | None = None
    professional: bool = False
    envelope: Envelope | None = None
    loops: dict[str, list[Segment]] = field(default_factory=dict)
    level: str = ""
    claim: list[Segment] = field(default_factory=list)
    size: int = 0
    groups: int = 0
    transactions: int = 0

    @property
    def open(self) -> list[str]:
        """The trailers that have to come yet."""
        wanted = {"IEA": self.interchange, "GE": self.group, "SE": self.transaction}
        return [name for name, header in wanted.items() if header]

    def take(self, segment: Segment) -> Iterator[Claim | Remark]:
        """The claims and remarks that a segment ends or calls for, in the file's order. Raises FileError."""
        match segment.id:
            case "ISA" | "GS" | "ST":
                yield from self._begin(segment)
            case "SE" | "GE" | "IEA":
                yield from self._end(segment)
            case "TA1":
                yield Remark(segment, reason=NO_CLAIM.format(KINDS["TA1"]))
            case _ if not self.professional:
                return
            case "HL" | "CLM":
                yield from self.flush(segment.offset)
                self._open_loop(segment)
            case _:
                self._add(segment)

    def finish(self, last: Segment | None) -> Iterator[Claim]:
        """The claim that the end of the file cuts off. Raises FileError if it ends before its last envelope."""
        if last is None:
            raise FileError("The file is empty.")
        if not self.open:
            return
        yield from self.flush(last.end, whole=False)
        trailers = " and ".join(reversed(self.open))
        raise FileError(
            f"The file ends behind {last.place} without {trailers}: it is cut off. Export it again."
        )

    def flush(self, end: int, whole: bool = True) -> Iterator[Claim]:
        """The claim that was being read, if any."""
        if self.claim and self.envelope:
            billing, subscriber, patient = (tuple(self.loops.get(level, ())) for level in LEVELS)
            yield Claim(
                self.envelope, billing, subscriber, patient, as_separated(self.claim), end, whole
            )
            if begins_another(self.claim):
                self._forget_people(self.claim[-1])
        self.claim, self.size = [], 0

    def _forget_people(self, last: Segment) -> None:
        """Close the loops of subscriber and patient: whoever was named within a claim may be meant by the next."""
        for level in (SUBSCRIBER, PATIENT):
            self.loops.pop(level, None)
        self.level, self.loops["other"] = "other", [last]

    def _begin(self, segment: Segment) -> Iterator[Claim | Remark]:
        """Open an envelope; what should have been closed before is closed by force."""
        yield from self._close_by_force(segment, TRAILERS_BEFORE[segment.id])
        match segment.id:
            case "ISA":
                self.interchange, self.groups = segment, 0
            case "GS":
                self.groups += 1
                self.group, self.transactions = segment, 0
            case _:
                yield from self._begin_transaction(segment)

    def _close_by_force(
        self, segment: Segment, trailers: tuple[str, ...]
    ) -> Iterator[Claim | Remark]:
        for name in trailers:
            if name in self.open:
                yield from self.flush(segment.offset, whole=False)
                text = f"{name} is missing before this segment. Export the file again."
                yield _remark(segment, text)
                self._close(name)

    def _begin_transaction(self, segment: Segment) -> Iterator[Remark]:
        if not (self.interchange and self.group):
            yield _remark(segment, OUTSIDE)
            return
        self.transactions += 1
        self.transaction = segment
        # Up to the first HL its segments are of no level.
        self.level = ""
        self.loops = {"": [segment]}
        self.envelope = None
        self.claim, self.size = [], 0
        # ST03 tells it since 5010; GS08 always did.
        version = segment.element(3) or self.group.element(8)
        self.professional = segment.element(1) == "837" and version.startswith(PROFESSIONAL)
        if not self.professional:
            kind = _kind(segment.element(1), version)
            yield Remark(segment, reason=NO_CLAIM.format(kind))

    def _open_loop(self, segment: Segment) -> None:
        if self.envelope is None and self.interchange and self.group:
            self.envelope = Envelope(self.interchange, self.group, tuple(self.loops[""]))
        if segment.id == "CLM":
            self.claim = [segment]
            return
        self.level = segment.element(3) if segment.element(3) in LEVELS else "other"
        self.loops[self.level] = [segment]
        below = {BILLING: (SUBSCRIBER, PATIENT), SUBSCRIBER: (PATIENT,)}
        for level in below.get(self.level, ()):
            self.loops.pop(level, None)

    def _add(self, segment: Segment) -> None:
        self.size += len(segment.raw)
        if self.size > LARGEST_PIECE:
            raise FileError(
                f"At {segment.place} a claim or loop is larger than 10 MB. Split the file."
            )
        (self.claim or self.loops[self.level]).append(segment)

    def _end(self, segment: Segment) -> Iterator[Claim | Remark]:
        yield from self._close_by_force(segment, TRAILERS[: TRAILERS.index(segment.id)])
        yield from self.flush(segment.offset)
        header, what, count = self._closed_by(segment)
        if header is None:
            yield _remark(segment, CLOSES_NOTHING)
            return
        counted = segment.element(1)
        if (counted.lstrip("0") or "0") != str(count):
            text = MISCOUNTED.format(counted[:20] or "No", what, count)
            yield _remark(segment, text, counted)
        opened = header.element(CONTROL_NUMBERS[segment.id])
        if segment.element(2) != opened:
            text = f"The control number is not that of {header.place}, {opened[:20]}."
            yield _remark(segment, text, segment.element(2))
        self._close(segment.id)

    def _closed_by(self, trailer: Segment) -> tuple[Segment | None, str, int]:
        """The header that a trailer closes, if it is open, and what of it is counted."""
        match trailer.id:
            case "SE":
                # Both ends count.
                first = (self.transaction or trailer).number
                return self.transaction, "segments", trailer.number - first + 1
            case "GE":
                return self.group, "transactions", self.transactions
            case _:
                return self.interchange, "groups", self.groups

    def _close(self, trailer: str) -> None:
        self.professional, self.transaction = False, None
        if trailer != "SE":
            self.group = None
        if trailer == "IEA":
            self.interchange = None


def begins_another(claim: Sequence[Segment]) -> bool:
    """Whether a claim names a subscriber or patient within it who is not the subscriber of another payer."""
    of_other_payer = False
    for segment in claim:
        if segment.id in ("SBR", "LX"):
            of_other_payer = segment.id == "SBR"
        elif segment.id == "NM1" and segment.element(1) in ("IL", "QC") and not of_other_payer:
            return True
    return False


def as_separated(claim: Sequence[Segment]) -> Block:
    """The claim's segments; where its first separates components by another sign than ISA names, by that sign."""
    match = FACILITY.fullmatch(claim[0].element(5))
    if match is None or match[1].encode() == claim[0].delimiters.component:
        return tuple(claim)
    delimiters = claim[0].delimiters._replace(component=match[1].encode())
    return tuple(segment._replace(delimiters=delimiters) for segment in claim)


def _kind(transaction: str, version: str) -> str:
    if transaction == "837":
        return KINDS.get(version[:10], f"an 837 of version {version[:20] or 'unknown'}")
    return KINDS.get(transaction, f"a transaction {transaction[:20]}")


def _remark(segment: Segment, text: str, value: str = "") -> Remark:
    return Remark(segment, problem("", text, value, segment.place))
