"""Shadow versions: what a version that does not decide would have made of each new decision."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from coding.models import RuleDocument, RuleSetVersion
from coding.models.append_only import AppendOnly
from coding.models.reported import LONGEST_REPORT
from reviews.models.decisions import CodingDecision


class ShadowWatch(models.Model):
    """A time in which every new decision is also evaluated under a version, pinned to its document."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(
        RuleSetVersion, on_delete=models.PROTECT, related_name="shadow_watches"
    )
    document = models.ForeignKey(RuleDocument, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_watch_per_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} as shadow"

    def get_absolute_url(self) -> str:
        """The page with what differed."""
        return reverse("shadow", args=[self.public_id])


class ShadowResult(AppendOnly):
    """What the shadow version made of one decision's facts; ``problem`` where it made nothing of them."""

    watch = models.ForeignKey(ShadowWatch, on_delete=models.PROTECT, related_name="results")
    decision = models.ForeignKey(
        CodingDecision, on_delete=models.PROTECT, related_name="shadow_results"
    )
    reported = models.CharField(max_length=LONGEST_REPORT, blank=True)
    rule_id = models.CharField(max_length=20, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    differs = models.BooleanField(help_text="From the suggestion that the coder saw.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["watch", "decision"], name="one_shadow_result_per_decision"
            ),
        ]
        indexes = [models.Index(fields=["watch", "differs", "id"], name="shadow_by_difference")]

    def __str__(self) -> str:
        return self.reported or self.problem
