"""What keeps Concord running, for those who look after it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coding.views.access import allowed
from coding.work import scheduled, signs


@allowed("coding.view_scheduledrun")
def operation(request: HttpRequest) -> HttpResponse:
    """The scheduled work with its last runs, and how many workers gave a sign of late."""
    context = {"standings": scheduled.standings(), "workers": signs.living()}
    return render(request, "reviews/operation.html", context)
