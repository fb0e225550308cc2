"""What every kind of check is given: the claim, the tables of its day, the lists, and the check's own options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coding.claim.claim import Claim, Line
from coding.claim.lists import CodeList, Lists
from coding.claim.tables import Fee, Tables


@dataclass(frozen=True, slots=True)
class Checking:
    """One check at work on one claim."""

    claim: Claim
    tables: Tables
    lists: Lists
    options: Mapping[str, Any]

    @property
    def in_facility(self) -> bool:
        """Whether the place is paid at the facility rate."""
        return self.claim.place in self.tables.facility_places

    def codes(self, option: str) -> CodeList:
        """The code list that an option names."""
        return self.lists.codes[self.options[option]]

    def modifiers(self, option: str) -> frozenset[str]:
        """The modifier list that an option names."""
        return self.lists.modifiers[self.options[option]]

    def lines_of(self, option: str) -> Iterator[Line]:
        """The lines whose code stands in the list that an option names."""
        listed = self.codes(option)
        return (line for line in self.claim.lines if line.code in listed)

    def with_fee(self) -> Iterator[tuple[Line, Fee]]:
        """The lines that the fee schedule has, with its row."""
        for line in self.claim.lines:
            if fee := self.tables.fee(line.code):
                yield line, fee

    def fee_row(self, code: str, what: str) -> str:
        """A row of the fee schedule as a finding names it."""
        return f"{self.tables.fees.name}, {code}: {what}" if self.tables.fees else ""
