"""What lists can be narrowed to. The patient reference is none of it: it would stand in the address."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from coding.models import (
    AuditEvent,
    Encounter,
    EncounterState,
    GlassBreak,
    Service,
    ServiceState,
    UploadRow,
    User,
)
from coding.trail.events import EVENTS


def with_defaults(data: Any, defaults: Mapping[str, str]) -> Any:
    """What the address asks for; where it does not ask, the defaults: on page 2 too, and with any other filter."""
    chosen = QueryDict(mutable=True) if data is None else data.copy()
    for name, value in defaults.items():
        if not chosen.get(name):
            chosen[name] = value
    return chosen


class CleanTextField(forms.CharField):
    """A text to search for: no NUL, which no database takes, and no endless text."""

    def to_python(self, value: Any) -> Any:
        """Clean the text before it is looked at: what is left of it is searched for."""
        return (super().to_python(value) or "").replace("\0", "")[:60]


class CleanTextFilter(django_filters.CharFilter):
    """A search box. Its field cleans the text, for a filter with a method of its own has no other say."""

    field_class = CleanTextField


class TotalOrderingFilter(django_filters.OrderingFilter):
    """Sorts; what is alike stands in one order on every page, or a row would stand on two of them or on none."""

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        """Sort as asked, then by age."""
        sorted_rows = super().filter(queryset, value)
        return sorted_rows.order_by(*sorted_rows.query.order_by, "pk") if value else sorted_rows


def day(**kwargs: object) -> django_filters.DateFilter:
    """A filter by day with the browser's date picker."""
    return django_filters.DateFilter(widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


class ListFilter(django_filters.FilterSet):
    """The filters of a list. One that is not understood finds nothing: the whole list would pass for its answer."""

    @property
    def form(self) -> forms.Form:
        """Its fields have names of their own on a page that holds another form beside it."""
        form: forms.Form = super().form
        form.auto_id = "filter-%s"
        return form

    @property
    def qs(self) -> QuerySet:
        """The rows that the filters leave."""
        is_refused = self.is_bound and not self.is_valid()
        return self.queryset.none() if is_refused else super().qs


class EncounterFilter(ListFilter):
    """The worklist's filters."""

    WHOSE = [("mine", "Mine"), ("unassigned", "Unassigned")]
    whose = django_filters.ChoiceFilter(label="Whose", choices=WHOSE, method="by_assignee", empty_label="All")
    state = django_filters.ChoiceFilter(choices=EncounterState, empty_label="Any but void")
    search = CleanTextFilter(label="External id or provider", method="by_text")
    served_from = day(field_name="date_of_service", lookup_expr="gte", label="Served from")
    served_until = day(field_name="date_of_service", lookup_expr="lte", label="until")
    upload = django_filters.UUIDFilter(method="by_upload", widget=forms.HiddenInput)
    order = TotalOrderingFilter(
        label="Sort",
        fields=[("date_of_service", "date_of_service"), ("external_id", "external_id"), ("received_at", "received_at")],
        field_labels={
            "date_of_service": "Date of service",
            "external_id": "External id",
            "received_at": "Received",
        },
        empty_label="Oldest service first",
    )

    class Meta:
        model = Encounter
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Encounter]) -> QuerySet[Encounter]:
        """What is void is listed only where it is asked for, by its state or by the upload that brought it."""
        chosen = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        return chosen if asked["state"] or asked["upload"] else chosen.exclude(state=EncounterState.VOID)

    def by_upload(self, queryset: QuerySet[Encounter], name: str, value: UUID) -> QuerySet[Encounter]:
        """Those that an upload brought or corrected."""
        return queryset.filter(Exists(UploadRow.objects.filter(encounter=OuterRef("pk"), upload__public_id=value)))

    def by_assignee(self, queryset: QuerySet[Encounter], name: str, value: str) -> QuerySet[Encounter]:
        """With a service of mine, or with one to code that is nobody's."""
        # Looked up, not joined: a join would list an encounter once for each of its services.
        own = Service.objects.standing().filter(encounter=OuterRef("pk"))
        if value == "mine":
            return queryset.filter(Exists(own.filter(assigned_to=self.request.user)))
        free = own.filter(assigned_to=None, state=ServiceState.TO_CODE)
        return queryset.filter(Exists(free) | ~Exists(own))

    def by_text(self, queryset: QuerySet[Encounter], name: str, value: str) -> QuerySet[Encounter]:
        """Part of the external id or of the provider's name."""
        return queryset.filter(Q(external_id__icontains=value) | Q(provider__icontains=value))


class GlassFilter(ListFilter):
    """The filters of encounters that were opened outside of own work."""

    person = CleanTextFilter(method="by_person", label="Who")
    open = django_filters.ChoiceFilter(
        choices=[("yes", "Still open")], method="by_time", label="Time", empty_label="Any"
    )
    from_day = day(field_name="at", lookup_expr="date__gte", label="From")
    until_day = day(field_name="at", lookup_expr="date__lte", label="until")

    class Meta:
        model = GlassBreak
        fields: list[str] = []

    def by_person(self, rows: QuerySet[GlassBreak], name: str, value: str) -> QuerySet[GlassBreak]:
        """Part of a name."""
        named = Q(first_name__icontains=value) | Q(last_name__icontains=value) | Q(username__icontains=value)
        return rows.filter(person__in=User.objects.filter(named))

    def by_time(self, rows: QuerySet[GlassBreak], name: str, value: str) -> QuerySet[GlassBreak]:
        """Those whose time is not over."""
        return rows.filter(pk__in=GlassBreak.objects.in_force())


class TrailFilter(ListFilter):
    """The audit trail's filters."""

    event = django_filters.ChoiceFilter(
        choices=lambda: sorted(EVENTS.items(), key=lambda item: item[1]), empty_label="Any event"
    )
    actor = CleanTextFilter(field_name="actor_name", lookup_expr="icontains", label="Who")
    encounter = django_filters.UUIDFilter()
    from_day = day(field_name="at", lookup_expr="date__gte", label="From")
    until_day = day(field_name="at", lookup_expr="date__lte", label="until")

    class Meta:
        model = AuditEvent
        fields: list[str] = []
