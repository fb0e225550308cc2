"""Submitted codes that no rule set claims: what to write next, the most frequent first."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from coding.models import ServiceLine, ServiceState
from coding.views.access import allowed
from coding.views.filters import UnclaimedFilter, with_defaults
from coding.views.pages import page_of

# Counting reads each line of the time: without a day it is that of the last quarter.
DAYS = 90
MAY = "coding.view_unclaimed"


@allowed(MAY)
def unclaimed(request: HttpRequest) -> HttpResponse:
    """Each code with the number of its lines and its latest day. It shows no encounter, and so no patient."""
    since = timezone.localdate() - timedelta(days=DAYS)
    data = with_defaults(request.GET, {"served_from": since.isoformat()})
    chosen = UnclaimedFilter(data, queryset=unclaimed_codes(), request=request)
    return render(request, "coding/unclaimed.html", {"filter": chosen, "page": page_of(request, chosen.qs)})


def unclaimed_codes() -> QuerySet[ServiceLine, Any]:
    """The codes of standing lines without a rule set, with counts, by the index of services by rule set and day."""
    standing = ServiceLine.objects.standing().filter(service__rule_set=None)
    own = standing.exclude(service__state=ServiceState.WITHDRAWN)
    counted = own.values("code").annotate(lines=Count("pk"), latest=Max("service__day"))
    return counted.order_by("-lines", "code")
