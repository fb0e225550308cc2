"""Services that something spoke for and that a coder dismissed."""

from django.conf import settings
from django.db import models

from coding.models import Encounter, RuleSet
from coding.models.append_only import EVERY_COLUMN, AppendOnly


class DismissedService(AppendOnly):
    """That a coder says of a proposed service that it is not there. It is proposed again once more speaks for it.

    ``reasons`` are what spoke for it, in words; ``digest`` tells whether the same speaks for it still.
    """

    TOLD = EVERY_COLUMN

    encounter = models.ForeignKey(
        Encounter, on_delete=models.PROTECT, related_name="dismissed_services"
    )
    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reasons = models.JSONField()
    digest = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    dismissed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["encounter", "rule_set", "digest"], name="one_dismissal_for_its_reasons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set}: dismissed"
