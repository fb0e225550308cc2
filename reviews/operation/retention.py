"""Which records are due by the department's rules: a report. Nothing is deleted by itself."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone

from coding.claim.days import years_before
from coding.models import Encounter, Job, Upload, User
from reviews.models import Report
from reviews.models.retention import CountedFrom, RecordKind, RetentionRule

# From which events the years of a kind may be counted: the rows, and the field that holds the day.
DAYS: dict[tuple[str, str], tuple[QuerySet[Any], str]] = {
    (RecordKind.ENCOUNTER, CountedFrom.SERVICE): (Encounter.objects.all(), "date_of_service"),
    (RecordKind.ENCOUNTER, CountedFrom.RECEIPT): (Encounter.objects.all(), "received_at"),
    (RecordKind.UPLOAD, CountedFrom.RECEIPT): (Upload.objects.all(), "uploaded_at"),
    (RecordKind.REPORT, CountedFrom.MAKING): (Report.objects.all(), "made_at"),
    (RecordKind.JOB, CountedFrom.ENDING): (Job.objects.all(), "finished_at"),
    (RecordKind.ACCOUNT, CountedFrom.LAST_LOGIN): (
        User.objects.filter(is_active=False),
        "last_login",
    ),
}


@dataclass(frozen=True, slots=True)
class Due:
    """What is due of a kind. Without a rule nothing ever is."""

    kind: str
    rule: RetentionRule | None
    before: date | None = None
    count: int = 0
    oldest: date | None = None


def events_of(kind: str) -> list[str]:
    """From which events the years of a kind may be counted."""
    return [event for own, event in DAYS if own == kind]


def report(today: date | None = None) -> list[Due]:
    """Each kind of record with what is due today."""
    rules = {rule.kind: rule for rule in RetentionRule.objects.select_related("set_by")}
    day = today or timezone.localdate()
    return [_due(kind, rules.get(kind), day) for kind in RecordKind.values]


def _due(kind: str, rule: RetentionRule | None, today: date) -> Due:
    label = str(RecordKind(kind).label)
    if rule is None:
        return Due(label, None)
    before = years_before(today, rule.years)
    rows, field = DAYS[rule.kind, rule.counted_from]
    is_time = rows.model._meta.get_field(field).get_internal_type() == "DateTimeField"
    lookup = f"{field}__date__lt" if is_time else f"{field}__lt"
    due = rows.filter(**{lookup: before})
    oldest = due.aggregate(oldest=Min(field))["oldest"]
    if is_time and oldest is not None:
        oldest = oldest.date()
    return Due(label, rule, before, due.count(), oldest)
