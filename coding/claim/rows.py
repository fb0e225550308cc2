"""Dated rows on checks: what a house settles of a check that is shipped, or that a rule set brings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from coding.claim.claim import Claim
from coding.claim.findings import Severity


@dataclass(frozen=True, slots=True)
class CheckRow:
    """From ``since`` on a check is on or off for a payer, all where that is empty; None and empty: as shipped."""

    check: str
    kind: str
    since: date
    payer: str = ""
    is_on: bool = True
    severity: Severity | None = None
    message: str = ""


def row_in_force(rows: Iterable[CheckRow], check: str, kind: str, claim: Claim) -> CheckRow | None:
    """The row of a check for a claim's day and payer: the payer's own before one for all, then the latest.

    ``rows`` stand in the order in which they were written: of two of one day the later counts.
    """
    in_force = None
    for row in rows:
        is_of_check = (row.check, row.kind) == (check, kind)
        is_of_payer = row.payer in ("", claim.payer)
        has_begun = row.since <= claim.day
        if not (is_of_check and is_of_payer and has_begun):
            continue
        if in_force is None or _precedence(row) >= _precedence(in_force):
            in_force = row
    return in_force


def _precedence(row: CheckRow) -> tuple[bool, date]:
    is_of_payer = bool(row.payer)
    return is_of_payer, row.since
