"""Fee schedules: the relative values of the CMS Physician Fee Schedule, in dated releases that the user loads."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models

from coding.models.append_only import EVERY_COLUMN, AppendOnly


class FeeScheduleReleaseQuerySet(models.QuerySet["FeeScheduleRelease"]):
    """Releases, newest first."""

    def in_force(self, on: date) -> Self:
        """The releases that had taken effect on a day, newest first."""
        return self.filter(valid_from__lte=on).order_by("-valid_from")


class FeeScheduleRelease(AppendOnly):
    """One release, valid from a day until the next release takes over. It is never overwritten."""

    TOLD = EVERY_COLUMN
    CONTENTS = ("values", "details")
    FEW = True

    name = models.CharField(max_length=40)
    valid_from = models.DateField(unique=True)
    source = models.CharField(max_length=200, help_text="Where the values come from.")
    content_hash = models.CharField(
        max_length=64, help_text="Tells whether a file holds the same values."
    )
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    loaded_at = models.DateTimeField(auto_now_add=True)

    objects = FeeScheduleReleaseQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name}, from {self.valid_from}"


class FeeScheduleValue(AppendOnly):
    """The values of one code. Code numbers and figures only: the descriptions of CPT are the AMA's."""

    release = models.ForeignKey(FeeScheduleRelease, on_delete=models.PROTECT, related_name="values")
    code = models.CharField(max_length=5)
    modifier = models.CharField(max_length=2, blank=True)
    status = models.CharField(max_length=1)
    work_rvu = models.DecimalField("work RVU", max_digits=8, decimal_places=2)
    facility_total = models.DecimalField(max_digits=8, decimal_places=2)
    non_facility_total = models.DecimalField(max_digits=8, decimal_places=2)
    global_days = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "code", "modifier"], name="one_value_per_release_and_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}-{self.modifier}" if self.modifier else self.code


class FeeScheduleDetail(AppendOnly):
    """What else CMS publishes of a code's values: indicators as CMS writes them, shares and parts of the total.

    Apart from the values, as releases that were loaded without these columns can be completed and are never changed.
    """

    release = models.ForeignKey(
        FeeScheduleRelease, on_delete=models.PROTECT, related_name="details", db_index=False
    )
    code = models.CharField(max_length=5)
    modifier = models.CharField(max_length=2, blank=True)
    facility_na = models.BooleanField(default=False)
    non_facility_na = models.BooleanField(default=False)
    technical = models.CharField("PC/TC indicator", max_length=1, blank=True)
    pre = models.DecimalField("pre-operative share", max_digits=4, decimal_places=2, null=True)
    intra = models.DecimalField("share of the operation", max_digits=4, decimal_places=2, null=True)
    post = models.DecimalField("post-operative share", max_digits=4, decimal_places=2, null=True)
    multiple = models.CharField("multiple procedures", max_length=1, blank=True)
    bilateral = models.CharField(max_length=1, blank=True)
    assistant = models.CharField(max_length=1, blank=True)
    co_surgeon = models.CharField(max_length=1, blank=True)
    team = models.CharField(max_length=1, blank=True)
    facility_practice = models.DecimalField(
        "facility PE RVU", max_digits=8, decimal_places=2, null=True
    )
    non_facility_practice = models.DecimalField(
        "office PE RVU", max_digits=8, decimal_places=2, null=True
    )
    malpractice = models.DecimalField("MP RVU", max_digits=8, decimal_places=2, null=True)
    conversion_factor = models.DecimalField(max_digits=9, decimal_places=4, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "code", "modifier"], name="one_detail_per_release_and_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}-{self.modifier}" if self.modifier else self.code
