"""What no family codes: the submitted codes that no rule set claims, with how often: what to write next."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from coding.models import Encounter, EncounterState, Service, ServiceLine, ServiceState
from coding.views.access import allowed, user_of
from coding.views.filters import CleanTextFilter, ListFilter, day, with_defaults
from coding.views.pages import page_of
from coding.views.stretches import bounded_count

# The codes of so many days are counted where the address does not ask for others.
DAYS = 365
MAY = "coding.view_unclaimed"
# In place of a code: encounters that have no service at all, such as one whose family was left.
WITHOUT = "none"


class NoFamilyFilter(ListFilter):
    """Which encounters are looked at."""

    begins = CleanTextFilter(method="by_beginning", label="Code begins with")
    code = CleanTextFilter(method="by_code", label="Submitted code")
    state = django_filters.ChoiceFilter(
        choices=[state for state in EncounterState.choices if state[0] != EncounterState.VOID],
        empty_label="Any but void",
    )
    served_from = day(field_name="date_of_service", lookup_expr="gte", label="Served from")
    served_until = day(field_name="date_of_service", lookup_expr="lte", label="until")

    class Meta:
        model = Encounter
        fields: list[str] = []

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        since = timezone.localdate() - timedelta(days=DAYS)
        super().__init__(with_defaults(data, {"served_from": since.isoformat()}), *args, **kwargs)

    def by_beginning(
        self, encounters: QuerySet[Encounter], name: str, value: str
    ) -> QuerySet[Encounter]:
        """Those with a line that no family codes and whose code begins so."""
        return encounters.filter(Exists(unclaimed_lines(value).filter(encounter=OuterRef("pk"))))

    def by_code(
        self, encounters: QuerySet[Encounter], name: str, value: str
    ) -> QuerySet[Encounter]:
        """Those with a line of this code that no family codes, or without any service."""
        if value == WITHOUT:
            return without_service(encounters)
        lines = unclaimed_lines().filter(encounter=OuterRef("pk"), code=value.strip().upper())
        return encounters.filter(Exists(lines))


def unclaimed_lines(beginning: str = "") -> QuerySet[ServiceLine]:
    """The submitted lines that stand and whose service no rule set judges, of codes that begin so."""
    withdrawn = Q(service__state=ServiceState.WITHDRAWN)
    lines = ServiceLine.objects.standing().filter(~withdrawn, service__rule_set=None)
    return lines.filter(code__startswith=beginning.strip().upper())


def without_service(encounters: QuerySet[Encounter]) -> QuerySet[Encounter]:
    """Encounters of which nothing is coded. Such a one is to code: so few are looked at."""
    to_code = encounters.filter(state=EncounterState.TO_CODE)
    return to_code.exclude(Exists(Service.objects.standing().filter(encounter=OuterRef("pk"))))


@allowed(MAY)
def no_family(request: HttpRequest) -> HttpResponse:
    """The codes, the most frequent first; with a code in the address its encounters, for whoever may see those.

    Who writes rules sees codes and counts alone, of all encounters, and so no patient.
    """
    user = user_of(request)
    reads = user.has_perm("coding.view_encounter")
    encounters = Encounter.objects.for_user(user) if reads else Encounter.objects.all()
    seen = encounters.exclude(state=EncounterState.VOID)
    chosen = NoFamilyFilter(request.GET, queryset=seen, request=request)
    context: dict[str, object] = {"filter": chosen, "without": WITHOUT, "reads": reads}
    if request.GET.get("code") and reads:
        context["encounters"] = page_of(request, chosen.qs.defer("note"))
    else:
        context["codes"] = page_of(request, _counted_codes(chosen))
        context["without_service"] = bounded_count(without_service(chosen.qs))
    return render(request, "coding/no_family.html", context)


def _counted_codes(chosen: NoFamilyFilter) -> QuerySet[Any, Any]:
    """The codes in the chosen encounters: in how many each stands, how many are still to code, and the latest day."""
    beginning = ""
    if chosen.form.is_valid():
        beginning = chosen.form.cleaned_data.get("begins") or ""
    lines = unclaimed_lines(beginning).filter(encounter__in=chosen.qs.values("pk"))
    still_open = Q(service__state=ServiceState.TO_CODE)
    counted = lines.values("code").annotate(
        encounters=Count("encounter", distinct=True),
        to_code=Count("encounter", still_open, distinct=True),
        latest=Max("service__day"),
    )
    return counted.order_by("-encounters", "code")
