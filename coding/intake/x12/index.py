"""Which claims an X12 file holds, by where they stand: memory holds those that are read."""

import json
from typing import BinaryIO, NamedTuple

from coding.intake.drafts import Problem
from coding.intake.index_file import IndexFile
from coding.intake.x12.claims import Block, Claim, Envelope, as_separated
from coding.intake.x12.encounter import REPLACEMENT, replaced_number
from coding.intake.x12.patient import ClaimPatient, biller_of, patient_of
from coding.intake.x12.segments import Manner, manner_of, segments_of

# Loops below which many claims stand, and numbers that many have.
MOST_KEPT = 50
OF_ITEM = """
    SELECT interchange, "group", header, billing, subscriber, patient, own, after, whole FROM claim WHERE item = ?
"""
PATIENTS = "SELECT DISTINCT patient_told FROM claim WHERE number = ? LIMIT 5"
# Of claims of one number, patient and billing provider, who gave the number: the last that replaces or takes back, or
# else one that replaces an original.
LATER = """
    SELECT place FROM claim WHERE number = ?1 AND item != ?2 AND state != ''
    AND (item > ?2 OR (state = ?4 AND ?3 = '')) AND (biller = ?5 OR '' IN (biller, ?5))
    ORDER BY item DESC LIMIT 1
"""
# Under a number of its own a claim names the one that it replaces: those that name one, and those that are named.
BY_OTHERS = """
    SELECT place, patient_told FROM claim WHERE replaces = ?1
    AND (biller = ?2 OR '' IN (biller, ?2)) ORDER BY item DESC LIMIT 5
"""
OTHERS = """
    SELECT place, patient_told FROM claim WHERE number = ?1
    AND (biller = ?2 OR '' IN (biller, ?2)) ORDER BY item LIMIT 5
"""


class Told(NamedTuple):
    """What is said of an envelope, and where: a problem, or why a transaction holds no claim for us."""

    after: int
    place: str
    reason: str = ""
    problem: Problem | None = None


class Other(NamedTuple):
    """Another claim of the file: where it stands, and whose it is."""

    place: str
    patient: ClaimPatient


class Index:
    """The claims of a surveyed file. Items are numbered from 1."""

    def __init__(self, rows: IndexFile, file: BinaryIO) -> None:
        self._rows, self._file = rows, file
        self._blocks: dict[int, Block] = {}
        self._manners: dict[int, Manner] = {}
        self._patients: dict[str, list[ClaimPatient]] = {}

    @property
    def error(self) -> str:
        """What ends the file before its end; empty where it was read to its end."""
        error: str = self._rows.surveyed.more or ""
        return error

    def item(self, number: int) -> Claim | Told | None:
        """The claim of this number, or what is said in its place; None behind the last."""
        if rows := self._rows.rows(
            "SELECT after, place, reason, problem FROM remark WHERE item = ?", number
        ):
            [(after, place, reason, wrong)] = rows
            return Told(after, place, reason, Problem(*json.loads(wrong)) if wrong else None)
        if not (claims := self._rows.rows(OF_ITEM, number)):
            return None
        [(interchange, group, header, *loops, own, after, whole)] = claims
        manner = self._manner(interchange)
        envelope = Envelope(
            self._block(interchange, manner)[0],
            self._block(group, manner)[0],
            self._block(header, manner),
        )
        billing, subscriber, patient = (
            self._block(stretch, manner) if stretch else () for stretch in loops
        )
        segments = as_separated(self._read(own, manner))
        return Claim(envelope, billing, subscriber, patient, segments, after, bool(whole))

    def patients(self, number: str) -> list[ClaimPatient]:
        """The different patients for whom claims of a number stand, at most five of them."""
        if number not in self._patients:
            if len(self._patients) >= MOST_KEPT:
                self._patients.clear()
            rows = self._rows.rows(PATIENTS, number)
            self._patients[number] = [ClaimPatient(*json.loads(data)) for (data,) in rows]
        return self._patients[number]

    def later(self, item: int, claim: Claim, state: str) -> str:
        """The place of the claim that replaces this one or takes it back; empty where it stands."""
        number, biller = claim.segments[0].element(1), biller_of(claim)
        later: str | None = self._rows.value(LATER, number, item, state, REPLACEMENT, biller)
        by_others = self._others(BY_OTHERS, number, biller)
        return later or next((other.place for other in by_others), "")

    def of_another_patient(self, claim: Claim) -> Other | None:
        """A claim of another patient that this one replaces or takes back by its number, or that does so to it."""
        number, biller = claim.segments[0].element(1), biller_of(claim)
        replaced = replaced_number(claim)
        others = self._others(BY_OTHERS, number, biller) if number else []
        others += self._others(OTHERS, replaced, biller) if replaced else []
        own = patient_of(claim)
        return next((other for other in others if own.contradicts(other.patient)), None)

    def _others(self, query: str, number: str, biller: str) -> list[Other]:
        rows = self._rows.rows(query, number, biller)
        return [Other(place, ClaimPatient(*json.loads(told))) for place, told in rows]

    def _manner(self, interchange: int) -> Manner:
        if interchange not in self._manners:
            begin = self._rows.value("SELECT begin FROM stretch WHERE number = ?", interchange)
            self._manners = {interchange: manner_of(self._file, begin)}
        return self._manners[interchange]

    def _block(self, stretch: int, manner: Manner) -> Block:
        """A loop, which is read once for the claims below it."""
        if stretch not in self._blocks:
            if len(self._blocks) >= MOST_KEPT:
                self._blocks.clear()
            self._blocks[stretch] = self._read(stretch, manner)
        return self._blocks[stretch]

    def _read(self, stretch: int, manner: Manner) -> Block:
        [(begin, end, first)] = self._rows.rows(
            "SELECT begin, end, first FROM stretch WHERE number = ?", stretch
        )
        self._file.seek(begin)
        return tuple(segments_of(self._file.read(end - begin), manner, begin, first))
