"""Holds: a service that cannot be coded yet, and why; and the reasons that a department uses often."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from coding.models import Service
from coding.models.append_only import EVERY_COLUMN, Kept


class ReasonUse(models.TextChoices):
    """Where a reason is chosen."""

    HOLD = "hold", "Hold of a service"
    OVERRIDE = "override", "Answer kept against the note"
    RETURN = "return", "Return of a case to its coder"


class FavouriteReasonQuerySet(models.QuerySet["FavouriteReason"]):
    """Reasons to choose from."""

    def offered(self, use: ReasonUse) -> Self:
        """Those in use today."""
        today = timezone.localdate()
        ended = models.Q(valid_until__lt=today)
        return self.filter(use=use, survivor=None, valid_from__lte=today).exclude(ended)


class FavouriteReason(models.Model):
    """A reason that a department uses often. It is ended or merged, never deleted: what names it keeps its words."""

    use = models.CharField(max_length=20, choices=ReasonUse)
    text = models.CharField(max_length=120)
    valid_from = models.DateField("from", default=timezone.localdate)
    valid_until = models.DateField(
        "until", null=True, blank=True, help_text="Its last day. Empty: still in use."
    )
    survivor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_reasons",
        help_text="The reason that counts for this one since they were merged.",
    )

    objects = FavouriteReasonQuerySet.as_manager()

    class Meta:
        ordering = ["use", "text"]
        constraints = [
            models.UniqueConstraint(fields=["use", "text"], name="one_favourite_reason_per_text"),
            models.CheckConstraint(
                condition=models.Q(survivor__isnull=True) | ~models.Q(survivor=models.F("id")),
                name="favourite_reason_is_merged_into_another",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Its days are in order."""
        if self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError(
                {"valid_until": "It ends before it begins. Correct one of the days."}
            )


class ServiceHold(Kept):
    """That a service waits before it can be coded, since when, and why: a favourite reason, words, or both.

    Somebody releases it, or it ends by itself when the service is no longer to be coded: nobody released it then.
    """

    MAY_CHANGE = ("released_by", "released_at")
    REFUSED_CHANGE = "OLD.released_at IS NOT NULL"
    TOLD = EVERY_COLUMN

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="holds")
    favourite = models.ForeignKey(
        FavouriteReason, on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    reason = models.TextField(
        help_text="The words that were shown: those of the favourite reason, and others."
    )
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    held_at = models.DateTimeField(auto_now_add=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=models.Q(released_at__isnull=True),
                name="one_hold_per_service",
            ),
        ]
        indexes = [
            models.Index(
                fields=["held_at"], condition=models.Q(released_at__isnull=True), name="hold_by_age"
            ),
        ]

    def __str__(self) -> str:
        return self.reason
