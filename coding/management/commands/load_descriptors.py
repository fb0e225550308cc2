"""``manage.py load_descriptors FILE --valid-from DAY``: load the descriptors of a licence of your own."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding.actions import descriptors as actions
from coding.actions.errors import Conflict
from coding.management.loading import day
from coding.reference.descriptors import LARGEST_FILE
from coding.tables.errors import FileError


class Command(BaseCommand):
    """Loads a release once. What is said of a file never holds a descriptor."""

    help = "Load licensed descriptors (two columns: code, descriptor) into DESCRIPTORS_FOLDER."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and from when it counts."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--valid-from", type=day, required=True, help="the first day, as 2026-01-01"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the file, or say what is wrong with it."""
        try:
            with options["file"].open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
            if len(content) > LARGEST_FILE:
                raise CommandError(f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.")
            release = actions.load(content, options["valid_from"])
        except (OSError, FileError, Conflict) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{release.codes} descriptors loaded, in force from {release.valid_from}."
        )
