"""Querysets of the review queue: visible to whom, in which order, narrowed to what."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from coding.models import User
from coding.views.filters import ListFilter, with_defaults
from reviews.models import OPEN_STATES, CaseRoute, CaseState, CodingDecision, ReviewCase, RouteReason


def visible_to(user: User) -> QuerySet[ReviewCase]:
    """Every case for those who may see every coder's; otherwise one's own; none without the permission."""
    if user.has_perm("reviews.view_every_reviewcase"):
        return ReviewCase.objects.all()
    if user.has_perm("reviews.view_reviewcase"):
        return ReviewCase.objects.filter(coder=user)
    return ReviewCase.objects.none()


def in_rows(cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """With everything that a row of the queue shows, in a fixed number of queries."""
    related = cases.select_related(
        "service__encounter", "service__rule_set", "coder", "holder", "decision", "suggestion", "ruling"
    )
    return related.prefetch_related("routes__cluster")


class QueueFilter(ListFilter):
    """The queue's filters; unless it is asked for other states it shows what is open."""

    DEFAULTS = {"state": "open"}
    STATES = [("open", "Open"), *CaseState.choices, ("all", "All")]
    WHOSE = [("mine", "Held by me"), ("free", "Free for me")]
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", empty_label=None)
    reason = django_filters.ChoiceFilter(
        choices=RouteReason, method="by_reason", label="Why it is here", empty_label="Any reason"
    )
    whose = django_filters.ChoiceFilter(choices=WHOSE, method="by_holder", label="Whose", empty_label="Everybody's")

    class Meta:
        model = ReviewCase
        fields: list[str] = []

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(with_defaults(data, self.DEFAULTS), *args, **kwargs)

    def by_state(self, cases: QuerySet[ReviewCase], name: str, value: str) -> QuerySet[ReviewCase]:
        """One state, all that are open, or all."""
        if value == "all":
            return cases
        return cases.filter(state__in=OPEN_STATES if value == "open" else [value])

    def by_reason(self, cases: QuerySet[ReviewCase], name: str, value: str) -> QuerySet[ReviewCase]:
        """Cases with this among their reasons; several runs may give the same one."""
        return cases.filter(Exists(CaseRoute.objects.filter(case=OuterRef("pk"), reason=value)))

    def by_holder(self, cases: QuerySet[ReviewCase], name: str, value: str) -> QuerySet[ReviewCase]:
        """Those that I hold, or those that I could claim."""
        user = self.request.user
        if value == "mine":
            return cases.filter(holder=user, state=CaseState.CLAIMED)
        coded = CodingDecision.objects.filter(service=OuterRef("service"), coder=user)
        free = cases.filter(state=CaseState.QUEUED).exclude(Q(coder=user) | Q(first_supervisor=user))
        return free.exclude(Exists(coded))
