"""What events tell of accounts: what each may do. Roles stand in a table between accounts and roles, not in the row."""

from collections.abc import Iterable, Iterator
from typing import Any

from coding.models import User

LABEL = "coding.user"


def read(keys: Iterable[int] | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Accounts, all or by their ids, each with what it may do now, in the order of their ids."""
    people = User.objects.order_by("pk").prefetch_related("groups", "user_permissions")
    if keys is not None:
        people = people.filter(pk__in=keys)
    for person in people:
        yield person.pk, _told(person)


def may_act(told: dict[str, Any]) -> bool:
    """Whether an account may do more than nothing."""
    return bool(told["is_superuser"] or told["roles"] or told["permissions"])


def _told(person: User) -> dict[str, Any]:
    roles = [role.name for role in person.groups.all()]
    permissions = [permission.codename for permission in person.user_permissions.all()]
    return {
        "username": person.username,
        "is_active": person.is_active,
        "is_staff": person.is_staff,
        "is_superuser": person.is_superuser,
        "roles": sorted(roles),
        "permissions": sorted(permissions),
    }
