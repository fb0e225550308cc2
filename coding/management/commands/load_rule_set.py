"""``manage.py load_rule_set KEY-OR-PATH --author NAME``: bring a rule set in as a draft."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding import rulesets
from coding.actions import rule_sets as actions
from coding.actions.errors import NotAllowed
from coding.actions.version_gate import Refused
from coding.decision import TableError
from coding.evidence import LexiconError
from coding.models import User
from coding.rules.folders import read
from coding.tables.errors import FileError


class Command(BaseCommand):
    """The draft is reviewed and published in the administration, by somebody other than its author."""

    help = "Load a rule set as a draft version: a shipped one by its key, or a file or folder of your own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The rule set and whose draft it becomes."""
        parser.add_argument(
            "rule_set", help="a key such as hip-dislocation, or the path of a file or folder"
        )
        parser.add_argument("--author", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Draft it; refused, it leaves nothing behind."""
        try:
            author = User.objects.get(username=options["author"])
            path, note = rulesets.path_of(options["rule_set"])
            content = read(path)
            version = actions.bring_in(author, content.table, note, content.lexicon, content.cases)
        except User.DoesNotExist:
            raise CommandError(
                f"There is no account “{options['author']}”. Check --author."
            ) from None
        except (
            LookupError,
            OSError,
            TableError,
            LexiconError,
            FileError,
            NotAllowed,
            Refused,
        ) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{version} is a draft. Submit it and have it published in the administration."
        )
