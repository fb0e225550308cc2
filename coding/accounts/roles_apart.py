"""Roles that nobody holds together (``ROLES_APART``): refused where roles are given, and found where they are held."""

from collections.abc import Collection, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core import checks
from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet

from coding.models import User


def held_together(roles: Collection[str]) -> list[tuple[str, str]]:
    """The forbidden pairs among some roles."""
    return [
        (first, second)
        for first, second in settings.ROLES_APART
        if first in roles and second in roles
    ]


def in_words(pair: tuple[str, str]) -> str:
    """Why two roles are not given together."""
    first, second = pair
    return f"Nobody is {first} and {second} at once. Give one of the two to somebody else."


def holders() -> QuerySet[User]:
    """The people who may sign in and hold a forbidden pair."""
    held = Q(pk__in=[])
    for pair in settings.ROLES_APART:
        held |= _holds_both(*pair)
    return User.objects.filter(held, is_active=True).order_by("username")


def _holds_both(first: str, second: str) -> Q:
    return Q(_holds(first)) & Q(_holds(second))


def _holds(role: str) -> Exists:
    return Exists(User.groups.through.objects.filter(user=OuterRef("pk"), group__name=role))


def told_of(person: User) -> list[str]:
    """The pairs that a person holds, in words."""
    roles = {group.name for group in person.groups.all()}
    return [f"{first} and {second}" for first, second in held_together(roles)]


def check_duties(databases: Collection[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """A check of Django's, for ``manage.py check --database default`` and ``migrate``.

    It warns of who holds a forbidden pair, and of names in the settings that are no role. ``migrate`` asks it before
    tables are as the models say, so it reads no more of them than it needs.
    """
    tables = {User._meta.db_table, Group._meta.db_table}
    if not databases or not tables <= set(connections["default"].introspection.table_names()):
        return []
    roles = set(Group.objects.values_list("name", flat=True))
    return [*_warnings_of_holders(), *(_warnings_of_names(roles) if roles else [])]


def _warnings_of_holders() -> Iterator[checks.CheckMessage]:
    hint = "Take one of the roles away in the administration, or change ROLES_APART."
    for first, second in settings.ROLES_APART:
        holding = User.objects.filter(_holds_both(first, second), is_active=True).order_by(
            "username"
        )
        for name in holding.values_list("username", flat=True):
            yield checks.Warning(f"{name} is {first} and {second}.", hint=hint, id="concord.W001")


def _warnings_of_names(roles: Collection[str]) -> Iterator[checks.CheckMessage]:
    named = {*settings.ROLES_BY_TWO, *(role for pair in settings.ROLES_APART for role in pair)}
    for name in sorted(named - set(roles)):
        yield checks.Warning(
            f"“{name}” in ROLES_BY_TWO or ROLES_APART is no role.", id="concord.W002"
        )
