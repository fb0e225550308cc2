"""Files of tables for claims on their way into a release: kept as they came until a worker has read them."""

import uuid

from django.conf import settings
from django.db import models

from coding.models.claim_tables import Program, TableKind
from coding.models.jobs import Job


class TableLoad(models.Model):
    """What somebody asked to have loaded. The verb that loads tells the trail; ``problem`` is why it did not."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    table = models.CharField(max_length=20, choices=TableKind)
    program = models.CharField(max_length=20, choices=Program)
    valid_from = models.DateField(
        null=True, blank=True, help_text="Empty: the names of the files tell the day."
    )
    only_look = models.BooleanField(default=False, help_text="Read all of it, and load nothing.")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    result = models.TextField(blank=True, help_text="What was read or loaded, a line a file.")
    problem = models.TextField(blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_table_display()}, {self.asked_at:%Y-%m-%d %H:%M}"


class TableLoadFile(models.Model):
    """A file of a load. Its bytes are forgotten once the load has ended: the release's part keeps their hash."""

    load = models.ForeignKey(TableLoad, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class TableLoadPart(models.Model):
    """A piece of such a file; every worker reads it, on whatever machine."""

    file = models.ForeignKey(TableLoadFile, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField(help_text="From 0.")
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_part_per_file_and_number")
        ]

    def __str__(self) -> str:
        return f"part {self.number}"
