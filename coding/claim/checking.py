"""What every kind of check is given: the claim, the tables of its day, the lists, and the check's own options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coding.claim.claim import Claim, Line
from coding.claim.lists import CodeList, Lists
from coding.claim.tables import Fee, Table, Tables


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

    def several(self, option: str) -> list[CodeList]:
        """The code lists that an option names, none where the check has no such option."""
        return [self.lists.codes[name] for name in self.options.get(option, ())]

    def modifiers(self, option: str) -> frozenset[str]:
        """The modifier list that an option names."""
        return self.lists.modifiers[self.options[option]]

    def lines_of(self, option: str) -> Iterator[Line]:
        """The lines whose code stands in the list that an option names."""
        listed = self.codes(option)
        for line in self.claim.lines:
            if line.code in listed:
                yield line

    def with_fee(self) -> Iterator[tuple[Line, Fee]]:
        """The lines that the fee schedule has, with its row."""
        for line in self.claim.lines:
            fee = self.tables.fee(line.code)
            if fee is not None:
                yield line, fee

    def fee_row(self, code: str, what: str) -> str:
        """A row of the fee schedule as a finding names it."""
        return row_of(self.tables.fees, f"{code}: {what}")


def row_of(table: Table[Any] | None, row: str) -> str:
    """A row of a table as a finding names it; nothing where no release is loaded."""
    if table is None:
        return ""
    return f"{table.name}, {row}"
