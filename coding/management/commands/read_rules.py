"""``manage.py read_rules FILE``: print what a rule file becomes, as one JSON document."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding.decision import TableError
from coding.exchange.named_files import read_alone


class Command(BaseCommand):
    """Reads the file only; nothing is stored and no database is asked."""

    help = "Print the questions and rules that a rule file becomes, without a database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and what of it."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--json",
            action="store_true",
            help="Print refusals as problems too, instead of failing.",
        )
        parser.add_argument(
            "--decision", default="", help="Of a DMN file: the name or id of the decision."
        )
        parser.add_argument(
            "--output", default="", help="Of a DMN file: the name of the output that is the code."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read and print."""
        path: Path = options["file"]
        document: dict[str, Any] = {"facts": [], "rules": []}
        problems = []
        try:
            file = read_alone(
                path.name, path.read_bytes(), decision=options["decision"], output=options["output"]
            )
            document = file.table.to_document()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        except TableError as error:
            if not options["json"]:
                raise CommandError(str(error)) from None
            problems.append(str(error))
        shown = {"facts": document["facts"], "rules": document["rules"], "problems": problems}
        self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))
