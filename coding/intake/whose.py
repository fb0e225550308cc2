"""Whose an encounter is: the patient reference, with what tells whom it names. Pure."""

from collections.abc import Collection
from itertools import combinations
from typing import NamedTuple, Self

from coding.intake.drafts import EncounterTexts
from coding.intake.records import EncounterRecord


class Whose(NamedTuple):
    """The patient whom an item names; ``authority`` gave the reference, and is empty where nobody says."""

    reference: str
    authority: str = ""

    @classmethod
    def of(cls, said: EncounterRecord | EncounterTexts) -> Self:
        """The patient of a record, or of texts that are not checked yet."""
        return cls(said.patient_reference.strip(), said.patient_authority.strip())

    @property
    def in_full(self) -> str:
        """In words, with all that tells whom the reference names."""
        return f"{self.reference} of {self.authority}" if self.authority else self.reference

    def shown_beside(self, other: "Whose") -> str:
        """In words that tell it from another patient; the reference is enough if it is another one."""
        return self.reference if self.reference != other.reference else self.in_full


def is_of_another_patient(before: Whose, after: Whose) -> bool:
    """Whether two items name two patients. An authority that is not told contradicts none."""
    if before.reference != after.reference:
        return True
    return bool(before.authority and after.authority) and before.authority != after.authority


def are_two_patients(named: Collection[Whose]) -> bool:
    """Whether some of the items name another patient than others."""
    return any(is_of_another_patient(one, other) for one, other in combinations(named, 2))
