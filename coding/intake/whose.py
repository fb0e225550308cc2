"""Whose an encounter is: the patient reference, with what tells whom it names, and whose visit. Pure."""

from collections.abc import Collection
from hashlib import sha256
from itertools import combinations
from typing import NamedTuple, Self

from coding.intake.authorities import are_two_authorities
from coding.intake.drafts import EncounterTexts
from coding.intake.records import EncounterRecord

NOT_KNOWN = "U"
# Types of identifiers (HL7 table 0203) that payers give, to a family or anew: a member's, Medicare's, Medicaid's, a
# subscriber's number. They count where nothing else does, and only with what else tells whose they are.
OF_PAYERS = ("MB", "MC", "MA", "SN")


class Whose(NamedTuple):
    """The patient whom an item names; ``authority`` gave the reference, and is empty where nobody says.

    A ``shared`` reference names several, as the number of a policy does: birth date (ISO) and sex tell which of them.
    Payers give an ``insured`` member's number anew, and one number to a family: another birth date, sex or name is
    another member's. Names are not kept: their check sums are compared (see ``name_sum``).
    """

    reference: str
    authority: str = ""
    shared: bool = False
    birth_date: str = ""
    sex: str = ""
    insured: bool = False
    name_sum: str = ""

    @classmethod
    def of(cls, source: EncounterRecord | EncounterTexts) -> Self:
        """The patient of a record, or of texts that are not checked yet."""
        sex = source.sex.strip().upper()
        return cls(
            source.patient_reference.strip(),
            source.patient_authority.strip(),
            source.shared_reference,
            str(source.birth_date or "").strip(),
            "" if sex == NOT_KNOWN else sex,
            source.insured_number,
            source.name_sum,
        )

    @property
    def in_full(self) -> str:
        """In words, with all that tells whom the reference names."""
        return self._with_person if self.shared or self.insured else self._number

    @property
    def _number(self) -> str:
        return f"{self.reference} of {self.authority}" if self.authority else self.reference

    @property
    def _with_person(self) -> str:
        shared = ", which is shared" if self.shared else ""
        born, sex = self.birth_date or "no known day", self.sex or "not known"
        return f"{self._number}{shared}, born {born}, sex {sex}"

    def shown_beside(self, other: "Whose") -> str:
        """In words that tell it from another patient; the reference is enough if it is another one."""
        if self.reference != other.reference:
            return self.reference
        if self.in_full != other.in_full:
            return self.in_full
        if self.has_other_name(other):
            return f"{self._with_person}, under another name"
        return self._with_person

    def has_other_name(self, other: "Whose") -> bool:
        """Whether both names are known, and differ."""
        both_told = bool(self.name_sum and other.name_sum)
        return both_told and self.name_sum != other.name_sum


def name_sum(family: str, given: str) -> str:
    """A check sum of a name: two names rarely share one, and each stands for so many names that it names nobody.

    Sixteen bits of SHA-256, as four digits; empty where no name is known.
    """
    name = " ".join(f"{family} {given}".casefold().split())
    return sha256(name.encode()).hexdigest()[:4] if name else ""


def is_of_another_patient(before: Whose, after: Whose) -> bool:
    """Whether two items name two patients. An authority or a sex that is not told contradicts none.

    One's own number names one patient whose birth date or sex was corrected, but not two of which both differ.
    """
    if before.reference != after.reference:
        return True
    if are_two_authorities(before.authority, after.authority):
        return True
    is_of_other_sex = bool(before.sex and after.sex) and before.sex != after.sex
    both_told = bool(before.birth_date and after.birth_date)
    is_born_otherwise = both_told and before.birth_date != after.birth_date
    if not any((before.shared, after.shared, before.insured, after.insured)):
        return is_of_other_sex and is_born_otherwise
    if is_of_other_sex:
        return True
    if before.has_other_name(after):
        return True
    # Of several who share a number, one whose birth date is not told may be any of them.
    return before.birth_date != after.birth_date and (both_told or before.shared or after.shared)


def is_of_another_visit(before: str, after: str) -> bool:
    """Whether two authorities gave one number to a visit each. One that is not told contradicts none."""
    return are_two_authorities(before, after)


def are_two_patients(named: Collection[Whose]) -> bool:
    """Whether some of the items name another patient than others."""
    return any(is_of_another_patient(first, second) for first, second in combinations(named, 2))
