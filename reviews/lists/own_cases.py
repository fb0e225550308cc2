"""A coder's own cases: what became of decisions that went to a supervisor, and what is asked of providers."""

from collections.abc import Collection

import django_filters
from django.db.models import Q, QuerySet

from coding.models import User
from coding.views.filters import (
    CleanTextFilter,
    ListFilter,
    SinceDay,
    TotalOrderingFilter,
    UntilDay,
    day,
)
from reviews.lists.queues import in_rows
from reviews.lists.worklist import part_of
from reviews.models import CaseState, Level, ProviderQuery, QueryState, ReviewCase, RulingKind

# Beside the list there is room for so many; the rest is counted.
SHOWN = 25


class OwnCaseFilter(ListFilter):
    """The filters of one's own cases."""

    search = CleanTextFilter(method="by_text", label="External id")
    state = django_filters.ChoiceFilter(choices=CaseState, empty_label="Any state")
    kind = django_filters.ChoiceFilter(
        choices=RulingKind, field_name="ruling__kind", label="Ruling", empty_label="Any ruling"
    )
    level = django_filters.ChoiceFilter(choices=Level, label="Level", empty_label="Any level")
    code = CleanTextFilter(method="by_code", label="Any code")
    ruled_from = day(SinceDay, field_name="ruling__ruled_at", label="Ruled from")
    ruled_until = day(UntilDay, field_name="ruling__ruled_at", label="until")
    order = TotalOrderingFilter(
        label="Sort",
        fields=[("opened_at", "opened_at"), ("service__day", "served")],
        field_labels={"opened_at": "Opened", "service__day": "Date of service"},
        empty_label="Latest first",
    )

    class Meta:
        model = ReviewCase
        fields: list[str] = []

    def by_text(self, cases: QuerySet[ReviewCase], name: str, value: str) -> QuerySet[ReviewCase]:
        """Part of the external id."""
        return cases.filter(part_of("service__encounter__external_id", value))

    def by_code(self, cases: QuerySet[ReviewCase], name: str, value: str) -> QuerySet[ReviewCase]:
        """Cases in which a code was suggested or decided."""
        code = value.strip().upper()
        return cases.filter(Q(suggestion__code=code) | Q(decision__code=code))


def new_for(coder: User, columns: Collection[str]) -> list[ReviewCase]:
    """The latest rulings that the coder has not read; one more than ``SHOWN`` where there are more."""
    new = in_rows(ReviewCase.objects.filter(coder=coder, state=CaseState.RESOLVED), columns)
    return list(new.order_by("-opened_at", "-pk")[: SHOWN + 1])


def read_before(coder: User) -> QuerySet[ReviewCase]:
    """The coder's other cases, the latest first."""
    return (
        ReviewCase.objects.filter(coder=coder)
        .exclude(state=CaseState.RESOLVED)
        .order_by("-opened_at", "-pk")
    )


def open_queries_of(coder: User) -> list[ProviderQuery]:
    """The questions to providers about what the coder codes, the longest waiting first."""
    queries = ProviderQuery.objects.filter(state=QueryState.OPEN, service__assigned_to=coder)
    return list(
        queries.select_related("service__encounter", "asked_by").order_by("asked_at", "pk")[:SHOWN]
    )
