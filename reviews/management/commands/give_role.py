"""Give a role at the console, where there is no second administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coding.actions import accounts
from coding.actions.errors import Conflict
from coding.models import User
from reviews.roles import ROLES, STAFF_ROLES


class Command(BaseCommand):
    """For a house with one administrator, and for the first one. The trail tells that it was done at the console."""

    help = (
        "Gives an account a role, and lets it into the administration where the role works there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and which role."""
        parser.add_argument("username")
        parser.add_argument("role", choices=sorted(ROLES))

    def handle(self, *args: Any, **options: Any) -> None:
        """Give it, unless another role of the person watches it."""
        role = options["role"]
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"There is no account {options['username']}.")
        try:
            accounts.give_role_at_console(person, role, staff=role in STAFF_ROLES)
        except Conflict as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person.name} is {role} now.")
