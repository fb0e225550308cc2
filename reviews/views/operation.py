"""What keeps Concord running, for those who look after it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from coding.views.access import allowed
from coding.work import scheduled, signs
from reviews.operation import figures
from reviews.operation import retention as rules_of_retention


@allowed("coding.view_scheduledrun")
def operation(request: HttpRequest) -> HttpResponse:
    """The scheduled work with its last runs, and how many workers gave a sign of late."""
    context = {"standings": scheduled.standings(), "workers": signs.living()}
    return render(request, "reviews/operation.html", context)


@allowed("reviews.view_retentionrule")
def retention(request: HttpRequest) -> HttpResponse:
    """What is due by the retention rules."""
    return render(request, "reviews/retention.html", {"report": rules_of_retention.report()})


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever sends ``METRICS_TOKEN``; to others, and without that setting, there is no such page."""
    token = settings.METRICS_TOKEN
    shown = request.headers.get("Authorization", "")
    if not token or not constant_time_compare(shown, f"Bearer {token}"):
        raise Http404
    return HttpResponse(figures.text(), content_type=figures.CONTENT_TYPE)
