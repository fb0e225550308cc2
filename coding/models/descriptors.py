"""Which files of licensed descriptors were loaded, and from which day each counts. Their texts are kept elsewhere."""

from django.db import models

from coding.models.append_only import AppendOnly


class DescriptorRelease(AppendOnly):
    """A file that a house with a licence loaded. Its texts lie in ``DESCRIPTORS_FOLDER`` and in no database.

    So they reach no backup, export, trail or log. ``content_hash`` names their file there.
    """

    valid_from = models.DateField(unique=True)
    content_hash = models.CharField(max_length=64)
    codes = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Descriptors from {self.valid_from}"
