"""What verification finds in a table."""

from dataclasses import dataclass
from enum import StrEnum

from coding.decision.facts import Facts


class Flaw(StrEnum):
    """What a finding is about; the first four are defects, which no table in force may have."""

    GAP = "gap"
    OVERLAP = "overlap"
    UNREACHABLE = "unreachable"
    UNDECIDED = "undecided"
    PARTLY_MASKED = "partly_masked"
    IDLE_ROW = "idle_row"
    IDLE_CELL = "idle_cell"
    IDLE_FACT = "idle_fact"
    TELLING_GUARD = "telling_guard"
    UNMENTIONED = "unmentioned"


DEFECTS = frozenset({Flaw.GAP, Flaw.OVERLAP, Flaw.UNREACHABLE, Flaw.UNDECIDED})


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: the rules and the fact it is about, in words, and a case that shows it."""

    flaw: Flaw
    words: str
    rules: tuple[str, ...] = ()
    fact: str = ""
    witness: Facts | None = None

    @property
    def is_defect(self) -> bool:
        """Whether the table must not be used like this."""
        return self.flaw in DEFECTS
