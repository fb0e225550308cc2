"""The survey of an X12 file: it takes down where each claim stands, with the loops above it, and whose it is.

Memory holds one claim. A survey that was cut off goes on behind the last segment that it kept.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from coding.intake.index_file import IndexFile, Surveyed
from coding.intake.x12.claims import Block, Claim, Envelope, Reading, Remark
from coding.intake.x12.encounter import replaced_number, state_of
from coding.intake.x12.patient import biller_of, patient_of
from coding.intake.x12.segments import Begin, Segment, manner_of, segments, segments_of
from coding.tables.errors import FileError

TABLES = (
    # A run of segments: its bytes, and the number of its first segment. Many claims stand below one loop.
    "CREATE TABLE stretch (number INTEGER PRIMARY KEY, begin INTEGER, end INTEGER, first INTEGER)",
    # A claim with the numbers of its stretches; see ``Claim``.
    """
    CREATE TABLE claim (
        item INTEGER PRIMARY KEY, interchange INTEGER, "group" INTEGER, header INTEGER, billing INTEGER,
        subscriber INTEGER, patient INTEGER, own INTEGER, after INTEGER, whole INTEGER, place TEXT,
        number TEXT, patient_told TEXT, biller TEXT, state TEXT, replaces TEXT
    )
    """,
    "CREATE TABLE remark (item INTEGER PRIMARY KEY, after INTEGER, place TEXT, reason TEXT, problem TEXT)",
)
ADD_STRETCH = "INSERT INTO stretch VALUES (?, ?, ?, ?)"
ADD_CLAIM = "INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
ADD_REMARK = "INSERT INTO remark VALUES (?, ?, ?, ?, ?)"
ORDER_CLAIMS = (
    "CREATE INDEX claim_by_number ON claim (number, item)",
    "CREATE INDEX claim_by_replaced ON claim (replaces) WHERE replaces != ''",
    # Of many claims of one number few replace another or take one back.
    "CREATE INDEX claim_by_state ON claim (number, item) WHERE state != ''",
)
# What a reading that was cut off goes on with, by the names of ``Reading``.
HEADERS = ("interchange", "group", "transaction")
COUNTED = ("professional", "level", "size", "groups", "transactions")
Stretch = list[int]


def survey(file: BinaryIO, rows: IndexFile) -> Iterator[Surveyed]:
    """Take down a file's claims, from where the index ends on; what ends the file early is kept, not raised."""
    begun = rows.surveyed
    if begun.whole:
        return
    if not begun.offset:
        for statement in TABLES:
            rows.run(statement)
    taker, error = _Taker(rows), ""
    try:
        reading, begin = _restored(file, begun)
        last: Segment | None = None
        for last in segments(file, begin):
            taker.take_all(reading.take(last))
            if rows.is_full:
                reached = Surveyed(last.end, last.number, more=_kept(reading))
                rows.write(reached)
                yield reached
        if last is not None or not begun.offset:
            taker.take_all(reading.finish(last))
    except FileError as wrong:
        error = str(wrong)
    rows.write(rows.surveyed)
    for statement in ORDER_CLAIMS:
        rows.run(statement)
    rows.write(Surveyed(whole=True, more=error))


class _Taker:
    """Takes down one claim or remark after the other."""

    def __init__(self, rows: IndexFile) -> None:
        self._rows = rows
        claims: int | None = rows.value("SELECT max(item) FROM claim")
        remarks: int | None = rows.value("SELECT max(item) FROM remark")
        self._items = max(claims or 0, remarks or 0)
        self._stretches = rows.value("SELECT max(number) FROM stretch") or 0
        self._known: dict[str, tuple[Stretch, int]] = {}

    def take_all(self, parts: Iterator[Claim | Remark]) -> None:
        """Take down what a segment brought."""
        for part in parts:
            self._items += 1
            if isinstance(part, Claim):
                self._claim(part)
            else:
                self._remark(part)

    def _claim(self, claim: Claim) -> None:
        envelope, head = claim.envelope, claim.segments[0]
        above = {
            "interchange": (envelope.interchange,),
            "group": (envelope.group,),
            "header": envelope.header,
            "billing": claim.billing,
            "subscriber": claim.subscriber,
            "patient": claim.patient,
        }
        stretches = [self._number(name, block) for name, block in above.items()]
        own = self._number("own", claim.segments)
        columns = (
            head.element(1),
            json.dumps(patient_of(claim)),
            biller_of(claim),
            state_of(head),
            replaced_number(claim),
        )
        self._rows.add(
            ADD_CLAIM, self._items, *stretches, own, claim.end, claim.whole, head.place, *columns
        )

    def _remark(self, remark: Remark) -> None:
        wrong = remark.problem
        problem = json.dumps([wrong.field, wrong.text, wrong.value, wrong.place]) if wrong else ""
        segment = remark.segment
        self._rows.add(
            ADD_REMARK, self._items, segment.offset, segment.place, remark.reason, problem
        )

    def _number(self, name: str, block: Block) -> int | None:
        """The number of a stretch; one that the claim before stands below too is taken down once."""
        if not block:
            return None
        stretch = _stretch(block)
        before, number = self._known.get(name, ([], 0))
        if stretch == before:
            return number
        self._stretches += 1
        self._rows.add(ADD_STRETCH, self._stretches, *stretch)
        self._known[name] = stretch, self._stretches
        return self._stretches


def _stretch(block: Sequence[Segment]) -> Stretch:
    return [block[0].offset, block[-1].end, block[0].number]


def _kept(reading: Reading) -> dict[str, Any]:
    """What stands open, as JSON data: of segments where they stand."""
    single = {name: getattr(reading, name) for name in HEADERS}
    counted = {name: getattr(reading, name) for name in COUNTED}
    return {
        "segments": {name: _stretch([segment]) for name, segment in single.items() if segment},
        "loops": {level: _stretch(loop) for level, loop in reading.loops.items()},
        "claim": _stretch(reading.claim) if reading.claim else None,
        "in_envelope": reading.envelope is not None,
        "counted": counted,
    }


def _restored(file: BinaryIO, begun: Surveyed) -> tuple[Reading, Begin]:
    """What stood open where a survey was cut off, and where to go on."""
    kept: dict[str, Any] | None = begun.more
    if kept is None:
        return Reading(), Begin(begun.offset, begun.number)
    if "interchange" not in kept["segments"]:
        return Reading(**kept["counted"]), Begin(begun.offset, begun.number)
    interchange = kept["segments"]["interchange"][0]
    manner = manner_of(file, interchange)

    def block(stretch: Stretch) -> list[Segment]:
        begin, end, first = stretch
        file.seek(begin)
        return list(segments_of(file.read(end - begin), manner, begin, first))

    reading = Reading(**kept["counted"])
    for name, stretch in kept["segments"].items():
        setattr(reading, name, block(stretch)[0])
    reading.loops = {level: block(stretch) for level, stretch in kept["loops"].items()}
    reading.claim = block(kept["claim"]) if kept["claim"] else []
    if kept["in_envelope"] and reading.interchange and reading.group:
        reading.envelope = Envelope(reading.interchange, reading.group, tuple(reading.loops[""]))
    return reading, Begin(begun.offset, begun.number, interchange)
