"""Second codings: a service coded once more by somebody who has not seen what the first coder decided."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from coding.models import FactProfile, Service, Suggestion
from coding.models.append_only import EVERY_COLUMN, Kept
from coding.models.reported import Claimed, names_a_code_or_none
from reviews.models.decisions import CodingDecision


class SecondCoding(Kept, Claimed):
    """What somebody codes blind, beside a decision: another coder who was asked, or the supervisor before the ruling.

    ``profile`` and ``suggestion`` are their answers and what the rules made of them, where they answered enough.
    ``agrees`` is frozen with it: same outcome, code and modifiers as the decision. While it waits, outcome and
    ``done_at`` are empty.
    """

    MAY_CHANGE = (
        "coder",
        "profile",
        "suggestion",
        "outcome",
        "code",
        "modifiers",
        "reported",
        "units",
        "diagnosis_codes",
        "reason",
        "agrees",
        "done_at",
    )
    REFUSED_CHANGE = "OLD.done_at IS NOT NULL"
    TOLD = EVERY_COLUMN

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="second_codings")
    decision = models.ForeignKey(
        CodingDecision, on_delete=models.PROTECT, related_name="second_codings"
    )
    is_supervisor = models.BooleanField(
        default=False, help_text="Coded by a supervisor before the ruling."
    )
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="second_codings",
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    profile = models.ForeignKey(
        FactProfile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    agrees = models.BooleanField(null=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        permissions = [("ask_secondcoding", "Can ask for a second coding")]
        constraints = [
            models.UniqueConstraint(
                fields=["decision"],
                condition=models.Q(is_supervisor=False),
                name="one_second_coder_per_decision",
            ),
            models.UniqueConstraint(
                fields=["decision", "coder"],
                condition=models.Q(is_supervisor=True),
                name="one_blind_look_per_supervisor",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, outcome="", agrees__isnull=True)
                | models.Q(done_at__isnull=False, coder__isnull=False, agrees__isnull=False)
                & ~models.Q(outcome=""),
                name="second_coding_is_done_in_whole",
            ),
            names_a_code_or_none("second_coding"),
        ]
        indexes = [
            models.Index(
                fields=["coder", "id"],
                condition=models.Q(done_at__isnull=True),
                name="second_coding_to_do",
            ),
        ]

    def __str__(self) -> str:
        return f"Second coding of {self.service}"

    def get_absolute_url(self) -> str:
        """The page on which it is coded, blind."""
        return reverse("second-coding", args=[self.public_id])
