"""The numbers in the navigation: how much waits at a place. Bounded: a long queue costs no more than a short one."""

from typing import Any

from django.db.models import QuerySet

from coding.models import User
from reviews.actions.comments import to_act_on
from reviews.models import CaseState, ProviderQuery, QueryState, ReviewCase, SecondCoding

MOST_COUNTED = 1_000


def waiting(user: User, place: str) -> str:
    """What waits for a person at a place of the navigation; empty where nothing does, or nothing is counted."""
    first, *others = [rows.order_by().values_list("pk") for rows in _rows(user, place)] or [ReviewCase.objects.none()]
    # One statement, whatever waits: the numbers stand on every page.
    number = len(first.union(*others, all=True)[: MOST_COUNTED + 1]) if others else len(first[: MOST_COUNTED + 1])
    if number > MOST_COUNTED:
        return f"{MOST_COUNTED:,}+"
    return str(number) if number else ""


def _rows(user: User, place: str) -> list[QuerySet[Any]]:
    match place:
        case "queue" if user.has_perm("reviews.rule_on_reviewcase"):
            return [ReviewCase.objects.filter(state=CaseState.QUEUED)]
        case "queries" if user.has_perm("reviews.answer_providerquery"):
            return [ProviderQuery.objects.filter(state=QueryState.OPEN, reminded_at__isnull=False)]
        case "my-cases":
            to_code = SecondCoding.objects.filter(coder=user, done_at=None)
            return [ReviewCase.objects.filter(coder=user, state=CaseState.RESOLVED), to_act_on(user), to_code]
    return []
