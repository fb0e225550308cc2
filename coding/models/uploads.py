"""Uploads: a file of encounters, kept as it came, checked item by item, and imported when a person says so."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from coding.models.append_only import AppendOnly
from coding.models.encounters import Encounter
from coding.models.jobs import Job
from coding.models.people import User
from coding.models.rule_sets import RuleSet


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads as people look for them."""

    def for_user(self, user: User) -> Self:
        """The uploads that a person may open: of those who enter encounters those that are their work."""
        from coding.models import visibility

        if not (user.has_perm("coding.add_encounter") or user.has_perm("coding.view_upload")):
            return self.none()
        if visibility.sees_all(user):
            return self
        return self.filter(uploaded_by__in=visibility.whose_work(user))


class Upload(models.Model):
    """A file that was taken in. Its bytes are kept in parts; its name may tell of a patient, so that no trail holds it.

    Without a ``source`` the file was received, and waits for a person to name the system that sends it. It may be
    cancelled while it waits for a person (``cancelled_at``); afterwards its job is.
    The columns of a table are looked at first (``look_job``): ``preview`` holds its header and first rows, ``layout``
    how they were matched, and there is no ``check_job`` before that. A ``problem`` is why the file could not be
    read, or no further.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule_set = models.ForeignKey(
        RuleSet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Only this family: every encounter gets a service of it, and no other family opens.",
    )
    source = models.CharField(
        max_length=60,
        blank=True,
        help_text="The sending system; with the external id it names an encounter.",
    )
    file_name = models.CharField(max_length=200, blank=True, help_text="As it was sent.")
    format = models.CharField(max_length=20)
    look_job = models.OneToOneField(
        Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    preview = models.JSONField(null=True)
    layout = models.JSONField(default=dict)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    content_hash = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    check_job = models.OneToOneField(
        Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    read_to = models.PositiveBigIntegerField(
        default=0, help_text="The byte up to which the file was read."
    )
    problem = models.CharField(max_length=500, blank=True)
    counts = models.JSONField(
        null=True,
        help_text="How many items are in each state, and with remarks; null while that changes.",
    )
    import_job = models.OneToOneField(
        Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(
        null=True, blank=True, help_text="While it waited for a person."
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Upload {self.public_id}"

    def get_absolute_url(self) -> str:
        """The page that shows what the file holds and what became of it."""
        return reverse("upload", args=[self.public_id])

    @property
    def current_job(self) -> Job | None:
        """The job that stands for the upload."""
        return self.import_job or self.check_job or self.look_job

    @property
    def waits_for_source(self) -> bool:
        """Whether a person has to name the sending system before anything is read."""
        return not self.source and self.cancelled_at is None

    @property
    def waits_for_columns(self) -> bool:
        """Whether a person has to match the columns before the file is checked."""
        return self.check_job is None and self.preview is not None and self.cancelled_at is None


class UploadPart(AppendOnly):
    """A piece of the file as it came; every worker reads it, on whatever machine."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField(help_text="From 0.")
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="one_part_per_number")
        ]

    def __str__(self) -> str:
        return f"part {self.number}"


class UploadIndexPart(models.Model):
    """A piece of what a survey took down of a file whose items lie scattered over it; see ``coding.intake.scattered``.

    It changes as the survey comes further: the file itself does not.
    """

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="index_parts")
    number = models.PositiveIntegerField(help_text="From 0.")
    digest = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="one_index_part_per_number")
        ]

    def __str__(self) -> str:
        return f"part {self.number} of an index"


class RowState(models.TextChoices):
    """What is known of an item of a file, and what became of it."""

    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    DOUBLED = "doubled", "Id stands there twice"
    REJECTED = "rejected", "Rejected"
    SKIPPED = "skipped", "Nothing to code"
    IMPORTED = "imported", "Imported"
    CORRECTED = "corrected", "Imported as a correction"


# What the import will take.
IMPORTABLE = (RowState.NEW, RowState.CHANGED)
# What was good as it came, or will be, whether anything of it was left out or not.
TAKEN = (*IMPORTABLE, RowState.UNCHANGED, RowState.IMPORTED, RowState.CORRECTED)


class UploadRow(models.Model):
    """One item of the file: a row, a claim, a message's visit, a FHIR encounter.

    ``record`` is the checked encounter until it is imported. ``based_on`` is the content of the stored encounter
    that the item would change when it was checked. ``errors`` hold field, place, value and problem in words,
    ``remarks`` what of a good item was left out, and where. A ``doubled`` item keeps its record until the import
    begins, whatever its state: a person chooses which of those with its id counts.
    """

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(help_text="The place among the items of the file, from 1.")
    place = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=RowState)
    record = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    based_on = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    has_remarks = models.BooleanField(default=False)
    doubled = models.BooleanField(
        default=False, help_text="Its id stands in the file more than once, with different content."
    )
    encounter = models.ForeignKey(
        Encounter, on_delete=models.PROTECT, null=True, blank=True, related_name="rows"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="one_row_per_number")
        ]
        indexes = [
            models.Index(fields=["upload", "state", "number"], name="upload_row_by_state"),
            models.Index(
                fields=["upload", "external_id", "number"], name="upload_row_by_external_id"
            ),
            models.Index(
                fields=["upload", "number"],
                condition=Q(has_remarks=True),
                name="upload_row_with_remarks",
            ),
            models.Index(
                fields=["encounter"], condition=Q(has_remarks=True), name="upload_row_told_of"
            ),
            models.Index(
                fields=["upload", "external_id", "number"],
                condition=Q(doubled=True),
                name="upload_row_doubled",
            ),
        ]

    def __str__(self) -> str:
        return self.place


class SourceLayout(models.Model):
    """How a person matched the columns of a sending system's tables; the next file is read the same way.

    ``headers`` are those of the file that was matched; of a mapping of the time before they were kept there are none.
    """

    source = models.CharField(max_length=60, unique=True)
    layout = models.JSONField()
    headers = models.JSONField(default=list)
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    matched_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["source"]

    def __str__(self) -> str:
        return self.source

    def get_absolute_url(self) -> str:
        """The page on which the mapping is read and changed."""
        return reverse("mapping", args=[self.source])
