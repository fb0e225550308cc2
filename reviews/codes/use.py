"""What this house sees of a code: how often it became final, on what it rested, how often that did not last."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count

from coding.models import ServiceLine
from coding.rules.supplies import SUPPLY
from reviews.models import FinalCode, RulingKind

# The figures are of the latest so many final codes: enough to see a drift, and as quick at ten million rows.
MOST = 500
MOST_SUPPLIES = 5


@dataclass(frozen=True, slots=True)
class CodeUse:
    """Figures of the latest final codes, at most ``MOST``."""

    finals: int
    accepted: int
    departed: int
    ruled: int
    overturned: int
    superseded: int

    @property
    def is_capped(self) -> bool:
        """Whether there may be more than were counted."""
        return self.finals == MOST


class _Row(NamedTuple):
    """A final code: whether another replaced it, whether its decision agrees with the rules, and its ruling's kind."""

    superseded: bool
    agrees: bool | None
    ruling: str | None


def supplies_beside(code: str) -> tuple[tuple[str, int], ...]:
    """Supplies that were submitted beside the latest final codes of that number, the most frequent first."""
    latest = FinalCode.objects.filter(code=code).order_by("-pk")
    encounters = latest.values("service__encounter")[:MOST]
    submitted = ServiceLine.objects.filter(encounter__in=encounters, gone_in=None)
    beside = submitted.filter(code__regex=SUPPLY).exclude(code=code)
    counted = beside.values_list("code").annotate(times=Count("encounter", distinct=True))
    return tuple(counted.order_by("-times", "code")[:MOST_SUPPLIES])


def code_use(code: str) -> CodeUse:
    """The figures of one code, in one query by its index."""
    latest = FinalCode.objects.filter(code=code).order_by("-pk")
    rows = [
        _Row(*row)
        for row in latest.values_list("superseded", "decision__agrees", "ruling__kind")[:MOST]
    ]
    # A final code rests on a ruling or, without one, on the coder's decision.
    ruled = [row for row in rows if row.ruling is not None]
    coded = [row for row in rows if row.ruling is None]
    return CodeUse(
        finals=len(rows),
        accepted=sum(row.agrees is True for row in coded),
        departed=sum(row.agrees is not True for row in coded),
        ruled=len(ruled),
        overturned=sum(row.ruling != RulingKind.CODER_UPHELD for row in ruled),
        superseded=sum(row.superseded for row in rows),
    )
