"""The stored services that a day in the past concerns: those of its days which other content decided.

They are counted and not named: whoever writes and approves rules sees no encounters. The run that publishing opens
lists them for those who do.
"""

from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from coding.models import RuleSetVersion, Service, ServiceState
from coding.rules import layers, time_line


class Touched(NamedTuple):
    """How many services of a month stand in a state."""

    month: date
    state: str
    services: int


def is_back_dated(day: date | None) -> bool:
    """Whether a day has passed where Concord stands."""
    return day is not None and day < timezone.localdate()


def last_day(version: RuleSetVersion, day: date) -> date | None:
    """The last day of service that the version would decide from a day on; None if it goes on."""
    moved = time_line.from_day(version, day)
    spans = time_line.spans([*time_line.published_beside(version), moved])
    own = [span for span in spans if span.version == version]
    return own[0].until


def touched(version: RuleSetVersion, day: date) -> QuerySet[Any]:
    """The services of its days from one on that the version would decide, and other content did."""
    stored = Service.objects.standing().filter(
        rule_set=version.rule_set_id, suggestion__isnull=False
    )
    in_days = stored.filter(layers.decided_by(version), day__gte=day)
    until = last_day(version, day)
    if until is not None:
        in_days = in_days.filter(day__lte=until)
    return in_days.exclude(suggestion__document=version.document_id)


def by_month(version: RuleSetVersion, day: date) -> list[Touched]:
    """The services counted by month and state, the earliest month first."""
    by_month = touched(version, day).order_by().values_list(TruncMonth("day"), "state")
    labels = dict(ServiceState.choices)
    rows = []
    for month, state, services in by_month.annotate(services=Count("*")):
        rows.append(Touched(month, labels[state], services))
    return sorted(rows, key=attrgetter("month", "state"))
