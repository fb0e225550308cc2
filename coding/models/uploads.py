"""Uploads: a file of encounters, row by row, checked first and imported when a person says so."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from coding.models.encounters import Encounter
from coding.models.jobs import Job
from coding.models.people import User
from coding.models.rule_sets import RuleSet


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads as people look for them."""

    def for_user(self, user: User) -> Self:
        """The uploads that a person may open: whoever may enter encounters, and whoever reads everything."""
        allowed = user.has_perm("coding.add_encounter") or user.has_perm("coding.view_upload")
        return self if allowed else self.none()


class Upload(models.Model):
    """A file that was taken in. Its rows are kept, the file is not; nor its name, which may tell of a patient."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(
        max_length=60, help_text="The sending system; with the external id it names an encounter."
    )
    columns = models.JSONField()
    content_hash = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    check_job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    import_job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Upload {self.public_id}"

    def get_absolute_url(self) -> str:
        """The page that shows what the file holds and what became of it."""
        return reverse("upload", args=[self.public_id])


class RowState(models.TextChoices):
    """What is known of a row."""

    UNCHECKED = "unchecked", "Not checked yet"
    NEW = "new", "New"
    UNCHANGED = "unchanged", "Already here, unchanged"
    REJECTED = "rejected", "Rejected"
    IMPORTED = "imported", "Imported"


class UploadRow(models.Model):
    """One row of the file: its texts in the order of the columns, and its errors as field and problem in words."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(help_text="The line of the file on which the row begins; the header is line 1.")
    external_id = models.CharField(max_length=200, blank=True)
    cells = models.JSONField()
    state = models.CharField(max_length=20, choices=RowState, default=RowState.UNCHECKED)
    errors = models.JSONField(default=list)
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["upload", "line"], name="one_row_per_line")]
        indexes = [
            models.Index(fields=["upload", "state", "line"], name="upload_row_by_state"),
            models.Index(fields=["upload", "external_id", "line"], name="upload_row_by_external_id"),
        ]

    def __str__(self) -> str:
        return f"line {self.line}"
