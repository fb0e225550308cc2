"""``manage.py receive_upload FILE``: take in a file that is too large for the browser."""

import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding.actions import uploads
from coding.actions.errors import NotAllowed
from coding.intake.formats import HEAD_BYTES, detect
from coding.models import RuleSet, User
from coding.models.encounters import TYPED
from coding.tables.errors import FileError
from coding.work.stored_bytes import PART_BYTES

# As the upload form wants it.
SOURCE = re.compile(r"[-a-zA-Z0-9_]{1,60}")


class Command(BaseCommand):
    """Stores a file as the upload page would; its dry run and its import go on there."""

    help = "Take in a file of encounters of any size. Its dry run is shown on the upload's page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, where it comes from, and who takes it in."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--source", required=True, help="the sending system, always the same for one system"
        )
        parser.add_argument(
            "--rule-set", help="the key of the one family that opens, if not those of the codes"
        )
        parser.add_argument("--user", required=True, help="who takes it in: a coder's user name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Store the file and print where to go on."""
        if not SOURCE.fullmatch(options["source"]):
            raise CommandError("--source has letters, digits, - and _ only, 60 at most.")
        if options["source"] == TYPED:
            raise CommandError(uploads.TYPED_SOURCE)
        try:
            actor = User.objects.get(username=options["user"])
            only = RuleSet.objects.get(key=options["rule_set"]) if options["rule_set"] else None
            with options["file"].open("rb") as file:
                key = detect(file.read(HEAD_BYTES), options["file"].name)
                file.seek(0)
                chunks: Iterator[bytes] = iter(lambda: file.read(PART_BYTES), b"")
                upload = uploads.receive(
                    actor, chunks, key, options["source"], only, options["file"].name
                )
        except (User.DoesNotExist, RuleSet.DoesNotExist) as error:
            raise CommandError(f"{error} Check --user and --rule-set.") from None
        except (OSError, FileError, NotAllowed) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Received {upload.size:,} bytes. Go on at {upload.get_absolute_url()}")
