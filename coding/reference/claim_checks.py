"""The checks of claims as they stand in this house: the shipped ones, as the rows of the administration settle them."""

from datetime import datetime
from functools import cache, lru_cache
from string import Formatter

from django.db.models import Max

from coding import rulesets
from coding.claim import Check, CheckRow, Checks, Severity
from coding.models import ClaimCheckRow


def checks_in_force() -> Checks:
    """The checks with their rows, in one query while no row was added."""
    newest = ClaimCheckRow.objects.aggregate(number=Max("pk"), at=Max("set_at"))
    return _of_edition(newest["number"] or 0, newest["at"])


@cache
def shipped() -> Checks:
    """The checks as they are shipped."""
    return Checks.from_document(rulesets.claim_checks())


def shipped_check(check_id: str, kind: str) -> Check | None:
    """A shipped check by its id and kind."""
    for check in shipped().checks:
        if (check.id, check.kind) == (check_id, kind):
            return check
    return None


def values_of(message: str) -> set[str]:
    """The names of the values that a text takes. Raises ValueError for one that cannot be read."""
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


@lru_cache(maxsize=4)
def _of_edition(last: int, _at: datetime | None) -> Checks:
    """Rows are only added, so that the newest tells of all; its time tells it from one that was rolled back."""
    stored = ClaimCheckRow.objects.filter(pk__lte=last).order_by("pk")
    return shipped().with_rows(_check_row(row) for row in stored)


def _check_row(row: ClaimCheckRow) -> CheckRow:
    return CheckRow(
        check=row.check_id,
        kind=row.kind,
        since=row.valid_from,
        payer=row.payer,
        is_on=row.is_on,
        severity=Severity(row.severity) if row.severity else None,
        message=row.message,
    )
