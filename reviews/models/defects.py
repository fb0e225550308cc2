"""Rule defects: what rulings found wrong with a rule, until a version mends it."""

import uuid

from django.conf import settings
from django.db import models

from coding.models import RuleSet, RuleSetVersion
from coding.models.append_only import EVERY_COLUMN, Kept


class DefectState(models.TextChoices):
    """Where a rule defect stands."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class RuleDefect(Kept):
    """A rule that a supervisor found wrong: which one, by which case, and which version mended it.

    A rule of a version has one open defect; further rulings that find the same point to it (``Ruling.defect``).
    ``case`` is the first of their cases. It is closed by the version that mends it, or without one, with a reason.
    """

    MAY_CHANGE = ("state", "closed_by", "closed_at", "closed_by_version", "closing_reason")
    REFUSED_CHANGE = f"OLD.state <> '{DefectState.OPEN.value}'"
    TOLD = EVERY_COLUMN

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="defects")
    version = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="defects")
    rule_id = models.CharField("rule", max_length=20)
    case = models.ForeignKey("reviews.ReviewCase", on_delete=models.PROTECT, related_name="defects")
    reason = models.TextField(help_text="What is wrong with the rule.")
    state = models.CharField(max_length=20, choices=DefectState, default=DefectState.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_version = models.ForeignKey(
        RuleSetVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="closed_defects",
    )
    closing_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        permissions = [("close_ruledefect", "Can close rule defects")]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "rule_id"],
                condition=models.Q(state=DefectState.OPEN),
                name="one_open_defect_per_rule",
            ),
            models.CheckConstraint(
                condition=models.Q(state=DefectState.OPEN, closed_at__isnull=True)
                | models.Q(
                    state=DefectState.CLOSED, closed_at__isnull=False, closed_by__isnull=False
                ),
                name="closed_defect_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state=DefectState.OPEN)
                | models.Q(closed_by_version__isnull=False)
                | ~models.Q(closing_reason=""),
                name="closed_defect_names_its_version_or_says_why",
            ),
        ]
        indexes = [models.Index(fields=["state", "-opened_at", "-id"], name="defect_by_state")]

    def __str__(self) -> str:
        return f"{self.version}, rule {self.rule_id}"
