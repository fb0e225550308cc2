"""Re-evaluation runs: a version applied to stored decisions."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from coding.models import FactProfile, Job, RuleDocument, RuleSetVersion, Suggestion
from coding.models.append_only import AppendOnly


class ReevaluationRun(models.Model):
    """A version applied to the fact profiles of past coding decisions.

    The run is pinned to the version's document and to the decisions that existed when it began
    (``last_decision``), so that neither an edit nor a new decision changes what it says.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="runs")
    document = models.ForeignKey(RuleDocument, on_delete=models.PROTECT, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="run")
    served_from = models.DateField(null=True, blank=True)
    served_until = models.DateField(null=True, blank=True)
    payer = models.CharField(max_length=120, blank=True)
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    last_decision = models.PositiveBigIntegerField(default=0)
    encounters = models.PositiveIntegerField(default=0)
    profiles = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="runs")
    created_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        permissions = [("apply_reevaluationrun", "Can open review cases for what a run contradicts")]

    def __str__(self) -> str:
        return f"Re-evaluation {self.public_id}"

    def get_absolute_url(self) -> str:
        """The page with the run's progress and what it found."""
        return reverse("run", args=[self.public_id])


class ResultState(models.TextChoices):
    """How a profile ended. Every profile of a finished run has exactly one result."""

    WRITTEN = "written", "Decided"
    SKIPPED = "skipped", "Needs answers that were never given"
    ERROR = "error", "Error"


class ReevaluationResult(AppendOnly):
    """The outcome of one fact profile in one run."""

    run = models.ForeignKey(ReevaluationRun, on_delete=models.PROTECT, related_name="results")
    profile = models.ForeignKey(FactProfile, on_delete=models.PROTECT, related_name="reevaluation_results")
    state = models.CharField(max_length=10, choices=ResultState)
    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "profile"], name="one_result_per_run_and_profile"),
            models.CheckConstraint(
                condition=models.Q(state=ResultState.WRITTEN, suggestion__isnull=False)
                | (~models.Q(state=ResultState.WRITTEN) & models.Q(suggestion__isnull=True)),
                name="written_result_has_a_suggestion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.profile}"
