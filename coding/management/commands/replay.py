"""``manage.py replay``: check that every stored suggestion follows again from its facts and rules."""

from typing import Any

from django.core.management.base import BaseCommand

from coding.decision import DecisionError, FactError
from coding.models import Suggestion
from coding.rules import suggesting


class Command(BaseCommand):
    """Decides every stored suggestion again under the document that it was made with."""

    help = "Replay all stored suggestions; exit status 1 if any differs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay and count."""
        same = different = 0
        for suggestion in Suggestion.objects.select_related("profile", "document").iterator(
            chunk_size=500
        ):
            if self.follows(suggestion):
                same += 1
            else:
                different += 1
                self.stdout.write(
                    f"Suggestion {suggestion.pk} ({suggestion}) does not follow from its facts any more."
                )
        self.stdout.write(f"replayed: {same} the same, {different} different")
        if different:
            raise SystemExit(1)

    def follows(self, suggestion: Suggestion) -> bool:
        """Whether the suggestion follows from its facts; from facts that its rules do not know, nothing follows."""
        try:
            return suggesting.replays(suggestion)
        except (DecisionError, FactError):
            return False
