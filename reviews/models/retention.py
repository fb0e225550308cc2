"""How long records are kept: rules of the department, as data. Nothing is deleted by them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from coding.models.append_only import EVERY_COLUMN, Recorded


class RecordKind(models.TextChoices):
    """What is kept for so many years. The audit trail is not among them: a chain that is cut proves nothing."""

    ENCOUNTER = "encounter", "Encounters with what was decided on them"
    UPLOAD = "upload", "Uploaded files with their items"
    REPORT = "report", "Reports that billing was told"
    JOB = "job", "Re-evaluation runs and other background jobs"
    ACCOUNT = "account", "Accounts that were closed"


class CountedFrom(models.TextChoices):
    """The event from which the years are counted."""

    SERVICE = "service", "the date of service"
    RECEIPT = "receipt", "the day it was received"
    MAKING = "making", "the day it was made"
    ENDING = "ending", "the day it ended"
    LAST_LOGIN = "last_login", "the last log-in"


class RetentionRule(Recorded):
    """For how many years a kind of record is kept, and from when on."""

    TOLD = EVERY_COLUMN

    kind = models.CharField(max_length=20, choices=RecordKind, unique=True)
    counted_from = models.CharField(max_length=20, choices=CountedFrom)
    years = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    reason = models.TextField(help_text="The law or the policy that says so.")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["kind"]

    def __str__(self) -> str:
        return (
            f"{self.get_kind_display()}: {self.years} years from {self.get_counted_from_display()}"
        )
