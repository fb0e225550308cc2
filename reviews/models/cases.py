"""Review cases: the items of the supervisor queue."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from coding.models import Service, Suggestion
from coding.models.append_only import EVERY_COLUMN, AppendOnly, Kept, refused_moves
from coding.models.reported import LONGEST_REPORT
from reviews.models.decisions import CodingDecision
from reviews.models.reevaluations import ReevaluationRun
from reviews.models.routing import Priority, RoutingRule


class RouteReason(models.TextChoices):
    """Why a case came into the queue."""

    OTHER_CODE = "other_code", "The coder chose another code or modifiers than the rules"
    CODER_ASKS_PROVIDER = "coder_asks_provider", "The coder wants to ask the provider"
    CODER_ASKS_SUPERVISOR = "coder_asks_supervisor", "The coder asks for a supervisor"
    RULES_ASK_PROVIDER = "rules_ask_provider", "The rules ask for a provider query"
    RULES_ASK_SUPERVISOR = (
        "rules_ask_supervisor",
        "No rule gives a code: the wording or the policy leaves a gap",
    )
    NO_FAMILY_CODE = "no_family_code", "The rules find no code of the family"
    RULE_CHANGE = "rule_change", "A rule version contradicts the final code"
    CORRECTED = "corrected", "The source corrected the encounter after it was coded"
    FACTS_CHANGED = (
        "facts_changed",
        "History or registers give something else than when it was coded",
    )
    AGAINST_NOTE = "against_note", "An answer against the note"
    LINE_CHANGED = "line_changed", "The coder changed or removed a line that no rule set codes"
    MOVED_OUT = "moved_out", "The coder keeps a line that they took out of its rule set"
    NOTHING_REPORTED = "nothing_reported", "The coder reports nothing where the rules give a code"
    UNLISTED_CODE = (
        "unlisted_code",
        "No code list is loaded for the date: the code could not be checked",
    )
    CHECK_OVERRIDDEN = "check_overridden", "The coder overrides a claim check"
    SAMPLED = "sampled", "Sampled, although coder and rules agree"
    NEW_VERSION = "new_version", "Among the first that a new version decided"
    SECOND_CODER = "second_coder", "A second coder, blind, found something else"
    REBUTTED = "rebutted", "The coder objects to the ruling"
    REOPENED = "reopened", "A supervisor reopened the ruling"


class CaseState(models.TextChoices):
    """Where a review case stands. Which verb leads where: ``reviews.transitions``."""

    QUEUED = "queued", "Queued"
    CLAIMED = "claimed", "Claimed"
    RESOLVED = "resolved", "Resolved"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    TAKEN_BACK = "taken_back", "Taken back by the coder"
    RETURNED = "returned", "Returned to the coder"
    CLOSED = "closed", "Closed without a ruling"


# From where to where ``reviews.transitions`` leads; the database knows no verbs.
CASE_MOVES = {
    (CaseState.QUEUED, CaseState.CLAIMED),
    (CaseState.QUEUED, CaseState.RESOLVED),
    (CaseState.QUEUED, CaseState.TAKEN_BACK),
    (CaseState.QUEUED, CaseState.CLOSED),
    (CaseState.CLAIMED, CaseState.QUEUED),
    (CaseState.CLAIMED, CaseState.CLAIMED),
    (CaseState.CLAIMED, CaseState.RESOLVED),
    (CaseState.CLAIMED, CaseState.RETURNED),
    (CaseState.CLAIMED, CaseState.CLOSED),
    (CaseState.RESOLVED, CaseState.ACKNOWLEDGED),
}
OPEN_STATES = (CaseState.QUEUED, CaseState.CLAIMED)
BACK_WITH_CODER = (CaseState.RETURNED, CaseState.TAKEN_BACK)


class Level(models.IntegerChoices):
    """Who judges: the first supervisor, or a second one on the coder's objection."""

    FIRST = 1, "First review"
    REBUTTAL = 2, "Rebuttal"


