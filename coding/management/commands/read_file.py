"""``manage.py read_file FILE``: print what a reader makes of a file of encounters, as one JSON document."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from coding.intake.as_document import document_of


class Command(BaseCommand):
    """Reads the file only; nothing is stored and no database is asked."""

    help = "Print what a reader makes of a file of encounters as JSON, without a database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read and print."""
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                document = document_of(file, path.name, timezone.localdate())
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
