"""Roles that nobody holds together (``ROLES_APART``): refused where roles are given, and found where they are held."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet

from coding.models import User


def held_together(roles: Collection[str]) -> list[tuple[str, str]]:
    """The forbidden pairs among some roles."""
    return [(first, second) for first, second in settings.ROLES_APART if first in roles and second in roles]


def in_words(pair: tuple[str, str]) -> str:
    """Why two roles are not given together."""
    first, second = pair
    return f"Nobody is {first} and {second} at once. Give one of the two to somebody else."


def holders() -> QuerySet[User]:
    """The people who may sign in and hold a forbidden pair."""
    pairs = Q(pk__in=[])
    for first, second in settings.ROLES_APART:
        pairs |= Q(_holds(first)) & Q(_holds(second))
    return User.objects.filter(pairs, is_active=True).order_by("username")


def _holds(role: str) -> Exists:
    return Exists(User.groups.through.objects.filter(user=OuterRef("pk"), group__name=role))


def told_of(person: User) -> list[str]:
    """The pairs that a person holds, in words."""
    roles = {group.name for group in person.groups.all()}
    return [f"{first} and {second}" for first, second in held_together(roles)]


def check_holders(databases: Collection[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """A check of Django's, for ``manage.py check --database default`` and ``migrate``: who holds a forbidden pair."""
    if not databases or User._meta.db_table not in connections["default"].introspection.table_names():
        return []
    hint = "Take one of the roles away in the administration, or change ROLES_APART."
    return [
        checks.Warning(f"{person.get_username()} is {', '.join(told_of(person))}.", hint=hint, id="concord.W001")
        for person in holders().prefetch_related("groups")
    ]
