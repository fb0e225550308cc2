"""Reports: what the billing system is told of a final encounter, numbered and never changed."""

from django.conf import settings
from django.db import models

from coding.models import Encounter
from coding.models.append_only import EVERY_COLUMN, AppendOnly


class ReportKind(models.TextChoices):
    """What a report does to the one before it."""

    ORIGINAL = "original", "Original"
    REPLACEMENT = "replacement", "Replacement"
    VOID = "void", "Void"


class Report(AppendOnly):
    """The lines of an encounter as they were when all its services had become final.

    ``content`` is ``reviews.actions.reports.Content.to_data()``. A second export of one report is not a second bill:
    the number and the kind say so.
    """

    TOLD = EVERY_COLUMN

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField(help_text="Within the encounter, from 1.")
    kind = models.CharField(max_length=20, choices=ReportKind)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["encounter", "-number"]
        permissions = [("export_report", "Can export reports for the billing system")]
        constraints = [
            models.UniqueConstraint(fields=["encounter", "number"], name="one_report_per_number"),
            models.CheckConstraint(
                condition=models.Q(kind=ReportKind.ORIGINAL, replaces__isnull=True)
                | ~models.Q(kind=ReportKind.ORIGINAL) & models.Q(replaces__isnull=False),
                name="only_the_original_replaces_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.number} of {self.encounter}"


class ReportExport(AppendOnly):
    """That somebody took a report to the billing system."""

    TOLD = EVERY_COLUMN

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="exports")
    exported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    exported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.report}, {self.exported_at:%Y-%m-%d %H:%M}"
