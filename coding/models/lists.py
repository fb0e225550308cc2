"""What people keep of lists: filters under a name, and that they took one away as a file."""

import uuid

from django.conf import settings
from django.db import models

from coding.models.append_only import EVERY_COLUMN, AppendOnly


class SavedFilter(models.Model):
    """How a person narrowed, sorted and laid out a list, under a name of their own.

    ``asked`` is the part of an address behind the question mark. It is a convenience of one person, of which no event
    tells.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_filters",
        db_index=False,
    )
    place = models.CharField(max_length=30, help_text="The list, by the name of its address.")
    name = models.CharField(max_length=60)
    asked = models.TextField(blank=True)
    is_default = models.BooleanField(default=False, help_text="The list opens with it.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "place", "name"], name="one_saved_filter_per_name"
            ),
            models.UniqueConstraint(
                fields=["person", "place"],
                condition=models.Q(is_default=True),
                name="one_default_filter_per_list",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListExport(AppendOnly):
    """That a person took a list away as a file."""

    TOLD = EVERY_COLUMN

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    place = models.CharField(max_length=30, help_text="The list, by the name of its address.")
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.place}, {self.rows} rows"
