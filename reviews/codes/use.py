"""What this house sees of a code: how often it became final, on what it rested, how often that did not last."""

from dataclasses import dataclass

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


def supplies_beside(code: str) -> tuple[tuple[str, int], ...]:
    """Supplies that were submitted beside the latest final codes of that number, the most frequent first."""
    encounters = (
        FinalCode.objects.filter(code=code).order_by("-pk").values("service__encounter")[:MOST]
    )
    beside = ServiceLine.objects.filter(
        encounter__in=encounters, gone_in=None, code__regex=SUPPLY
    ).exclude(code=code)
    counted = beside.values_list("code").annotate(times=Count("encounter", distinct=True))
    return tuple(counted.order_by("-times", "code")[:MOST_SUPPLIES])


def code_use(code: str) -> CodeUse:
    """The figures of one code, in one query by its index."""
    latest = FinalCode.objects.filter(code=code).order_by("-pk")
    rows = list(latest.values_list("superseded", "decision__agrees", "ruling__kind")[:MOST])
    agreed = [agrees for _, agrees, ruling in rows if ruling is None]
    rulings = [ruling for _, _, ruling in rows if ruling is not None]
    return CodeUse(
        finals=len(rows),
        accepted=sum(agrees is True for agrees in agreed),
        departed=sum(agrees is not True for agrees in agreed),
        ruled=len(rulings),
        overturned=sum(ruling != RulingKind.CODER_UPHELD for ruling in rulings),
        superseded=sum(superseded for superseded, _, _ in rows),
    )
