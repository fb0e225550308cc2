"""What a finished run found, as its page shows it."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from coding.models import JobState, VersionState
from reviews.models import Ending, ReevaluationRun, RunAgreement, RunCell


@dataclass(frozen=True)
class Report:
    """Read from the rows that the run stored when it ended."""

    run: ReevaluationRun

    @cached_property
    def cells(self) -> list[RunCell]:
        """The matrix, most services first."""
        return list(self.run.cells.order_by("-services", "old", "new"))

    @property
    def changes(self) -> list[RunCell]:
        """The fields in which something changes."""
        return [cell for cell in self.cells if cell.ending != Ending.SAME]

    @property
    def kept(self) -> list[RunCell]:
        """The fields in which the outcome is the same."""
        return [cell for cell in self.cells if cell.ending == Ending.SAME]

    @property
    def endings(self) -> list[tuple[str, int, int]]:
        """For each way to end: its words, the profiles and the services. The sums are the plan's."""
        rows = []
        for ending in Ending:
            cells = [cell for cell in self.cells if cell.ending == ending]
            profiles = sum(cell.profiles for cell in cells)
            services = sum(cell.services for cell in cells)
            rows.append((ending.label, profiles, services))
        return rows

    @property
    def flips(self) -> int:
        """How many services get another outcome."""
        return sum(cell.services for cell in self.cells if cell.ending == Ending.OTHER)

    @cached_property
    def worth(self) -> dict[str, Decimal | int]:
        """Gross relative values over all flips, up and down apart, and how many flips have none loaded."""
        names = ("work_up", "work_down", "total_up", "total_down", "unvalued")
        return {name: sum(getattr(cell, name) for cell in self.cells) for name in names}

    @property
    def is_valued(self) -> bool:
        """Whether values are loaded for some flip."""
        return int(self.worth["unvalued"]) < self.flips

    @cached_property
    def rules(self) -> QuerySet[Any, Any]:
        """The pairs of old and new rule behind the flips, most services first."""
        return (
            self.run.changes.filter(ending=Ending.OTHER)
            .values(
                "new_rule",
                "new_report",
                old_rule=F("suggestion__rule_id"),
                old_report=F("suggestion__reported"),
            )
            .annotate(total=Sum("services"))
            .order_by("-total", "old_rule", "new_rule")[:50]
        )

    @cached_property
    def agreements(self) -> QuerySet[RunAgreement]:
        """The coders whose agreement changes, most decisions first."""
        return (
            self.run.agreements.exclude(before=F("after"))
            .select_related("coder")
            .order_by("-decisions")[:50]
        )

    @property
    def applicable(self) -> bool:
        """Whether review cases may be opened: what was run is what is published."""
        version = self.run.version
        return (
            version.state == VersionState.PUBLISHED and version.document_id == self.run.document_id
        )

    @cached_property
    def clusters(self) -> list[Any]:
        """The clusters of the cases that were opened."""
        return list(self.run.clusters.annotate(size=Count("routes")).order_by("-size", "pk")[:50])


def estimated_seconds(run: ReevaluationRun) -> int | None:
    """How long a run of this size takes at the rate of the last finished one; None before the first."""
    last = (
        ReevaluationRun.objects.filter(job__state=JobState.DONE, profiles__gt=0)
        .select_related("job")
        .order_by("-pk")
        .first()
    )
    if (
        last is None
        or last.job is None
        or last.job.finished_at is None
        or last.job.running_since is None
    ):
        return None
    taken = (last.job.finished_at - last.job.running_since).total_seconds()
    return round(taken * run.profiles / last.profiles)
