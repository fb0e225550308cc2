"""What a table of transitions promises, as parameters of tests: where each verb begins, where not, and for whom not."""

from collections.abc import Iterable
from typing import Any

from django.db.models import TextChoices

from coding.actions.transitions import Transition
from reviews.roles import ROLES

Row = Transition[Any]


def begins(table: Iterable[Row]) -> list[tuple[Row, TextChoices]]:
    """Each verb with each state from which it leads on."""
    return [(row, state) for row in table for state in row.start]


def refused(table: Iterable[Row], states: type[TextChoices]) -> list[tuple[Row, TextChoices]]:
    """Each verb with each state from which it does not."""
    return [(row, state) for row in table for state in states if state not in row.start]


def outsiders(table: Iterable[Row]) -> list[tuple[Row, str]]:
    """Each verb that asks for a permission, with each role that lacks it."""
    asking = [row for row in table if row.permission]
    return [
        (row, role)
        for row in asking
        for role, given in ROLES.items()
        if row.permission not in given
    ]


def names(parameter: Any) -> str:
    """A verb, a state or a role as a part of a test's name."""
    if isinstance(parameter, Transition):
        return parameter.verb
    return str(getattr(parameter, "value", parameter))
