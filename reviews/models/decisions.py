"""Coding decisions and the final codes that follow from them."""

from typing import Self

from django.conf import settings
from django.db import models

from coding.models import Encounter, RuleSetVersion, Suggestion
from coding.models.append_only import AppendOnly
from coding.models.reported import Reported


class Choice(models.TextChoices):
    """What a coder can do with a suggestion."""

    ACCEPT = "accept", "Accept the suggestion"
    OTHER_CODE = "other_code", "Report another code"
    PROVIDER_QUERY = "provider_query", "Ask the provider"
    SUPERVISOR_REVIEW = "supervisor_review", "Send to the supervisor"


class CodingDecision(AppendOnly, Reported):
    """A coder's judgement on one encounter, with the suggestion that lay before them. Appended, never changed.

    The suggestion names the fact profile and the rule document, so the decision can be replayed.
    """

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="decisions")
    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, related_name="decisions")
    version = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="decisions")
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    choice = models.CharField(max_length=20, choices=Choice)
    reason = models.TextField(blank=True)
    agrees = models.BooleanField(help_text="Same outcome, code and modifiers as the suggestion.")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # A second decision on the same encounter would be a second answer to the same question.
            models.UniqueConstraint(fields=["encounter"], name="one_decision_per_encounter"),
            models.CheckConstraint(
                condition=models.Q(choice=Choice.ACCEPT) | ~models.Q(reason=""), name="departing_decision_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["suggestion", "id"], name="decision_by_suggestion"),
            models.Index(fields=["version", "coder", "agrees"], name="decision_by_coder"),
        ]


class FinalCodeQuerySet(models.QuerySet["FinalCode"]):
    """Final codes; an encounter's latest one counts."""

    def current(self) -> Self:
        """The final codes that count now."""
        return self.filter(superseded=False)


class FinalCode(Reported):
    """What is reported for an encounter in the end, by an agreeing decision or by a ruling."""

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="final_codes")
    decision = models.ForeignKey(CodingDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ruling = models.ForeignKey("reviews.Ruling", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    superseded = models.BooleanField(default=False)
    finalised_at = models.DateTimeField(auto_now_add=True)

    objects = FinalCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["encounter"], condition=models.Q(superseded=False), name="one_current_final_code_per_encounter"
            ),
            models.CheckConstraint(
                condition=models.Q(decision__isnull=True) ^ models.Q(ruling__isnull=True),
                name="final_code_rests_on_a_decision_or_a_ruling",
            ),
        ]
