"""Querysets of the review queue: visible to whom, in which order, narrowed to what."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from coding.models import EncounterState, RuleSet, ServiceCode, ServiceLine, ServiceState, User
from coding.views.filters import (
    CleanTextFilter,
    ListFilter,
    SinceDay,
    TotalOrderingFilter,
    UntilDay,
    day,
    with_defaults,
)
from reviews.judging.alike import alike
from reviews.judging.blind import is_blind
from reviews.judging.judges import not_coded_by
from reviews.lists.people import PersonFilter
from reviews.lists.worklist import few_of, of_payer, of_provider
from reviews.models import (
    OPEN_STATES,
    CaseRoute,
    CaseState,
    Level,
    Priority,
    ProviderQuery,
    QueryState,
    ReviewCase,
    RouteReason,
)

# How far the last due day of a choice lies from today.
DUE_WITHIN = {"overdue": timedelta(days=-1), "today": timedelta(0), "week": timedelta(days=7)}
# The states of encounters of which a service is in review: what is still to code comes first.
WITH_OPEN_CASES = (EncounterState.TO_CODE, EncounterState.IN_REVIEW)


def visible_to(user: User) -> QuerySet[ReviewCase]:
    """Every case for those who may see every coder's; otherwise one's own; none without the permission."""
    if user.has_perm("reviews.view_every_reviewcase"):
        return ReviewCase.objects.all()
    if user.has_perm("reviews.view_reviewcase"):
        return ReviewCase.objects.filter(coder=user)
    return ReviewCase.objects.none()


def may_see(user: User, case: ReviewCase) -> bool:
    """Whether a case is among those that ``visible_to`` lists."""
    sees_own = user.has_perm("reviews.view_reviewcase") and case.coder_id == user.pk
    return sees_own or user.has_perm("reviews.view_every_reviewcase")


def by_urgency(cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """The most urgent first, of those the oldest: the queue as it stands unless somebody sorts it."""
    return cases.order_by("priority", "opened_at", "pk")


def in_rows(cases: QuerySet[ReviewCase], columns: Collection[str] = ()) -> QuerySet[ReviewCase]:
    """With everything that a row of the queue shows, in a fixed number of queries.

    ``columns`` are the keys of those that are shown.
    """
    related = cases.select_related(
        "service__encounter",
        "service__rule_set",
        "coder",
        "holder",
        "decision",
        "suggestion",
        "ruling",
    )
    # Long texts that no list shows.
    short = related.defer(
        "service__encounter__note", "service__encounter__documents", "suggestion__decision"
    )
    more = ["service__lines"] if "submitted" in columns else []
    return short.prefetch_related("routes__cluster", *more)


def free_for(user: User, cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """The queued cases that a person may claim: not coded by them in any round, no objection to their ruling."""
    return not_coded_by(user, cases.filter(state=CaseState.QUEUED))


def _coders(request: Any) -> QuerySet[User]:
    """Those of whom some case is."""
    of_them = ReviewCase.objects.filter(coder=OuterRef("pk"))
    return User.objects.filter(Exists(of_them)).order_by("last_name", "first_name", "pk")


class CaseOrderingFilter(TotalOrderingFilter):
    """Sorts cases; by their due days those that have one."""

    def filter(self, queryset: QuerySet[ReviewCase], value: Any) -> QuerySet[ReviewCase]:
        """Sort as asked. A stretch of a list needs values to begin at."""
        by_due_day = value in (["due_on"], ["-due_on"])
        return super().filter(queryset.exclude(due_on=None) if by_due_day else queryset, value)


class QueueFilter(ListFilter):
    """The queue's filters; unless it is asked for other states it shows what is open."""

    DEFAULTS = {"state": "open"}
    FOLDED = frozenset(
        [
            "provider",
            "payer",
            "served_from",
            "served_until",
            "opened_from",
            "opened_until",
            "level",
            "priority",
        ]
    )
    STATES = [("open", "Open"), *CaseState.choices, ("all", "All")]
    DUE = [("overdue", "Overdue"), ("today", "Today or overdue"), ("week", "Within seven days")]
    WHOSE = [("mine", "Held by me"), ("free", "Free for me")]
    reason = django_filters.ChoiceFilter(
        choices=RouteReason, method="by_reason", label="Why it is here", empty_label="Any reason"
    )
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", empty_label=None)
    whose = django_filters.ChoiceFilter(
        choices=WHOSE, method="by_holder", label="Whose", empty_label="Everybody's"
    )
    coder = PersonFilter(queryset=_coders, empty_label="Any coder")
    family = django_filters.ModelChoiceFilter(
        queryset=RuleSet.objects.order_by("name"),
        field_name="service__rule_set",
        to_field_name="key",
        label="Rule set",
        empty_label="Any rule set",
    )
    code = CleanTextFilter(method="by_code", label="Any code")
    search = CleanTextFilter(
        field_name="service__encounter__external_id", lookup_expr="icontains", label="External id"
    )
    provider = CleanTextFilter(method="by_provider", label="Provider")
    payer = CleanTextFilter(method="by_payer", label="Payer")
    served_from = day(field_name="service__day", lookup_expr="gte", label="Served from")
    served_until = day(field_name="service__day", lookup_expr="lte", label="until")
    opened_from = day(SinceDay, field_name="opened_at", label="In the queue from")
    opened_until = day(UntilDay, field_name="opened_at", label="until")
    level = django_filters.ChoiceFilter(choices=Level, label="Level", empty_label="Any level")
    priority = django_filters.ChoiceFilter(
        choices=Priority, label="Priority", empty_label="Any priority"
    )
    due = django_filters.ChoiceFilter(
        choices=DUE, method="by_due_day", label="Due", empty_label="Any day"
    )
    alike = django_filters.UUIDFilter(method="by_alike", widget=forms.HiddenInput)
    order = CaseOrderingFilter(
        label="Sort",
        fields=[("opened_at", "opened_at"), ("due_on", "due_on"), ("service__day", "served")],
        field_labels={
            "opened_at": "Oldest case",
            "due_on": "Due day, where there is one",
            "service__day": "Date of service",
        },
        empty_label="Most urgent first",
    )

    class Meta:
        model = ReviewCase
        fields: list[str] = []

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(with_defaults(data, self.DEFAULTS), *args, **kwargs)
        # Asking for them would say whose a case is, and what was decided.
        if self._is_blind:
            del self.filters["coder"]
            self.filters["code"].label = "Code, submitted"

    def filter_queryset(self, queryset: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
        """By what services and encounters with cases have in common, indexes of these lead to the cases."""
        cases = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        are_open = asked["state"] in ("open", *OPEN_STATES)
        by_days = (
            asked["served_from"]
            or asked["served_until"]
            or asked["order"] in (["served"], ["-served"])
        )
        by_encounter = asked["provider"] or asked["payer"]
        if are_open and (by_days or by_encounter):
            cases = cases.filter(service__state=ServiceState.IN_REVIEW)
        elif by_days:
            cases = cases.filter(service__round__gt=0)
        if are_open and by_encounter:
            cases = cases.filter(service__encounter__state__in=WITH_OPEN_CASES)
        return cases

    @property
    def _is_blind(self) -> bool:
        return is_blind(self.request.user)

    def by_state(self, cases: QuerySet[ReviewCase], name: str, value: str) -> QuerySet[ReviewCase]:
        """One state, all that are open, or all."""
        # Whose a case is says that it is open, and more: said twice, a database expects fewer cases than there are.
        is_said = value == "open" and self.form.cleaned_data["whose"]
        if value == "all" or is_said:
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
        return free_for(user, cases)

    def by_provider(
        self, cases: QuerySet[ReviewCase], name: str, value: str
    ) -> QuerySet[ReviewCase]:
        """Part of the provider's name."""
        return cases.filter(of_provider(value, "service__encounter__"))

    def by_payer(self, cases: QuerySet[ReviewCase], name: str, value: str) -> QuerySet[ReviewCase]:
        """Part of the payer's name."""
        return cases.filter(of_payer(value, "service__encounter__"))

    def by_code(self, cases: QuerySet[ReviewCase], name: str, value: str) -> QuerySet[ReviewCase]:
        """Cases on whose service a code stands: submitted, suggested, decided in some round, or final."""
        codes: QuerySet[Any] = ServiceCode.objects.all()
        if self._is_blind:
            # What is suggested and decided of a case in review would be told by asking for it.
            codes = ServiceLine.objects.standing().order_by()
        of_code = codes.filter(code=value.strip().upper())
        few = few_of(of_code, "service")
        services: Any = of_code.values("service") if few is None else few
        return cases.filter(service__in=services)

    def by_due_day(
        self, cases: QuerySet[ReviewCase], name: str, value: str
    ) -> QuerySet[ReviewCase]:
        """Cases that are due until a day."""
        last_day = timezone.localdate() + DUE_WITHIN[value]
        return cases.filter(due_on__lte=last_day)

    def by_alike(self, cases: QuerySet[ReviewCase], name: str, value: UUID) -> QuerySet[ReviewCase]:
        """The queued cases that are alike to one."""
        related = ReviewCase.objects.select_related("suggestion", "decision")
        case = related.filter(public_id=value).first()
        return cases.filter(pk__in=alike(case).values("pk")) if case else cases.none()


class QueryFilter(ListFilter):
    """The filters of provider queries; unless it is asked for others it shows the open ones."""

    DEFAULTS = {"state": QueryState.OPEN.value}
    state = django_filters.ChoiceFilter(choices=QueryState, empty_label=None)
    told = django_filters.ChoiceFilter(
        choices=[("escalated", "All supervisors")],
        method="by_escalation",
        label="Told",
        empty_label="Anybody or nobody",
    )
    provider = CleanTextFilter(
        field_name="service__encounter__provider", lookup_expr="icontains", label="Provider"
    )

    class Meta:
        model = ProviderQuery
        fields: list[str] = []

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(with_defaults(data, self.DEFAULTS), *args, **kwargs)

    def by_escalation(
        self, queries: QuerySet[ProviderQuery], name: str, value: str
    ) -> QuerySet[ProviderQuery]:
        """Those of which all supervisors were told."""
        return queries.filter(escalated_at__isnull=False)


def next_for(user: User, asked: Mapping[str, Any], request: Any) -> QuerySet[ReviewCase]:
    """The cases that a person may claim next: those free for them in the queue as they narrowed and sorted it.

    Whose a case is, and where it stands, is left out: among those that somebody holds none is free.
    """
    asked = {name: value for name, value in asked.items() if name not in ("whose", "state")}
    cases = QueueFilter(asked, queryset=by_urgency(visible_to(user)), request=request).qs
    return free_for(user, cases)
