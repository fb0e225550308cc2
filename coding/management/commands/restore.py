"""``manage.py restore DIR``: fill an empty database from a back-up, and prove that it is what was stored."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding.operation import restore
from coding.operation.postgres_tools import ToolFailed


class Command(BaseCommand):
    """Restores as the role that owns the tables, then counts rows, checks the trail and replays what was decided."""

    help = "Restore a back-up into an empty database and check it; exit status 1 if anything is not as it was stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The back-up."""
        parser.add_argument(
            "directory",
            type=Path,
            metavar="DIR",
            help="the folder of one back-up, with its manifest",
        )
        parser.add_argument(
            "--accept-loss",
            action="store_true",
            help="although the anchor knows of events after the back-up",
        )

    def handle(self, *args: Any, directory: Path, accept_loss: bool, **options: Any) -> None:
        """Restore, check, and say what came of each check."""
        try:
            stored = restore.restore(directory, accept_loss=accept_loss)
        except (restore.Refused, ToolFailed) as refusal:
            raise CommandError(str(refusal)) from None
        faults = restore.differing_rows(stored)
        for fault in faults:
            self.stdout.write(fault)
        self.stdout.write(
            f"rows: {sum(stored.rows.values())} in {len(stored.rows)} tables, made {stored.made_at}"
        )
        failed = [name for name, proves in restore.proofs() if not proves()]
        if faults or failed:
            raise CommandError(
                f"Restored, but not as it was stored: {', '.join(failed) or 'rows differ'}."
            )
        self.stdout.write(
            "Restored as it was stored. Next: migrate, where this version is newer, and grant_application_role."
        )
