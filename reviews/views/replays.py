"""The nightly proofs that stored decisions can be decided again."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coding.views.access import allowed
from coding.views.pages import page_of
from reviews.models import ReplayDifference, ReplayProof

# The latest of all proofs stand on the page.
MOST_DIFFERENCES = 50


@allowed("reviews.view_replayproof")
def replays(request: HttpRequest) -> HttpResponse:
    """The proofs, newest first, with the latest differences."""
    proofs = ReplayProof.objects.select_related("job").order_by("-day")
    counted = proofs.annotate(difference_count=Count("differences"))
    differences = ReplayDifference.objects.select_related("proof", "suggestion")
    context = {
        "page": page_of(request, counted),
        "differences": differences.order_by("-pk")[:MOST_DIFFERENCES],
    }
    return render(request, "reviews/replays.html", context)
