"""What the checks said last of a report that waits to be exported: by it claims are listed that cannot go out."""

from django.db import models

from reviews.models.reports import Report


class CheckedReport(models.Model):
    """How much speaks against a report. Not a record: it is counted anew whenever lines, answers or tables change.

    ``checked_at`` is empty until the scheduled work has looked (``reviews.actions.claim_answers.check_waiting``).
    """

    report = models.OneToOneField(
        Report, on_delete=models.CASCADE, primary_key=True, related_name="checked"
    )
    errors = models.PositiveSmallIntegerField(
        default=0, help_text="Findings for which it is not exported."
    )
    warnings = models.PositiveSmallIntegerField(default=0)
    proposals = models.PositiveSmallIntegerField(
        default=0, help_text="Proposals that nobody answered."
    )
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["checked_at"], name="report_by_last_check"),
            models.Index(
                fields=["-report"], condition=models.Q(errors__gt=0), name="report_with_errors"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.errors} errors"
