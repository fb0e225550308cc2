"""What the house settled about a code or a rule set, in dated texts that a second person approves."""

from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models

from coding.decision.shapes import LISTED_CODE
from coding.models.append_only import EVERY_COLUMN, Kept
from coding.models.rule_sets import RuleSet

A_CODE = RegexValidator(f"^{LISTED_CODE.pattern}$", "A code has five capital letters or digits.")


class HouseNoteQuerySet(models.QuerySet["HouseNote"]):
    """Notes, of which the approved ones count."""

    def in_force(self, on: date) -> Self:
        """Those that were approved and had begun, the one that counts first: the latest of a code or rule set."""
        return self.filter(approved_at__isnull=False, valid_from__lte=on).order_by(
            "-valid_from", "-pk"
        )

    def waiting(self) -> Self:
        """Those that nobody approved."""
        return self.filter(approved_at__isnull=True)


class HouseNote(Kept):
    """A policy of the house about one code or one rule set, from a day on. The next one takes its place.

    It changes no suggestion: rules do that. Written and approved by two persons; nothing of it changes afterwards.
    """

    MAY_CHANGE = ("approved_by", "approved_at")
    REFUSED_CHANGE = "OLD.approved_by_id IS NOT NULL"
    TOLD = EVERY_COLUMN

    code = models.CharField(max_length=5, blank=True, validators=[A_CODE])
    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.PROTECT, null=True, blank=True, related_name="house_notes"
    )
    text = models.TextField(
        max_length=2000, help_text="In your own words. No patient, and no descriptor of CPT."
    )
    valid_from = models.DateField(
        help_text="Counts on this day and later, until the next note about the same."
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = HouseNoteQuerySet.as_manager()

    class Meta:
        permissions = [("approve_housenote", "Can approve house notes")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code="", rule_set__isnull=False)
                | ~models.Q(code="") & models.Q(rule_set=None),
                name="house_note_is_about_a_code_or_a_rule_set",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None, approved_at=None)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="approved_house_note_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("written_by")),
                name="who_wrote_a_house_note_approves_no_such",
            ),
        ]
        indexes = [models.Index(fields=["code", "valid_from"], name="house_note_by_code")]

    def __str__(self) -> str:
        return f"{self.code or self.rule_set} from {self.valid_from}"
