"""Reports that wait to be exported, by what the checks said of them last."""

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from coding.models import Encounter, EncounterState, FeeScheduleRelease, Service, TablePart, User
from coding.views.filters import ListFilter, with_defaults
from reviews.claims.step import findings_of
from reviews.coding_form.ledger import ledger
from reviews.models import CheckedReport, ReportKind

# Reports that one run of the scheduled work looks at.
MOST_REPORTS = 500


def waiting_claims(user: User) -> QuerySet[CheckedReport]:
    """The reports that a person may see, final and not exported, oldest first."""
    visible = Encounter.objects.for_user(user).filter(pk=OuterRef("report__encounter"))
    return _waiting().filter(Exists(visible)).select_related("report__encounter").order_by("report")


def _waiting() -> QuerySet[CheckedReport]:
    rows = CheckedReport.objects.filter(report__replaced_by=None, report__exports=None)
    return rows.filter(report__encounter__state=EncounterState.FINAL).exclude(
        report__kind=ReportKind.VOID
    )


class ClaimFilter(ListFilter):
    """What speaks against a report, and whose it is. Unless it is asked otherwise it shows what cannot go out."""

    DEFAULTS = {"standing": "errors"}
    STANDINGS = [
        ("errors", "An error stands"),
        ("warnings", "A warning stands"),
        ("proposals", "Something is proposed"),
        ("all", "All that wait"),
    ]
    standing = django_filters.ChoiceFilter(
        choices=STANDINGS, method="by_standing", label="Claim checks", empty_label=None
    )
    whose = django_filters.ChoiceFilter(
        choices=[("mine", "Coded by me")],
        method="by_coder",
        label="Whose",
        empty_label="Everybody's",
    )

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(with_defaults(data, self.DEFAULTS), *args, **kwargs)

    def by_standing(
        self, rows: QuerySet[CheckedReport], _: str, standing: str
    ) -> QuerySet[CheckedReport]:
        """Those of which something stands."""
        return rows if standing == "all" else rows.filter(**{f"{standing}__gt": 0})

    def by_coder(self, rows: QuerySet[CheckedReport], *_: str) -> QuerySet[CheckedReport]:
        """Those of which the person coded a service."""
        own = Service.objects.filter(
            encounter=OuterRef("report__encounter"), assigned_to=self.request.user
        )
        return rows.filter(Exists(own))


def check_waiting() -> str:
    """Count what the checks say of reports that wait: new ones, and all when a table was loaded. Done at its time."""
    last_table = _last_table()
    due = Q(checked_at=None)
    if last_table is not None:
        due |= Q(checked_at__lt=last_table)
    rows = _waiting().filter(due).select_related("report__encounter")
    oldest = list(rows.order_by(F("checked_at").asc(nulls_first=True), "report")[:MOST_REPORTS])
    for row in oldest:
        _count(row)
    return f"{len(oldest)} claims checked"


def _last_table() -> datetime | None:
    """When the latest table came that claims are checked by."""
    tables = (TablePart, FeeScheduleRelease)
    loaded = [table.objects.aggregate(last=Max("loaded_at"))["last"] for table in tables]
    return max((at for at in loaded if at is not None), default=None)


def _count(row: CheckedReport) -> None:
    encounter = row.report.encounter
    findings = findings_of(encounter, ledger(encounter))
    CheckedReport.objects.filter(pk=row.pk).update(
        errors=len(findings.open_errors),
        warnings=len(findings.open_warnings),
        proposals=len(findings.open_proposals),
        checked_at=timezone.now(),
    )
