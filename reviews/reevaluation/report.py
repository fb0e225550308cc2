"""What a finished run found, as its page shows it."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from coding.models import JobState, VersionState
from reviews.models import Ending, ReevaluationRun, RunAgreement, RunCell
from reviews.reevaluation.summary import VALUES

# Longer lists are not read on a page; the export has every service.
MOST_ROWS = 50


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
        worth: dict[str, Decimal | int] = dict.fromkeys(VALUES, 0)
        for cell in self.cells:
            for name in VALUES:
                worth[name] += getattr(cell, name)
        return worth

    @property
    def is_valued(self) -> bool:
        """Whether values are loaded for some flip."""
        return int(self.worth["unvalued"]) < self.flips

    @cached_property
    def rules(self) -> QuerySet[Any, Any]:
        """The pairs of old and new rule behind the flips, most services first."""
        flips = self.run.changes.filter(ending=Ending.OTHER)
        pairs = flips.values(
            "new_rule",
            "new_report",
            old_rule=F("suggestion__rule_id"),
            old_report=F("suggestion__reported"),
        )
        counted = pairs.annotate(total=Sum("services"))
        return counted.order_by("-total", "old_rule", "new_rule")[:MOST_ROWS]

    @cached_property
    def agreements(self) -> QuerySet[RunAgreement]:
        """The coders whose agreement changes, most decisions first."""
        changed = self.run.agreements.exclude(before=F("after"))
        return changed.select_related("coder").order_by("-decisions")[:MOST_ROWS]

    @property
    def applicable(self) -> bool:
        """Whether review cases may be opened: what was run is what is published."""
        version = self.run.version
        is_same_content = version.document_id == self.run.document_id
        return is_same_content and version.state == VersionState.PUBLISHED

    @cached_property
    def clusters(self) -> list[Any]:
        """The clusters of the cases that were opened."""
        counted = self.run.clusters.annotate(size=Count("routes"))
        return list(counted.order_by("-size", "pk")[:MOST_ROWS])


def estimated_seconds(run: ReevaluationRun) -> int | None:
    """How long a run of this size takes at the rate of the last finished one; None before the first."""
    finished = ReevaluationRun.objects.filter(job__state=JobState.DONE, profiles__gt=0)
    last = finished.select_related("job").order_by("-pk").first()
    if last is None or last.job is None:
        return None
    began, ended = last.job.running_since, last.job.finished_at
    if began is None or ended is None:
        return None
    taken = (ended - began).total_seconds()
    return round(taken * run.profiles / last.profiles)
