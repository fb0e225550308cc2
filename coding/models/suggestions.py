"""Suggestions: what one rule table makes of one combination of facts, kept for ever."""

from django.db import models

from coding.decision import OutcomeKind
from coding.models.append_only import AppendOnly
from coding.models.facts import FactProfile
from coding.models.reported import Reported
from coding.models.rule_sets import RuleDocument


class Suggestion(AppendOnly, Reported):
    """The outcome of a fact profile under a version's document, with its trace; never changed.

    ``decision`` is ``coding.decision.Decision.to_data()``. The key is the content of the version, so
    that a suggestion made with a draft can be replayed after the draft has changed.
    """

    profile = models.ForeignKey(FactProfile, on_delete=models.PROTECT, related_name="suggestions")
    document = models.ForeignKey(RuleDocument, on_delete=models.PROTECT, related_name="suggestions")
    rule_id = models.CharField(max_length=20)
    message = models.TextField()
    decision = models.JSONField()
    engine = models.PositiveSmallIntegerField(
        default=1, help_text="The edition of the decision core that decided."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "document"], name="one_suggestion_per_profile_and_version"
            ),
        ]
        indexes = [models.Index(fields=["code", "id"], name="suggestion_by_code")]

    @property
    def is_code(self) -> bool:
        """Whether the rules yield a code, and not a question to a person."""
        return self.outcome == OutcomeKind.CODE
