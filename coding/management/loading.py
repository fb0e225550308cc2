"""What the commands that load a table of claims have in common."""

from argparse import ArgumentParser, ArgumentTypeError
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from coding.actions import claim_tables
from coding.actions.claim_tables import TableFile
from coding.actions.errors import Conflict
from coding.models import Program, TableKind
from coding.reference.fee_rows import read_day
from coding.tables.errors import FileError


class LoadTable(BaseCommand):
    """Loads the files of a release once; a second run changes nothing. All files are loaded, or none."""

    table: ClassVar[TableKind]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files, and what their names do not say."""
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument(
            "--valid-from", type=day, help="the first day, where another counts than names tell"
        )
        parser.add_argument(
            "--program", choices=Program.values, default=Program.MEDICARE, help="whose table it is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the files, or say what is wrong with them."""
        try:
            with ExitStack() as stack:
                files = [
                    TableFile(path.name, stack.enter_context(path.open("rb")))
                    for path in options["files"]
                ]
                program = Program(options["program"])
                parts = claim_tables.load(None, self.table, files, options["valid_from"], program)
        except (OSError, FileError, Conflict) as error:
            raise CommandError(str(error)) from error
        for part in parts:
            ended = f", {part.left_out} that had ended left out" if part.left_out else ""
            self.stdout.write(
                f"{part.file_name}: {part.rows} rows loaded into {part.release}{ended}."
            )
        for before in dict.fromkeys(
            filter(None, (claim_tables.rows_before(part.release) for part in parts))
        ):
            self.stdout.write(before)
        if not parts:
            self.stdout.write("Everything in it is loaded already.")


def day(text: str) -> date:
    """A day as an argument. Raises ArgumentTypeError."""
    read = read_day(text)
    if read is None:
        raise ArgumentTypeError(f"“{text}” is no date. Write it as 2024-07-01.")
    return read
