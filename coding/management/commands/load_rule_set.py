"""``manage.py load_rule_set KEY --author NAME``: bring a shipped rule set in as a draft."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from coding import rulesets
from coding.actions import rule_sets as actions
from coding.actions.errors import NotAllowed
from coding.models import RuleSet, User


class Command(BaseCommand):
    """The draft is reviewed and published in the administration, by somebody other than its author."""

    help = "Load a shipped rule set as a draft version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The rule set and whose draft it becomes."""
        parser.add_argument("key")
        parser.add_argument("--author", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Draft it; refused, it leaves nothing behind."""
        try:
            table = rulesets.shipped(options["key"])
            lexicon = rulesets.shipped_lexicon(options["key"]) if rulesets.has_lexicon(options["key"]) else None
            author = User.objects.get(username=options["author"])
            with transaction.atomic():
                rule_set, _ = RuleSet.objects.get_or_create(key=table.key, defaults={"name": table.name})
                version = actions.draft(author, rule_set, table, "The rule set as shipped.", lexicon)
        except User.DoesNotExist:
            raise CommandError(f"There is no account “{options['author']}”. Check --author.") from None
        except (LookupError, NotAllowed, actions.Refused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version} is a draft. Submit it and have it published in the administration.")
