"""Make a one-time link at the console, where there is no second administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coding.actions import accounts
from coding.actions.errors import Conflict
from coding.models import User


class Command(BaseCommand):
    """For a house with one administrator, and for the first one. The trail tells that it was done at the console."""

    help = "Ends the password of an account and prints the address at which its person chooses another one."

    def add_arguments(self, parser: CommandParser) -> None:
        """The account, and where Concord is reached."""
        parser.add_argument("username")
        parser.add_argument(
            "--site",
            default="",
            help="Such as https://concord.example.org; printed before the path.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link."""
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"There is no account {options['username']}.")
        try:
            link = accounts.make_link_at_console(person)
        except Conflict as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(options["site"].rstrip("/") + link.path)
