"""The nightly proofs that stored decisions can be decided again."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coding.views.access import allowed
from coding.views.pages import page_of
from reviews.models import ReplayDifference, ReplayProof


@allowed("reviews.view_replayproof")
def replays(request: HttpRequest) -> HttpResponse:
    """The proofs, newest first, with the latest differences."""
    proofs = (
        ReplayProof.objects.select_related("job")
        .annotate(difference_count=Count("differences"))
        .order_by("-day")
    )
    latest = ReplayDifference.objects.select_related("proof", "suggestion").order_by("-pk")[:50]
    return render(
        request, "reviews/replays.html", {"page": page_of(request, proofs), "differences": latest}
    )