class CaseCluster(models.Model):
    """Cases of one run with the same old outcome, new outcome and final code; they can be ruled on together."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(ReevaluationRun, on_delete=models.PROTECT, related_name="clusters")
    old = models.CharField(max_length=LONGEST_REPORT)
    new = models.CharField(max_length=LONGEST_REPORT)
    final = models.CharField(max_length=LONGEST_REPORT)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "old", "new", "final"], name="one_cluster_per_change"
            )
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"

    def get_absolute_url(self) -> str:
        """The page on which the whole cluster is read and ruled on."""
        return reverse("cluster", args=[self.public_id])


class ReviewCase(Kept):
    """A disagreement, or an outcome that is not a code, waiting for or having had its ruling.

    ``coder`` is copied from the decision, and ``first_supervisor`` from the ruling objected to, so that the database
    itself can refuse them as holders. ``suggestion`` is what the rules say: at the decision, or by the latest run that
    is among the reasons; null where no rule set judges.
    """

    MAY_CHANGE = (
        "suggestion",
        "state",
        "holder",
        "held_since",
        "reminded_at",
        "priority",
        "due_on",
        "routed_by",
    )
    REFUSED_CHANGE = refused_moves(CASE_MOVES)
    # The copies are held to what they are copied from.
    REFUSED_WHEN = """
        NOT EXISTS (
            SELECT 1 FROM reviews_codingdecision AS decision
            WHERE decision.id = NEW.decision_id AND decision.coder_id = NEW.coder_id
            AND decision.service_id = NEW.service_id
        )
        OR NEW.objects_to_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM reviews_ruling AS ruling
            WHERE ruling.id = NEW.objects_to_id AND ruling.supervisor_id = NEW.first_supervisor_id
        )
    """
    TOLD = EVERY_COLUMN

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="review_cases")
    decision = models.ForeignKey(
        CodingDecision, on_delete=models.PROTECT, related_name="review_cases"
    )
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.FIRST)
    objects_to = models.ForeignKey(
        "reviews.Ruling", on_delete=models.PROTECT, null=True, blank=True, related_name="objections"
    )
    objection = models.TextField(
        blank=True, help_text="Why the coder objects, or why the ruling was reopened."
    )
    reopens = models.OneToOneField(
        "reviews.Ruling",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reopened_as",
    )
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="coded_cases"
    )
    first_supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=20, choices=CaseState, default=CaseState.QUEUED)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="held_cases",
    )
    held_since = models.DateTimeField(null=True, blank=True, help_text="When its holder got it.")
    reminded_at = models.DateTimeField(
        null=True, blank=True, help_text="When its holder was reminded."
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    due_on = models.DateField(null=True, blank=True)
    routed_by = models.ForeignKey(
        RoutingRule,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["opened_at", "id"]
        permissions = [
            ("rule_on_reviewcase", "Can claim review cases and rule on them"),
            ("view_every_reviewcase", "Can see the review cases of every coder"),
            ("return_reviewcase", "Can return a case to its coder"),
            ("reopen_reviewcase", "Can reopen a ruling"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=models.Q(state__in=OPEN_STATES),
                name="one_open_case_per_service",
            ),
            models.UniqueConstraint(
                fields=["objects_to"],
                condition=models.Q(objects_to__isnull=False, reopens__isnull=True)
                & ~models.Q(state__in=BACK_WITH_CODER),
                name="one_rebuttal_per_ruling",
            ),
            models.CheckConstraint(
                condition=~models.Q(holder=models.F("coder")), name="coder_does_not_hold_own_case"
            ),
            models.CheckConstraint(
                condition=~models.Q(holder=models.F("first_supervisor")),
                name="who_ruled_does_not_hold_the_rebuttal",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=CaseState.CLAIMED) | models.Q(holder__isnull=False),
                name="claimed_case_has_a_holder",
            ),
            models.CheckConstraint(
                condition=models.Q(level=Level.FIRST, objects_to__isnull=True)
                | models.Q(
                    level=Level.REBUTTAL, objects_to__isnull=False, first_supervisor__isnull=False
                ),
                name="rebuttal_objects_to_a_ruling",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "opened_at", "id"], name="case_by_state"),
            models.Index(
                # With the rest beside them, a queue that services narrow, or that is free, is read from it alone.
                fields=["priority", "opened_at", "id", "service", "state", "first_supervisor"],
                condition=models.Q(state__in=OPEN_STATES),
                name="open_case_by_urgency",
            ),
            models.Index(
                fields=["due_on", "id"],
                condition=models.Q(state__in=OPEN_STATES),
                name="open_case_by_due_day",
            ),
            models.Index(fields=["opened_at", "id"], name="case_by_age"),
            models.Index(fields=["priority", "opened_at", "id"], name="case_by_priority"),
            models.Index(fields=["coder", "state", "opened_at"], name="case_by_coder"),
            models.Index(fields=["holder", "state", "opened_at"], name="case_by_holder"),
        ]

    def __str__(self) -> str:
        return f"Review case {self.public_id}"

    def get_absolute_url(self) -> str:
        """The page on which the case is read and ruled on."""
        return reverse("case", args=[self.public_id])

    @property
    def is_overdue(self) -> bool:
        """Whether it still waits though its day is over."""
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its ruling."""
        return self.state in OPEN_STATES


class CaseRoute(AppendOnly):
    """One of the reasons why a case is in the queue, with the run or the revision that brought it."""

    TOLD = EVERY_COLUMN

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="routes")
    reason = models.CharField(max_length=30, choices=RouteReason)
    run = models.ForeignKey(
        ReevaluationRun, on_delete=models.PROTECT, null=True, blank=True, related_name="routes"
    )
    cluster = models.ForeignKey(
        CaseCluster, on_delete=models.PROTECT, null=True, blank=True, related_name="routes"
    )
    revision = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reason"],
                condition=models.Q(run__isnull=True, revision__isnull=True),
                name="one_route_per_reason",
            ),
            models.UniqueConstraint(
                fields=["case", "run"],
                condition=models.Q(run__isnull=False),
                name="one_route_per_run",
            ),
            models.UniqueConstraint(
                fields=["case", "revision"],
                condition=models.Q(revision__isnull=False),
                name="one_route_per_revision",
            ),
        ]
        indexes = [models.Index(fields=["reason", "case"], name="route_by_reason")]

    def __str__(self) -> str:
        return self.get_reason_display()
