"""Encounters that were voided: taken out of the coding with a reason, and never deleted."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from coding.models.append_only import EVERY_COLUMN, AppendOnly
from coding.models.encounters import Encounter


class EncounterVoid(AppendOnly):
    """That an encounter should not have come, or stands for nothing to be billed; there is no way back."""

    TOLD = EVERY_COLUMN

    encounter = models.OneToOneField(Encounter, on_delete=models.PROTECT, related_name="void")
    reason = models.TextField()
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    voided_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.encounter}, voided {timezone.localdate(self.voided_at)}"
