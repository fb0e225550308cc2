"""What a suggestion, a decision, a ruling and a final code have in common: what is, or is not, reported."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from coding.decision import OutcomeKind

OUTCOMES = [(kind.value, kind.value.replace("_", " ").capitalize()) for kind in OutcomeKind]


def in_short(outcome: str, code: str, modifiers: Iterable[str]) -> str:
    """The whole report in one word, such as ``27256-LT`` or ``provider_query``: equal if and only if it is the same."""
    return "-".join([code or outcome, *sorted(modifiers)])


class Reported(models.Model):
    """An outcome; for a code with its modifiers. ``reported`` lets the database compare them."""

    outcome = models.CharField(max_length=20, choices=OUTCOMES)
    code = models.CharField(max_length=5, blank=True)
    modifiers = models.JSONField(default=list)
    reported = models.CharField(max_length=60, editable=False)

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.reported and "reported" not in self.get_deferred_fields():
            self.reported = in_short(self.outcome, self.code, self.modifiers)

    def __str__(self) -> str:
        return self.reported
