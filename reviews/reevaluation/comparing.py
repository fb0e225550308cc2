"""Two finished runs side by side: what one changes and the other does not, and what both change differently."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, FilteredRelation, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from reviews.models import ReevaluationRun, RunChange


@dataclass(frozen=True, slots=True)
class Difference:
    """Services whose old outcome becomes one thing in the first run and another in the second; empty: no outcome."""

    old: str
    first: str
    second: str
    services: int


def differences(first: ReevaluationRun, second: ReevaluationRun) -> list[Difference]:
    """What the runs make of the same suggestions differently, most services first.

    A suggestion that a run does not change keeps its outcome there. What lies in the scope of one run only is left
    out of account: two runs are best compared over the same filter.
    """
    kept = F("suggestion__reported")
    others = Coalesce("other__new_report", "suggestion__reported", output_field=CharField())
    in_first = _beside(first, second).values(old=kept, own=F("new_report"), others=others)
    alone_in_second = _beside(second, first).filter(other__isnull=True)
    only_in_second = alone_in_second.values(old=kept, own=F("new_report"))

    differences = []
    for row in in_first.annotate(total=Sum("services")):
        if row["own"] != row["others"]:
            differences.append(Difference(row["old"], row["own"], row["others"], row["total"]))
    for row in only_in_second.annotate(total=Sum("services")):
        differences.append(Difference(row["old"], row["old"], row["own"], row["total"]))

    return sorted(differences, key=_most_services_first)


def _most_services_first(region: Difference) -> tuple[int, str, str, str]:
    return -region.services, region.old, region.first, region.second


def _beside(run: ReevaluationRun, other: ReevaluationRun) -> QuerySet[Any]:
    """The changes of a run with ``other``, what the other run makes of the same suggestion."""
    condition = Q(suggestion__run_changes__run=other.pk)
    return RunChange.objects.filter(run=run).annotate(
        other=FilteredRelation("suggestion__run_changes", condition=condition)
    )
