"""How the house settles the checks of claims, in dated rows: on or off, how severe, in which words, for whom."""

from django.conf import settings
from django.db import models

from coding.models.append_only import EVERY_COLUMN, AppendOnly
from coding.models.registers import PayerKind


class ClaimCheckRow(AppendOnly):
    """From a day on, a shipped check stands as this row says. The latest row of a check counts; none is changed."""

    TOLD = EVERY_COLUMN

    check_id = models.CharField("check", max_length=10)
    kind = models.CharField(max_length=40, help_text="Which of the checks of one id.")
    payer = models.CharField(
        max_length=20, choices=PayerKind, blank=True, help_text="Empty: all payers."
    )
    valid_from = models.DateField(help_text="Counts for services of this day and later.")
    is_on = models.BooleanField("on", default=True)
    severity = models.CharField(
        max_length=10,
        choices=[("error", "Error"), ("warning", "Warning"), ("info", "Information")],
        blank=True,
        help_text="Empty: as shipped.",
    )
    message = models.CharField("text", max_length=400, blank=True, help_text="Empty: as shipped.")
    reason = models.TextField(help_text="Why the house decides so, and who does.")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "claim check"

    def __str__(self) -> str:
        return f"{self.check_id} from {self.valid_from}"
