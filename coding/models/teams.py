"""What a coder sees beside their own work: that of their team, and what they opened with a reason."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from coding.models.append_only import EVERY_COLUMN, AppendOnly
from coding.models.encounters import Encounter
from coding.models.people import User


class Team(models.Model):
    """Coders who see each other's work where ``CODERS_SEE`` says so. What they may do is a matter of roles."""

    name = models.CharField(max_length=60, unique=True)
    members = models.ManyToManyField(User, blank=True, related_name="teams")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class GlassBreakQuerySet(models.QuerySet["GlassBreak"]):
    """Who opened what outside their work."""

    def in_force(self) -> Self:
        """Those whose time is not over."""
        return self.filter(until__gt=timezone.now())


class GlassBreak(AppendOnly):
    """That a person opened an encounter outside their work, why, and until when they see it."""

    TOLD = EVERY_COLUMN

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    encounter = models.ForeignKey(
        Encounter, on_delete=models.PROTECT, related_name="glass_breaks", db_index=False
    )
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    objects = GlassBreakQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [("break_glass", "Can open an encounter outside their work, with a reason")]
        indexes = [
            models.Index(fields=["encounter", "person", "until"], name="glass_break_of_encounter"),
            models.Index(fields=["person", "until"], name="glass_break_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.encounter}, opened by {self.person.name}"
