"""Review cases: the items of the supervisor queue."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from coding.models import Encounter, Suggestion
from coding.models.append_only import AppendOnly
from reviews.models.decisions import CodingDecision
from reviews.models.reevaluations import ReevaluationRun
from reviews.transitions import OPEN_STATES, CaseState


class RouteReason(models.TextChoices):
    """Why a case came into the queue."""

    OTHER_CODE = "other_code", "The coder chose another code or modifiers than the rules"
    CODER_ASKS_PROVIDER = "coder_asks_provider", "The coder wants to ask the provider"
    CODER_ASKS_SUPERVISOR = "coder_asks_supervisor", "The coder asks for a supervisor"
    RULES_ASK_PROVIDER = "rules_ask_provider", "The rules ask for a provider query"
    RULES_ASK_SUPERVISOR = "rules_ask_supervisor", "No rule gives a code: the wording or the policy leaves a gap"
    NO_FAMILY_CODE = "no_family_code", "The rules find no code of the family"
    RULE_CHANGE = "rule_change", "A rule version contradicts the final code"
    CORRECTED = "corrected", "The source corrected the encounter after it was coded"


class CaseCluster(models.Model):
    """Cases of one run with the same old outcome, new outcome and final code; they can be ruled on together."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(ReevaluationRun, on_delete=models.PROTECT, related_name="clusters")
    old = models.CharField(max_length=60)
    new = models.CharField(max_length=60)
    final = models.CharField(max_length=60)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["run", "old", "new", "final"], name="one_cluster_per_change")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"

    def get_absolute_url(self) -> str:
        """The page on which the whole cluster is read and ruled on."""
        return reverse("cluster", args=[self.public_id])


class ReviewCase(models.Model):
    """A disagreement, or an outcome that is not a code, waiting for or having had its ruling.

    ``coder`` is copied from the decision so that the database itself can refuse the coder as holder.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="review_cases")
    decision = models.ForeignKey(CodingDecision, on_delete=models.PROTECT, related_name="review_cases")
    suggestion = models.ForeignKey(
        Suggestion,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What the rules say: at the decision, or in the run that opened the case.",
    )
    run = models.ForeignKey(
        ReevaluationRun, on_delete=models.PROTECT, null=True, blank=True, related_name="review_cases"
    )
    cluster = models.ForeignKey(CaseCluster, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="coded_cases")
    state = models.CharField(
        max_length=20,
        choices=[(state.value, state.value.capitalize()) for state in CaseState],
        default=CaseState.QUEUED,
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="held_cases"
    )
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["opened_at", "id"]
        permissions = [
            ("rule_on_reviewcase", "Can claim review cases and rule on them"),
            ("view_every_reviewcase", "Can see the review cases of every coder"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["encounter"],
                condition=models.Q(state__in=[state.value for state in OPEN_STATES]),
                name="one_open_case_per_encounter",
            ),
            models.UniqueConstraint(
                fields=["run", "encounter"],
                condition=models.Q(run__isnull=False),
                name="one_case_per_run_and_encounter",
            ),
            models.CheckConstraint(condition=~models.Q(holder=models.F("coder")), name="coder_does_not_hold_own_case"),
            models.CheckConstraint(
                condition=~models.Q(state=CaseState.CLAIMED) | models.Q(holder__isnull=False),
                name="claimed_case_has_a_holder",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "opened_at", "id"], name="case_by_state"),
            models.Index(fields=["coder", "state", "opened_at"], name="case_by_coder"),
            models.Index(fields=["holder", "state", "opened_at"], name="case_by_holder"),
        ]

    def __str__(self) -> str:
        return f"Review case {self.public_id}"

    def get_absolute_url(self) -> str:
        """The page on which the case is read and ruled on."""
        return reverse("case", args=[self.public_id])


class CaseRoute(AppendOnly):
    """One of the reasons why a case is in the queue."""

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="routes")
    reason = models.CharField(max_length=30, choices=RouteReason)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "reason"], name="one_route_per_reason")]
        indexes = [models.Index(fields=["reason", "case"], name="route_by_reason")]

    def __str__(self) -> str:
        return self.get_reason_display()
