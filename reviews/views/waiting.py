"""The numbers in the navigation: how much waits at a place. Bounded: a long queue costs no more than a short one."""

from django.db.models import QuerySet

from coding.models import User
from reviews.models import CaseState, ReviewCase

MOST_COUNTED = 1_000


def waiting(user: User, place: str) -> str:
    """What waits for a person at a place of the navigation; empty where nothing does, or nothing is counted."""
    rows = _waiting_rows(user, place)
    number = len(rows.order_by().values_list("pk", flat=True)[: MOST_COUNTED + 1]) if rows is not None else 0
    if number > MOST_COUNTED:
        return f"{MOST_COUNTED:,}+"
    return str(number) if number else ""


def _waiting_rows(user: User, place: str) -> QuerySet[ReviewCase] | None:
    match place:
        case "queue" if user.has_perm("reviews.rule_on_reviewcase"):
            return ReviewCase.objects.filter(state=CaseState.QUEUED)
        case "my-cases":
            return ReviewCase.objects.filter(coder=user, state=CaseState.RESOLVED)
    return None
