"""There is no way back over a migration: most that can be undone drop tables and columns, with what stands in them."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError
from django.db.migrations import Migration

REFUSED = "There is no way back over a migration: it would lose rows. Restore the back-up that you took before."


def refuse_before_migrations(plan: Sequence[tuple[Migration, bool]] = (), **_: Any) -> None:
    """Receiver of ``pre_migrate``, the first: nothing was changed or lifted yet.

    ``plan`` holds each migration with whether it is to be undone. Raises CommandError if one is.
    """
    if any(is_undone for _, is_undone in plan):
        raise CommandError(REFUSED)
