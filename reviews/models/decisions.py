"""Coding decisions and the final codes that follow from them."""

from typing import Self

from django.conf import settings
from django.db import models

from coding.decision import OutcomeKind
from coding.models import RuleSetVersion, Service, Suggestion
from coding.models.append_only import EVERY_COLUMN, AppendOnly, Kept
from coding.models.reported import Claimed, names_a_code_or_none

# What may stand in the end: a code, or that nothing is reported. A query or a review never does.
ENDS = (OutcomeKind.CODE.value, OutcomeKind.NO_FAMILY_CODE.value)


class Choice(models.TextChoices):
    """What a coder can do with a suggestion, or with a submitted line that no rule set codes."""

    ACCEPT = "accept", "Accept the suggestion"
    KEEP = "keep", "Keep the line as it was submitted"
    OTHER_CODE = "other_code", "Report another code"
    NOTHING = "nothing", "Report nothing"
    PROVIDER_QUERY = "provider_query", "Ask the provider"
    SUPERVISOR_REVIEW = "supervisor_review", "Send to the supervisor"


class CodingDecision(AppendOnly, Claimed):
    """A coder's judgement on a service in one round, with the suggestion that lay before them; never changed.

    The suggestion names the fact profile and the rule document, so the decision can be replayed. Where no rule set
    judges, suggestion, version and agreement are null together, and it counts in no agreement.

    ``service`` and the round's number stand beside the round itself, as decisions are counted in bulk by one join.
    The database refuses a decision in which they differ.
    """

    REFUSED_WHEN = """
        NOT EXISTS (SELECT 1 FROM reviews_codinground WHERE reviews_codinground.id = NEW.coding_round_id
            AND reviews_codinground.service_id = NEW.service_id AND reviews_codinground.number = NEW.round)
    """

    TOLD = EVERY_COLUMN

    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    # Found by the service and the number, which are unique together: an index of its own would serve nobody.
    coding_round = models.ForeignKey(
        "reviews.CodingRound", on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    round = models.PositiveSmallIntegerField(help_text="The coding round, by its number.")
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    version = models.ForeignKey(
        RuleSetVersion, on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    choice = models.CharField(max_length=20, choices=Choice)
    reason = models.TextField(blank=True)
    agrees = models.BooleanField(
        null=True, help_text="Same outcome, code, modifiers and further lines."
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "round"], name="one_decision_per_round"),
            models.CheckConstraint(
                condition=models.Q(choice__in=[Choice.ACCEPT, Choice.KEEP]) | ~models.Q(reason=""),
                name="departing_decision_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    suggestion__isnull=True, version__isnull=True, agrees__isnull=True
                )
                | models.Q(suggestion__isnull=False, version__isnull=False, agrees__isnull=False),
                name="what_no_rule_set_judges_agrees_with_none",
            ),
            names_a_code_or_none("decision"),
        ]
        indexes = [
            models.Index(fields=["suggestion", "id"], name="decision_by_suggestion"),
            models.Index(fields=["code", "id"], name="decision_by_code"),
            models.Index(fields=["version", "coder", "agrees"], name="decision_by_coder"),
            models.Index(
                fields=["id"], condition=models.Q(agrees=False), name="departing_decision"
            ),
        ]


class FinalCodeQuerySet(models.QuerySet["FinalCode"]):
    """Final codes; a service's latest one counts."""

    def current(self) -> Self:
        """The final codes that count now."""
        return self.filter(superseded=False)


class FinalCode(Kept, Claimed):
    """What is reported for a service: a code, or nothing. It rests on a decision or on a ruling.

    Written by ``reviews.actions.standing`` alone. A current one may stand while it is in question.
    """

    # What was superseded once does not count again: another row does.
    MAY_CHANGE = ("superseded",)
    REFUSED_CHANGE = "OLD.superseded AND NOT NEW.superseded"
    # A new one says what the decision or the ruling says on which it rests, about the same service.
    REFUSED_WHEN = """
        NEW.decision_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM reviews_codingdecision AS basis
            WHERE basis.id = NEW.decision_id AND basis.service_id = NEW.service_id
            AND basis.outcome = NEW.outcome AND basis.code = NEW.code AND basis.units = NEW.units
            AND basis.modifiers = NEW.modifiers AND basis.further_lines = NEW.further_lines
            AND basis.diagnosis_codes = NEW.diagnosis_codes
        )
        OR NEW.ruling_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM reviews_ruling AS basis
            JOIN reviews_reviewcase AS reviewed ON reviewed.id = basis.case_id
            WHERE basis.id = NEW.ruling_id AND reviewed.service_id = NEW.service_id
            AND basis.outcome = NEW.outcome AND basis.code = NEW.code AND basis.units = NEW.units
            AND basis.modifiers = NEW.modifiers AND basis.further_lines = NEW.further_lines
            AND basis.diagnosis_codes = NEW.diagnosis_codes
        )
    """
    TOLD = EVERY_COLUMN

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="final_codes")
    decision = models.ForeignKey(
        CodingDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ruling = models.ForeignKey(
        "reviews.Ruling", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    superseded = models.BooleanField(default=False)
    finalised_at = models.DateTimeField(auto_now_add=True)

    objects = FinalCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=models.Q(superseded=False),
                name="one_current_final_code_per_service",
            ),
            models.CheckConstraint(
                condition=models.Q(decision__isnull=True) ^ models.Q(ruling__isnull=True),
                name="final_code_rests_on_a_decision_or_a_ruling",
            ),
            # Before there were provider queries, a ruling could make one "final"; those are superseded.
            models.CheckConstraint(
                condition=models.Q(superseded=True) | models.Q(outcome__in=ENDS),
                name="final_code_is_a_code_or_nothing",
            ),
            names_a_code_or_none("final_code"),
        ]
        # What is seen of one code: the latest of them, read backwards.
        indexes = [models.Index(fields=["code", "id"], name="final_code_by_code")]
