"""The numbers in the navigation: how much waits at a place. Bounded: a long queue costs no more than a short one."""

from typing import Any

from django.db.models import QuerySet

from coding.models import User
from coding.models.counting import CountOf
from coding.views.stretches import MOST_COUNTED
from reviews.actions.comments import to_act_on
from reviews.models import CaseState, ProviderQuery, QueryState, ReviewCase, SecondCoding


def waiting(user: User) -> dict[str, str]:
    """What waits for a person at each place of the navigation; empty where nothing does. One query for all."""
    counted = {place: _sum(rows) for place, rows in _rows(user).items()}
    numbers: Any = User.objects.values(**counted).get(pk=user.pk)
    return {place: _words(number) for place, number in numbers.items()}


def _sum(rows: list[QuerySet[Any]]) -> Any:
    """How many rows there are, as one expression of the database."""
    total: Any = None
    for own in rows:
        number = CountOf(own, MOST_COUNTED + 1)
        total = number if total is None else total + number
    return total


def _words(number: int) -> str:
    if number > MOST_COUNTED:
        return f"{MOST_COUNTED:,}+"
    return str(number) if number else ""


def _rows(user: User) -> dict[str, list[QuerySet[Any]]]:
    """What waits at each place."""
    to_code = SecondCoding.objects.filter(coder=user, done_at=None)
    rows: dict[str, list[QuerySet[Any]]] = {
        "my-cases": [
            ReviewCase.objects.filter(coder=user, state=CaseState.RESOLVED),
            to_act_on(user),
            to_code,
        ]
    }
    if user.has_perm("reviews.rule_on_reviewcase"):
        rows["queue"] = [ReviewCase.objects.filter(state=CaseState.QUEUED)]
    if user.has_perm("reviews.answer_providerquery"):
        rows["queries"] = [
            ProviderQuery.objects.filter(state=QueryState.OPEN, reminded_at__isnull=False)
        ]
    return rows
