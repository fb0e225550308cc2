"""``manage.py load_breached_passwords FILE [--at-least N]``: refuse passwords that were stolen elsewhere."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding.actions import breached_passwords
from coding.tables.errors import FileError


class Command(BaseCommand):
    """Loads a list; a second run changes nothing that people meet."""

    help = "Load a list of SHA-1 hashes of stolen passwords, one a line, each with “:” and a count if there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and how much of it."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--at-least",
            type=_count,
            default=1,
            help="take only passwords that were stolen this often or more",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it line by line, however long it is."""
        path: Path = options["file"]
        try:
            with path.open("rb") as lines:
                loaded = breached_passwords.load(lines, path.name, options["at_least"])
        except (OSError, FileError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Loaded {loaded.passwords} stolen passwords. Nobody takes one of them from now on."
        )


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**31:
        raise ArgumentTypeError(f"“{text}” is no count. Write a number from 1 on, such as 100.")
    return int(text)
