"""What coders answer to the checks of a claim: proposals that they take or leave, findings that they override."""

from typing import Any

from django.conf import settings
from django.db import models

from coding.claim import LineContent, TakenProposal
from coding.models import Encounter, Service
from coding.models.append_only import EVERY_COLUMN, AppendOnly
from reviews.models.cases import ReviewCase


class ClaimAnswer(AppendOnly):
    """An answer to what a check said of some lines. It counts while they say the same: see ``lines``.

    ``key`` names the check, the row of the table and the lines' content in short (``reviews.claims.step.key_of``);
    ``lines`` are ``LineContent.to_data()``, the line to be changed first.
    """

    TOLD = EVERY_COLUMN

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="%(class)ss")
    key = models.CharField(max_length=64)
    check_id = models.CharField("check", max_length=20)
    message = models.TextField(help_text="The words in which the coder read it.")
    rests_on = models.CharField(max_length=300, blank=True, help_text="Table, release and row.")
    lines = models.JSONField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["id"]

    @property
    def line_contents(self) -> tuple[LineContent, ...]:
        """The lines as they were."""
        rows: list[dict[str, Any]] = self.lines
        return tuple(LineContent.from_data(row) for row in rows)


class ProposalAnswer(ClaimAnswer):
    """That a coder takes a proposal over into the report, or leaves it. The latest answer to it counts."""

    modifier = models.CharField(
        max_length=2, blank=True, help_text="Empty: the lines are put in order."
    )
    joins = models.BooleanField(
        default=False, help_text="The first line stands for all, with one unit."
    )
    taken = models.BooleanField()

    class Meta(ClaimAnswer.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.check_id}: {'taken' if self.taken else 'left'}"

    @property
    def as_taken(self) -> TakenProposal:
        """As the claim takes it over."""
        return TakenProposal(self.modifier, self.line_contents, self.joins)


class FindingOverride(ClaimAnswer):
    """That a coder reports lines against a finding, and why. A supervisor rules on it, in its case."""

    severity = models.CharField(max_length=10)
    reason = models.TextField()
    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="overrides")

    class Meta(ClaimAnswer.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["encounter", "key"], name="one_override_for_a_finding"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.check_id}: overridden"


class NamedService(AppendOnly):
    """A service whose line an overridden finding names: who coded it does not judge the override."""

    TOLD = EVERY_COLUMN

    override = models.ForeignKey(FindingOverride, on_delete=models.PROTECT, related_name="named")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["override", "service"], name="a_service_is_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.service} in {self.override}"
