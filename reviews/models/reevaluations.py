"""Re-evaluation runs: a version applied to stored services, and what it changes."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from coding.models import Job, RuleDocument, RuleSetVersion, ServiceState, Suggestion
from coding.models.append_only import AppendOnly
from coding.models.reported import LONGEST_REPORT


class RunMode(models.TextChoices):
    """What becomes of a run's result."""

    DRY_RUN = "dry_run", "Dry run: show what changes"
    APPLY = "apply", "Apply: open review cases for contradicted final codes"


class ReevaluationRun(models.Model):
    """A version applied to the fact profiles of the services that have a suggestion.

    It is pinned to the version's document and to the services that were there when it was planned
    (``last_service``), so that neither an edit nor a new service changes what it says. The plan counts the
    services of each suggestion; ``job`` decides the suggestions' profiles; ``apply_job`` opens review cases.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="runs")
    document = models.ForeignKey(RuleDocument, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=RunMode, default=RunMode.DRY_RUN)
    served_from = models.DateField(null=True, blank=True)
    served_until = models.DateField(null=True, blank=True)
    payer = models.CharField(max_length=120, blank=True)
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    code = models.CharField(max_length=5, blank=True)
    state = models.CharField(max_length=20, choices=ServiceState, blank=True)
    last_service = models.PositiveBigIntegerField(default=0)
    services = models.PositiveIntegerField(default=0)
    profiles = models.PositiveIntegerField(default=0)
    contradicted = models.PositiveIntegerField(
        default=0, help_text="Final codes that the new outcome contradicts."
    )
    overturned = models.PositiveIntegerField(
        default=0, help_text="Those of them that a supervisor ruled."
    )
    plan_job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="planned_run")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, related_name="run")
    apply_job = models.OneToOneField(
        Job, on_delete=models.PROTECT, null=True, related_name="applied_run"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="runs"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        permissions = [
            ("apply_reevaluationrun", "Can open review cases for what a run contradicts"),
            ("export_reevaluationrun", "Can see and export the services that a run changes"),
        ]

    def __str__(self) -> str:
        return f"Re-evaluation {self.public_id}"

    def get_absolute_url(self) -> str:
        """The page with the run's progress and what it found."""
        return reverse("run", args=[self.public_id])

    @property
    def scope(self) -> tuple[object, ...]:
        """The filter: two runs with the same one looked at the same kind of services."""
        return (
            self.served_from,
            self.served_until,
            self.payer,
            self.coder_id,
            self.code,
            self.state,
        )

    @property
    def current_job(self) -> Job:
        """The job that stands for the run: its planning until the plan is made."""
        return self.job or self.plan_job


class Ending(models.TextChoices):
    """How a profile ended in a run, beside its old outcome."""

    SAME = "same", "Same outcome"
    OTHER = "other", "Other outcome"
    UNANSWERED = "unanswered", "Needs answers that were never given"
    ERROR = "error", "Error"


class RunChange(AppendOnly):
    """A suggestion whose profile does not keep its outcome in a run. Whatever has no such row kept it."""

    run = models.ForeignKey(ReevaluationRun, on_delete=models.PROTECT, related_name="changes")
    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, related_name="run_changes")
    ending = models.CharField(max_length=10, choices=Ending)
    new_report = models.CharField(max_length=LONGEST_REPORT, blank=True)
    new_code = models.CharField(max_length=5, blank=True)
    new_rule = models.CharField(max_length=20, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    services = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "suggestion"], name="one_change_per_run_and_suggestion"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.suggestion_id}"


class RunPart(AppendOnly):
    """What one chunk of a run found, written with its changes in one transaction.

    ``endings`` holds a packed number for each suggestion of the chunk's plan, in its order: the place of how it
    ended among ``cells``. Each cell is ``[old report, new report, ending, profiles, services]``.
    """

    run = models.ForeignKey(ReevaluationRun, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    endings = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_part_per_chunk")]

    def __str__(self) -> str:
        return f"{self.run} part {self.number}"


class RunCell(AppendOnly):
    """A field of a finished run's matrix: from one outcome to another, with counts and gross relative values.

    The values are the sums over the services whose value rises, and over those whose value falls, in relative
    value units of the fee schedule in force on each date of service; ``unvalued`` services had none loaded.
    """

    run = models.ForeignKey(ReevaluationRun, on_delete=models.PROTECT, related_name="cells")
    old = models.CharField(max_length=LONGEST_REPORT)
    new = models.CharField(max_length=LONGEST_REPORT, blank=True)
    ending = models.CharField(max_length=10, choices=Ending)
    profiles = models.PositiveIntegerField()
    services = models.PositiveIntegerField()
    work_up = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    work_down = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    total_up = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    total_down = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    unvalued = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "old", "new", "ending"], name="one_cell_per_change"
            )
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"

    @property
    def is_valued(self) -> bool:
        """Whether values are loaded for some of its services; only what gets another outcome has any."""
        return self.ending == Ending.OTHER and self.unvalued < self.services


class RunAgreement(AppendOnly):
    """How often a coder agreed with the rules, before and after: decisions in the run's scope."""

    run = models.ForeignKey(ReevaluationRun, on_delete=models.PROTECT, related_name="agreements")
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decisions = models.PositiveIntegerField()
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "coder"], name="one_agreement_per_run_and_coder")
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.coder}"
