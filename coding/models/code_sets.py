"""Code sets with dated releases: which codes were valid on a date of service."""

from datetime import date
from typing import Self

from django.db import models

from coding.models.append_only import EVERY_COLUMN, AppendOnly


class CodeSet(models.TextChoices):
    """The systems whose codes Concord checks."""

    ICD10CM = "icd10cm", "ICD-10-CM"


class ReleaseQuerySet(models.QuerySet["CodeSetRelease"]):
    """Releases, newest first."""

    def in_force(self, code_set: CodeSet, on: date) -> Self:
        """The releases of a code set that had taken effect on a day, newest first."""
        return self.filter(code_set=code_set, valid_from__lte=on).order_by("-valid_from")


class CodeSetRelease(AppendOnly):
    """One release of a code set, valid from a day until the next release takes over."""

    TOLD = EVERY_COLUMN
    CONTENTS = ("codes", "exclusions")
    FEW = True

    code_set = models.CharField(max_length=20, choices=CodeSet)
    release = models.CharField(max_length=40)
    valid_from = models.DateField()
    source = models.CharField(
        max_length=200, help_text="Where the codes come from, with its version."
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code_set", "valid_from"], name="one_release_per_code_set_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_set_display()} {self.release}"


class Code(AppendOnly):
    """A code of a release with the publisher's free description."""

    release = models.ForeignKey(CodeSetRelease, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=10)
    description = models.CharField(max_length=300)
    reportable = models.BooleanField(help_text="False for a category that needs more characters.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "code"], name="one_code_per_release")
        ]

    def __str__(self) -> str:
        return self.code


class CodeExclusion(AppendOnly):
    """A code or category whose notes exclude another one: both are not reported together (Excludes1)."""

    release = models.ForeignKey(
        CodeSetRelease, on_delete=models.CASCADE, related_name="exclusions", db_index=False
    )
    code = models.CharField(max_length=10)
    excluded = models.CharField(max_length=10, help_text="A code, or the beginning of several.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "code", "excluded"], name="one_exclusion_per_code_and_other"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} excludes {self.excluded}"
