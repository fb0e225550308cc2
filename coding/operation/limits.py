"""How long PostgreSQL lets a statement run, and a transaction idle: not while tables change.

Pages and workers are cut off before they hold others up (settings). A migration of many rows takes longer, and Django
may think between two of its statements for longer than a page may.
"""

from typing import Any

from django.db import connections

LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


def lift_before_migrations(using: str, plan: object = (), **_: Any) -> None:
    """Receiver of ``pre_migrate``: the connection that migrates takes the time that it needs."""
    if plan:
        _each(using, "SET {} = 0")


def set_after_migrations(using: str, **_: Any) -> None:
    """Receiver of ``post_migrate``: what the connection was opened with holds again."""
    _each(using, "RESET {}")


def _each(using: str, statement: str) -> None:
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for limit in LIMITS:
                cursor.execute(statement.format(limit))
