"""Emptying the database after a test that commits.

Django's ``flush`` empties every table, and the receivers of ``migrate`` then make permissions, roles and guards anew,
which takes longer than most tests. Here the rows that tests write are deleted and what ``migrate`` made stays; where
a test changed that, ``flush`` makes it anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from coding.trail import guards

THROUGH = Group.permissions.through
MADE_BY_MIGRATE = {model._meta.db_table for model in (ContentType, Permission, Group, THROUGH)}
GUARDS_OF_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'concord_%' ORDER BY name"
GUARDS_OF_POSTGRESQL = (
    "SELECT tgname, tgenabled FROM pg_trigger WHERE tgname LIKE 'concord_%' ORDER BY tgname"
)


def made_by_migrate(connection: BaseDatabaseWrapper) -> tuple[object, ...]:
    """The guards, and the permissions with the roles that have them."""
    roles = THROUGH.objects.order_by("group_id", "permission_id").values_list(
        "group__name", "permission__codename"
    )
    groups = Group.objects.order_by("pk").values_list("pk", "name")
    permissions = Permission.objects.order_by("pk").values_list(
        "pk", "codename", "content_type__model"
    )
    return _guards(connection), list(roles), list(groups), list(permissions)


def _guards(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(GUARDS_OF_SQLITE if connection.vendor == "sqlite" else GUARDS_OF_POSTGRESQL)
        return list(cursor.fetchall())


def empty(connection: BaseDatabaseWrapper) -> None:
    """Delete the rows of all tables but those that ``migrate`` fills; the guards are there again afterwards."""
    there = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted(set(there) - MADE_BY_MIGRATE)
    with _unguarded(connection), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


@contextmanager
def _unguarded(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """A transaction in which neither guards nor foreign keys are asked."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
        return
    created = _guards(connection)
    with (
        connection.constraint_checks_disabled(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        guards.lift(connection)
        yield
        for _, statement in created:
            cursor.execute(statement)
