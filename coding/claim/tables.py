"""What the tables of payers say of a claim's codes on its day. The rows are looked up elsewhere; here they are values.

A table that is not loaded for the day is None, which is something else than a table without a row for a code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Fee:
    """A row of the CMS Physician Fee Schedule; indicators as CMS writes them, empty where the release lacks them.

    Source of their meaning: CMS, "How to use the searchable Medicare physician fee schedule", and the header notes of
    the PPRRVU files.
    """

    status: str
    global_days: str
    work: Decimal
    facility_total: Decimal
    non_facility_total: Decimal
    facility_na: bool = False
    non_facility_na: bool = False
    technical: str = ""
    pre: Decimal | None = None
    post: Decimal | None = None
    multiple: str = ""
    bilateral: str = ""
    assistant: str = ""
    co_surgeon: str = ""
    team: str = ""

    @property
    def days(self) -> int | None:
        """Global days: 0, 10 or 90; None for a code without a global period."""
        # XXX, YYY, ZZZ and MMM stand for a code without days of its own.
        if not self.global_days.isdigit():
            return None
        return int(self.global_days)

    def total(self, facility: bool) -> Decimal:
        """Relative value at the place."""
        if facility:
            return self.facility_total
        return self.non_facility_total


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of the NCCI procedure-to-procedure edits: column 2 is part of column 1."""

    column1: str
    column2: str
    may_be_opened: bool
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class UnitLimit:
    """A medically unlikely edit: the most units, and how it is applied (1 a line, 2 a day for ever, 3 a day)."""

    units: int
    applied: int
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class AddOn:
    """The codes that an add-on code may stand beside; ``kind`` 1 lists them all, 3 some, 2 leaves them to the payer."""

    kind: int
    primaries: frozenset[str]


class DiagnosisState(StrEnum):
    """What the code set of the day says of a diagnosis."""

    VALID = "valid"
    CATEGORY = "category"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis: whether it is complete, its side (``left``, ``right``, ``both`` or empty), what it excludes."""

    state: DiagnosisState
    side: str = ""
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """From which day a code may be used, and its last valid day."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Table(Generic[RowT]):
    """Rows of one loaded release for the codes of a claim. ``name`` is shown beside what rests on it."""

    name: str
    rows: RowT
    # Why the release is used though it is not the payer's or the day's own; empty where it is.
    caveat: str = ""
    # Whether it is the payer's own table, and not that of Medicare in its place.
    of_payer: bool = True


@dataclass(frozen=True, slots=True)
class Tables:
    """The releases of a claim's day and payer."""

    fees: Table[Mapping[str, Fee]] | None = None
    pairs: Table[Mapping[tuple[str, str], Pair]] | None = None
    unit_limits: Table[Mapping[str, UnitLimit]] | None = None
    add_ons: Table[Mapping[str, AddOn]] | None = None
    terms: Table[Mapping[str, Term]] | None = None
    diagnoses: Table[Mapping[str, Diagnosis]] | None = None
    facility_places: frozenset[str] = frozenset()

    def fee(self, code: str) -> Fee | None:
        """The fee schedule's row of a whole service."""
        if self.fees is None:
            return None
        return self.fees.rows.get(code)

    def global_days(self, code: str) -> int | None:
        """The global days of a code; None for one without a global period, or without a row."""
        fee = self.fee(code)
        if fee is None:
            return None
        return fee.days

    def pair(self, column1: str, column2: str) -> Pair | None:
        """The pair of two codes, in this order."""
        if self.pairs is None:
            return None
        return self.pairs.rows.get((column1, column2))

    def are_a_pair(self, code: str, other: str) -> bool:
        """Whether one of two codes is part of the other."""
        return bool(self.pair(code, other) or self.pair(other, code))

    def diagnosis(self, code: str) -> Diagnosis | None:
        """What the code set says of a diagnosis."""
        if self.diagnoses is None:
            return None
        return self.diagnoses.rows.get(code)
