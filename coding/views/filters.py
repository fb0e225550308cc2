"""What lists can be narrowed to. The patient reference is none of it: it would stand in the address."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone

from coding.models import AuditEvent, Encounter, GlassBreak, User
from coding.trail.events import EVENTS

# The clocks of two machines that write to one trail are never further apart.
CLOCKS_DIFFER = timedelta(hours=1)
# Fields of a filter have names of their own on a page that holds another form beside it.
AUTO_ID = "filter-%s"
# Of encounters with one external id, which each sending system may give once.
MOST_NAMED = 100


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
        """Sort as asked, then by age in the same direction, so that one index serves both ways."""
        sorted_rows = super().filter(queryset, value)
        if not value:
            return sorted_rows
        asked = sorted_rows.query.order_by
        descends = str(asked[-1]).startswith("-")
        return sorted_rows.order_by(*asked, "-pk" if descends else "pk")


class SinceDay(django_filters.DateFilter):
    """Rows whose time is on a day or later. Compared with a time, so that an index serves."""

    def filter(self, queryset: QuerySet, value: date | None) -> QuerySet:
        """Narrow to them, where a day is given."""
        if not value:
            return queryset
        return queryset.filter(**{f"{self.field_name}__gte": midnight(value)})


class UntilDay(django_filters.DateFilter):
    """Rows whose time is on a day or before."""

    def filter(self, queryset: QuerySet, value: date | None) -> QuerySet:
        """Narrow to them, where a day is given; no time is behind the last day of all."""
        if not value or value == date.max:
            return queryset
        following = midnight(value + timedelta(days=1))
        return queryset.filter(**{f"{self.field_name}__lt": following})


def day(
    kind: type[django_filters.DateFilter] = django_filters.DateFilter, **kwargs: object
) -> django_filters.DateFilter:
    """A filter by day with the browser's date picker."""
    return kind(widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


class ListFilter(django_filters.FilterSet):
    """The filters of a list. One that is not understood finds nothing: the whole list would pass for its answer.

    ``FOLDED`` are the names of those that are seldom used; ``DEFAULTS`` what counts where an address asks nothing.
    """

    FOLDED: frozenset[str] = frozenset()
    DEFAULTS: Mapping[str, str] = {}

    @property
    def narrows(self) -> bool:
        """Whether something is asked for that is not so by itself."""
        form = self.form
        for name in form.changed_data:
            if form.data.get(name) != self.DEFAULTS.get(name):
                return True
        return False

    @property
    def form(self) -> forms.Form:
        """The form of the filters, its fields looking as all others do."""
        form: forms.Form = super().form
        if form.auto_id != AUTO_ID:
            form.auto_id = AUTO_ID
            for bound in form.visible_fields():
                _dress(bound)
        return form

    @property
    def qs(self) -> QuerySet:
        """The rows that the filters leave."""
        is_refused = self.is_bound and not self.is_valid()
        return self.queryset.none() if is_refused else super().qs


def _dress(bound: BoundField) -> None:
    """Give a field the look of its kind, as crispy forms would: drawn by them, each costs some templates more."""
    widget = bound.field.widget
    looks = ["form-select" if isinstance(widget, forms.Select) else "form-control"]
    if bound.errors:
        looks.append("is-invalid")
    widget.attrs["class"] = " ".join(looks)


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
        named = (
            Q(first_name__icontains=value)
            | Q(last_name__icontains=value)
            | Q(username__icontains=value)
        )
        return rows.filter(person__in=User.objects.filter(named))

    def by_time(self, rows: QuerySet[GlassBreak], name: str, value: str) -> QuerySet[GlassBreak]:
        """Those whose time is not over."""
        return rows.filter(pk__in=GlassBreak.objects.in_force())


def _events_by_words() -> list[tuple[str, str]]:
    return sorted(EVENTS.items(), key=itemgetter(1))


class TrailFilter(ListFilter):
    """The audit trail's filters."""

    event = django_filters.ChoiceFilter(choices=_events_by_words, empty_label="Any event")
    actor = CleanTextFilter(field_name="actor_name", lookup_expr="icontains", label="Who")
    encounter = CleanTextFilter(method="by_encounter", label="Encounter, by its external id")
    from_day = day(method="by_first_day", label="From")
    until_day = day(method="by_last_day", label="until")

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def by_encounter(
        self, events: QuerySet[AuditEvent], name: str, value: str
    ) -> QuerySet[AuditEvent]:
        """Those about the encounters with this external id, or with this id of an address."""
        try:
            return events.filter(encounter=UUID(value))
        except ValueError:
            named = Encounter.objects.filter(external_id=value)
            ids = list(named.values_list("public_id", flat=True)[:MOST_NAMED])
            return events.filter(encounter__in=ids)

    def by_first_day(
        self, events: QuerySet[AuditEvent], name: str, value: date
    ) -> QuerySet[AuditEvent]:
        """Events of this day or later."""
        begins = midnight(value)
        first = _sequence_about(begins - CLOCKS_DIFFER)
        if first is None:
            return events.none()
        return events.filter(sequence__gte=first, at__gte=begins)

    def by_last_day(
        self, events: QuerySet[AuditEvent], name: str, value: date
    ) -> QuerySet[AuditEvent]:
        """Events of this day or before."""
        if value == date.max:
            return events
        ends = midnight(value + timedelta(days=1))
        kept = events.filter(at__lt=ends)
        first_behind = _sequence_about(ends + CLOCKS_DIFFER)
        if first_behind is None:
            return kept
        return kept.filter(sequence__lt=first_behind)


def midnight(value: date) -> datetime:
    """When a day begins where Concord stands: compared with a time and not by its day, a column's index serves."""
    return timezone.make_aware(datetime.combine(value, time.min))


def _sequence_about(moment: datetime) -> int | None:
    """The number of the first event from a moment on: the trail is listed by numbers, and days are times.

    Numbers are given in the order of time, but by several clocks.
    """
    later = AuditEvent.objects.filter(at__gte=moment).order_by("at", "sequence")
    return later.values_list("sequence", flat=True).first()
