"""Precedents: rulings that became worked cases of a rule set, whichever version decides."""

import uuid

from django.conf import settings
from django.db import models

from coding.models.append_only import EVERY_COLUMN, Kept
from coding.models.facts import FactProfile
from coding.models.reported import Reported
from coding.models.rule_sets import RuleSet, RuleSetVersion


class Precedent(Kept, Reported):
    """What was ruled on some answers, and stands for services with the same until a version reverses it.

    ``deciding`` are the answers that decided, as canonical data (``coding.decision.facts_to_data``): a service holds
    the precedent if it holds them. ``profile`` are all answers of the case: a version under which they come out as
    something else than ``reported`` reverses the precedent, and has to name it to be published. ``ruled_case`` is the
    public id of the review case. It holds no text of a note.
    """

    # A version that reverses it ends it, once.
    MAY_CHANGE = ("reversed_by", "reversed_at")
    REFUSED_CHANGE = "OLD.reversed_by_id IS NOT NULL"
    TOLD = EVERY_COLUMN

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="precedents")
    number = models.PositiveIntegerField(help_text="Within the rule set, from 1.")
    version = models.ForeignKey(
        RuleSetVersion, on_delete=models.PROTECT, related_name="+", help_text="Ruled under it."
    )
    ruled_case = models.UUIDField(unique=True, editable=False)
    profile = models.ForeignKey(FactProfile, on_delete=models.PROTECT, related_name="precedents")
    deciding = models.JSONField()
    title = models.CharField(max_length=200)
    basis = models.TextField(help_text="Why. No patient and no text of a note.")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    reversed_by = models.ForeignKey(
        RuleSetVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="reverses"
    )
    reversed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["rule_set", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "number"], name="one_precedent_per_number"),
            models.CheckConstraint(
                condition=models.Q(reversed_by__isnull=True, reversed_at__isnull=True)
                | models.Q(reversed_by__isnull=False, reversed_at__isnull=False),
                name="reversed_precedent_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.title}"

    @property
    def name(self) -> str:
        """How a version names it, such as ``P3``."""
        return f"P{self.number}"
