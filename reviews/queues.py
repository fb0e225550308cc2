"""Querysets of the review queue: visible to whom, in which order, narrowed to what."""

import django_filters
from django.db.models import Q, QuerySet

from coding.models import User
from reviews.models import ReviewCase, RouteReason
from reviews.transitions import OPEN_STATES, CaseState


def visible_to(user: User) -> QuerySet[ReviewCase]:
    """Every case for those who may see every coder's; otherwise one's own; none without the permission."""
    if user.has_perm("reviews.view_every_reviewcase"):
        return ReviewCase.objects.all()
    if user.has_perm("reviews.view_reviewcase"):
        return ReviewCase.objects.filter(coder=user)
    return ReviewCase.objects.none()


def in_rows(cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """With everything that a row of the queue shows, in a fixed number of queries."""
    return cases.select_related(
        "encounter", "coder", "holder", "decision", "suggestion", "ruling", "cluster"
    ).prefetch_related("routes")


class QueueFilter(django_filters.FilterSet):
    """The queue's filters; without any it shows what is open."""

    STATES = [("open", "Open"), *((state.value, state.value.capitalize()) for state in CaseState), ("all", "All")]
    WHOSE = [("mine", "Held by me"), ("free", "Free for me")]
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", empty_label=None)
    reason = django_filters.ChoiceFilter(
        choices=RouteReason, field_name="routes__reason", label="Why it is here", empty_label="Any reason"
    )
    whose = django_filters.ChoiceFilter(choices=WHOSE, method="by_holder", label="Whose", empty_label="Everybody's")

    class Meta:
        model = ReviewCase
        fields: list[str] = []

    def __init__(self, data: object, *args: object, **kwargs: object) -> None:
        super().__init__(data or {"state": "open"}, *args, **kwargs)

    def by_state(self, cases: QuerySet[ReviewCase], name: str, value: str) -> QuerySet[ReviewCase]:
        """One state, all that are open, or all."""
        if value == "all":
            return cases
        return cases.filter(state__in=OPEN_STATES if value == "open" else [value])

    def by_holder(self, cases: QuerySet[ReviewCase], name: str, value: str) -> QuerySet[ReviewCase]:
        """Those that I hold, or those that I could claim."""
        user = self.request.user
        mine = Q(holder=user) if value == "mine" else Q(state=CaseState.QUEUED) & ~Q(coder=user)
        return cases.filter(mine)
