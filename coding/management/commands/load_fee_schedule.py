"""``manage.py load_fee_schedule FILE [--valid-from DATE] [--name NAME]``: load releases of the fee schedule."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding.actions import fee_schedules as actions
from coding.actions.errors import Conflict
from coding.management.loading import day
from coding.reference.fee_columns import LONGEST_NAME
from coding.reference.fee_file import LARGEST_FILE
from coding.tables.errors import FileError


class Command(BaseCommand):
    """Loads each release once; a second run changes nothing."""

    help = "Load a CMS Physician Fee Schedule RVU file (CSV with a header line)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and what it does not say itself."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--valid-from", type=day, help="from when a file without dates is valid, as 2024-07-01"
        )
        parser.add_argument(
            "--name", type=_name, default="", help="what to call the release of a file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the file, or say everything that is wrong with it."""
        try:
            with options["file"].open("rb") as file:
                # One byte more tells that the file is too large, without reading all of it.
                data = file.read(LARGEST_FILE + 1)
            loaded = actions.load(
                None, data, options["valid_from"], options["name"], options["file"].name
            )
        except (OSError, FileError, Conflict) as error:
            raise CommandError(str(error)) from error
        for release in loaded:
            self.stdout.write(f"Loaded {release.values.count()} values: {release}.")
        if not loaded:
            self.stdout.write("Everything in the file is loaded already.")


def _name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise ArgumentTypeError(f"the name is longer than {LONGEST_NAME} characters.")
    return text
