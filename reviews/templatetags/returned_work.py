"""What came back to a coder: it stands above the worklist, where it was lost among what is new."""

from django import template

from coding.models import ServiceState, User
from reviews.models import CodingRound, FavouriteReason, ReasonUse, RoundReason

register = template.Library()

# The rest is in the worklist, filtered by *Mine* and *To code*.
SHOWN = 10


@register.simple_tag
def returned_to(coder: User) -> list[CodingRound]:
    """The open rounds of a coder's services that are not their first, the longest waiting first; at most ``SHOWN``."""
    rounds = CodingRound.objects.filter(
        service__assigned_to=coder, service__state=ServiceState.TO_CODE, closed_at=None
    )
    came_back = rounds.exclude(reason=RoundReason.INITIAL).select_related("service__encounter")
    return list(came_back.order_by("opened_at", "pk")[:SHOWN])


@register.simple_tag
def override_reasons() -> list[FavouriteReason]:
    """The reasons that a department often has for an answer against the note."""
    return list(FavouriteReason.objects.offered(ReasonUse.OVERRIDE))
