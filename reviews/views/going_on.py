"""On to the next case of the queue, claimed."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from coding.views.access import user_of
from reviews.actions.claims import claim_next
from reviews.lists import queues
from reviews.views.kept import with_filters

NOTHING_FREE = "No case of this list is free for you."


def go_on(request: HttpRequest) -> str:
    """Claim the first free case of the queue as the address narrows and sorts it; where that leads."""
    actor = user_of(request)
    following = claim_next(actor, queues.next_for(actor, request.GET, request))
    if following is None:
        messages.info(request, NOTHING_FREE)
        return with_filters(reverse("queue"), request.GET)
    return with_filters(following.get_absolute_url(), request.GET)
