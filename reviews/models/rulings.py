"""Rulings: how supervisors adjudicate review cases."""

from django.conf import settings
from django.db import models

from coding.models.append_only import EVERY_COLUMN, AppendOnly
from coding.models.reported import Claimed, names_a_code_or_none
from reviews.models.cases import ReviewCase
from reviews.models.defects import RuleDefect


class RulingKind(models.TextChoices):
    """What a supervisor finds."""

    CODER_UPHELD = "coder_upheld", "Coder upheld"
    RULES_UPHELD = "rules_upheld", "Rules upheld"
    OTHER_CODE = "other_code", "Other code"
    NEITHER = "neither", "Neither: nothing is reported"
    PROVIDER_QUERY = "provider_query", "Provider query"
    RULE_DEFECT = "rule_defect", "Rule defect"


class Severity(models.TextChoices):
    """How much an error weighs."""

    MINOR = "minor", "Minor"
    MATERIAL = "material", "Material"


class Cause(models.TextChoices):
    """Where an error came from."""

    KNOWLEDGE = "knowledge", "Knowledge gap"
    OVERSIGHT = "oversight", "Oversight"
    DOCUMENTATION = "documentation", "Documentation"
    QUESTION = "question", "Wording of a question"
    RULE = "rule", "Rule"
    LATE_DOCUMENT = "late_document", "Late document"


class Ruling(AppendOnly, Claimed):
    """A supervisor's adjudication of a case. Appended, never changed.

    ``coder`` is copied from the case: nobody rules on what they coded, and the database holds it.
    """

    # ``coder`` is a copy: the database reads the decision, who decided on the service in any round or coded it blind,
    # and to whose ruling the coder objects.
    REFUSED_WHEN = """
        NEW.coder_id <> (
            SELECT decision.coder_id FROM reviews_reviewcase AS reviewed
            JOIN reviews_codingdecision AS decision ON decision.id = reviewed.decision_id
            WHERE reviewed.id = NEW.case_id
        )
        OR NEW.supervisor_id IN (
            SELECT decision.coder_id FROM reviews_reviewcase AS reviewed
            JOIN reviews_codingdecision AS decision ON decision.service_id = reviewed.service_id
            WHERE reviewed.id = NEW.case_id
        )
        OR EXISTS (
            SELECT 1 FROM reviews_reviewcase AS reviewed
            JOIN reviews_secondcoding AS second ON second.service_id = reviewed.service_id
            WHERE reviewed.id = NEW.case_id AND second.coder_id = NEW.supervisor_id AND NOT second.is_supervisor
        )
        OR NEW.supervisor_id = (
            SELECT reviewed.first_supervisor_id FROM reviews_reviewcase AS reviewed WHERE reviewed.id = NEW.case_id
        )
    """
    TOLD = EVERY_COLUMN

    case = models.OneToOneField(ReviewCase, on_delete=models.PROTECT, related_name="ruling")
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rulings"
    )
    coder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=RulingKind)
    reason = models.TextField()
    severity = models.CharField(max_length=20, choices=Severity, blank=True)
    cause = models.CharField(max_length=20, choices=Cause, blank=True)
    note = models.TextField(blank=True, help_text="To the coder, beside the reason.")
    defect = models.ForeignKey(
        RuleDefect, on_delete=models.PROTECT, null=True, blank=True, related_name="rulings"
    )
    revision = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The encounter's, then."
    )
    ruled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(supervisor=models.F("coder")),
                name="nobody_rules_on_what_they_coded",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="ruling_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(defect__isnull=True) | models.Q(kind=RulingKind.RULE_DEFECT),
                name="only_a_rule_defect_names_one",
            ),
            names_a_code_or_none("ruling"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words}"
