"""Say who holds roles that nobody may hold together."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding.accounts import roles_apart


class Command(BaseCommand):
    """The list of the page "Duties", for a job that watches it."""

    help = (
        "Lists the accounts that hold roles which ROLES_APART keeps apart; fails if there are any."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one account a line."""
        holders = list(roles_apart.holders().prefetch_related("groups"))
        for person in holders:
            self.stdout.write(f"{person.get_username()}: {'; '.join(roles_apart.told_of(person))}")
        if holders:
            raise CommandError(
                f"{len(holders)} account(s) hold roles that nobody may hold together."
            )
        self.stdout.write("Nobody holds roles that are to be held apart.")
