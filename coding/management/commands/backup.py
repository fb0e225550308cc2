"""``manage.py backup DIR``: the database and the anchor of its trail into a new folder, with a manifest."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding.operation import backup, manifest
from coding.operation.postgres_tools import ToolFailed


class Command(BaseCommand):
    """Makes a back-up while Concord runs. It holds patients' data: keep it as you keep the database."""

    help = "Back up the database and the audit trail's anchor into a new folder below DIR."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where."""
        parser.add_argument("directory", type=Path, metavar="DIR")

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        """Make it and name it."""
        if not directory.is_dir():
            raise CommandError(
                f"{directory} is no folder. Make it first, readable by its owner only."
            )
        try:
            folder = backup.back_up(directory)
        except (ToolFailed, OSError) as error:
            raise CommandError(f"No back-up was made. {error}") from None
        stored = manifest.read(folder)
        self.stdout.write(
            f"{folder}: {sum(stored.rows.values())} rows, {stored.events} events of the trail"
        )
