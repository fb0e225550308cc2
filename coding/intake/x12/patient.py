"""Whose a claim is: the member's number, with what tells whom of a family it names."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from coding.intake.texts import iso_day
from coding.intake.whose import NOT_KNOWN, name_sum
from coding.intake.x12.claims import Block, Claim, begins_another
from coding.intake.x12.elements import person
from coding.intake.x12.segments import Segment

NATIONAL_PROVIDER = "XX"
SOCIAL_SECURITY = ("34", "SY")


class ClaimPatient(NamedTuple):
    """The patient of a claim as it tells them. The name is compared within a file, and kept nowhere."""

    reference: str
    birth_date: str
    sex: str
    name: str

    def contradicts(self, other: "ClaimPatient") -> bool:
        """Whether two claims name two patients. What one of them does not tell contradicts nothing."""
        if self.reference != other.reference:
            return True
        told_of_both = zip(self[1:], other[1:], strict=True)
        return any(own and theirs and own != theirs for own, theirs in told_of_both)

    @property
    def in_full(self) -> str:
        """In words, without the name."""
        born, sex = self.birth_date or "no known day", self.sex or "not known"
        return f"{self.reference or 'no patient'}, born {born}, sex {sex}"


def patient_of(claim: Claim) -> ClaimPatient:
    """The dependent where a claim names one, else the subscriber."""
    loop, role = (claim.patient, "QC") if claim.patient else (claim.subscriber, "IL")
    birth = first(loop, "DMG")
    reference = own_number(claim) or member_of(claim)
    sex = element(birth, 3).upper()
    known_sex = "" if sex == NOT_KNOWN else sex
    name = called(named(loop, role)).casefold()
    return ClaimPatient(reference, iso_day(element(birth, 2)), known_sex, name)


def name_sum_of(claim: Claim) -> str:
    """The check sum of the patient's family and first name, which claims write alike more often than the others."""
    loop, role = (claim.patient, "QC") if claim.patient else (claim.subscriber, "IL")
    person = named(loop, role)
    return name_sum(element(person, 3), element(person, 4))


def own_number(claim: Claim) -> str:
    """The number of a dependent that has one of their own."""
    return element(named(claim.patient, "QC"), 9)


def member_of(claim: Claim) -> str:
    """The number under which the subscriber is insured; a social security number is none."""
    insured = named(claim.subscriber, "IL")
    return "" if is_numbered_by_state(claim) else element(insured, 9)


def is_numbered_by_state(claim: Claim) -> bool:
    """Whether the subscriber comes under a social security number."""
    return element(named(claim.subscriber, "IL"), 8) in SOCIAL_SECURITY


def biller_of(claim: Claim) -> str:
    """The national number (NPI) of the billing provider, who gave the claim its number; empty where none is told."""
    biller = named(claim.billing, "85")
    return element(biller, 9) if element(biller, 8) == NATIONAL_PROVIDER else ""


def not_told_apart(claim: Claim) -> str:
    """Why nobody can tell whose a claim is, though it names somebody; empty for a claim whose loops are in order."""
    if _how_many(claim.subscriber, "IL") > 1 or _how_many(claim.patient, "QC") > 1:
        return "The loop above the claim names several people."
    if _how_many(claim.subscriber, "QC"):
        return "The patient (NM1*QC) stands in the loop of the subscriber."
    if begins_another(claim.segments):
        return "A subscriber or patient stands within the claim."
    if is_astray(claim.patient, claim.subscriber):
        return "The loop of the patient (HL02) is not below that of the subscriber before it."
    return ""


def is_astray(loop: Block, above: Block) -> bool:
    """Whether a loop names another as its parent (HL02) than the one that stands above it."""
    if not above:
        return False
    named_parent = element(first(loop, "HL"), 2).lstrip("0")
    stands_above = element(first(above, "HL"), 1).lstrip("0")
    return bool(named_parent) and named_parent != stands_above


def _how_many(loop: Block, role: str) -> int:
    people = [segment for segment in loop if segment.id == "NM1"]
    return sum(1 for segment in people if segment.element(1) == role)


def are_different(patients: Sequence[ClaimPatient]) -> bool:
    """Whether some of them are another patient than others."""
    return any(first.contradicts(second) for first, second in combinations(patients, 2))


def in_words(patients: Sequence[ClaimPatient]) -> str:
    """Different patients, as briefly as they can be told apart."""
    briefly = [patient.reference or "no patient" for patient in patients]
    in_full = [patient.in_full for patient in patients]
    for words in (briefly, in_full):
        if len(set(words)) == len(words):
            return " and ".join(words)
    return f"{in_full[0]}, under {len(patients)} names"


def first(block: Block, segment_id: str) -> Segment | None:
    """The first segment of that name."""
    return next((segment for segment in block if segment.id == segment_id), None)


def named(block: Block, role: str) -> Segment | None:
    """Who has this role in a loop."""
    for segment in block:
        if segment.id == "NM1" and segment.element(1) == role:
            return segment
    return None


def element(segment: Segment | None, at: int) -> str:
    """An element of a segment that may not be there."""
    return segment.element(at) if segment else ""


def called(segment: Segment | None) -> str:
    """The name of a person or an organization that may not be there."""
    return person(segment) if segment else ""
