"""The tables by which claims are checked, in dated releases that the user loads as CMS publishes them."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from coding.models.append_only import EVERY_COLUMN, AppendOnly
from coding.tables.days import EARLIEST


class TableKind(models.TextChoices):
    """The tables; fee schedules and ICD-10-CM have releases of their own."""

    PAIRS = "pairs", "NCCI pairs"
    UNIT_LIMITS = "unit_limits", "Medically unlikely edits"
    ADD_ONS = "add_ons", "Add-on codes"
    TERMS = "terms", "HCPCS Level II"
    LOCALITIES = "localities", "GPCI"


class Program(models.TextChoices):
    """Whose table it is. Payers without one of their own are checked by the practitioner tables of Medicare."""

    MEDICARE = "medicare", "Medicare, practitioners"
    MEDICAID = "medicaid", "Medicaid, practitioners"


class TableReleaseQuerySet(models.QuerySet["TableRelease"]):
    """Releases, newest first."""

    def in_force(self, on: date) -> Self:
        """Those that had taken effect on a day, newest first."""
        return self.filter(valid_from__lte=on).order_by("-valid_from")


class TableRelease(AppendOnly):
    """One release of a table, from a day until the next. Several files may be its parts; none is ever overwritten."""

    TOLD = EVERY_COLUMN
    CONTENTS = ("parts", "pairs", "limits", "add_ons", "codes", "localities")
    FEW = True

    table = models.CharField(max_length=20, choices=TableKind)
    program = models.CharField(max_length=20, choices=Program, default=Program.MEDICARE)
    valid_from = models.DateField()

    objects = TableReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "program", "valid_from"], name="one_release_per_table_and_day"
            ),
        ]

    def __str__(self) -> str:
        quarter = (self.valid_from.month + 2) // 3
        return f"{self.get_table_display()} {self.valid_from.year} Q{quarter}"


class TablePart(AppendOnly):
    """A file that was loaded into a release: its name, its content's hash, how many rows it gave."""

    release = models.ForeignKey(TableRelease, on_delete=models.PROTECT, related_name="parts")
    file_name = models.CharField(max_length=120)
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    rows = models.PositiveIntegerField(help_text="Rows that were new to the release.")
    left_out = models.PositiveIntegerField(
        default=0, help_text="Rows that had ended before the release begins."
    )
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "content_hash"], name="one_part_per_release_and_content"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class DatedQuerySet(models.QuerySet[models.Model]):
    """Rows with a first and a last day. A row without a first day has the earliest that Concord knows."""

    def on(self, day: date) -> Self:
        """Those in force on a day; both ends count."""
        not_ended = Q(ended=None) | Q(ended__gte=day)
        return self.filter(not_ended, effective__lte=day)


def told_day(day: date) -> date | None:
    """A first day as its table tells it; None where the table tells none."""
    return None if day == EARLIEST else day


class PairEdit(AppendOnly):
    """A pair of the NCCI edits: column 2 is part of column 1, and a modifier may open it or not."""

    release = models.ForeignKey(
        TableRelease, on_delete=models.PROTECT, related_name="pairs", db_index=False
    )
    column1 = models.CharField(max_length=5)
    column2 = models.CharField(max_length=5)
    may_be_opened = models.BooleanField()
    effective = models.DateField(default=EARLIEST)
    ended = models.DateField(
        null=True, blank=True, help_text="The last day on which the pair is in force."
    )
    rationale = models.CharField(max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "column1", "column2", "effective"],
                name="one_pair_per_release_and_day",
            ),
        ]
        indexes = [models.Index(fields=["column2", "release"], name="pair_by_second_code")]

    def __str__(self) -> str:
        return f"{self.column1} with {self.column2}"

    @property
    def since(self) -> date | None:
        """Its first day, where the table tells one."""
        return told_day(self.effective)


class UnitLimitEdit(AppendOnly):
    """The most units of a code on a line or a day (medically unlikely edit)."""

    release = models.ForeignKey(
        TableRelease, on_delete=models.PROTECT, related_name="limits", db_index=False
    )
    code = models.CharField(max_length=5)
    units = models.PositiveIntegerField()
    applied = models.PositiveSmallIntegerField(
        help_text="Adjudication indicator: 1 a line, 2 and 3 a day."
    )
    rationale = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "code"], name="one_limit_per_release_and_code"
            )
        ]

    def __str__(self) -> str:
        return self.code


class AddOnEdit(AppendOnly):
    """An add-on code with one of its primaries; none where the contractor decides."""

    release = models.ForeignKey(
        TableRelease, on_delete=models.PROTECT, related_name="add_ons", db_index=False
    )
    add_on = models.CharField(max_length=5)
    primary = models.CharField(max_length=5, blank=True)
    kind = models.PositiveSmallIntegerField(
        help_text="1 all primaries are listed, 2 the contractor decides, 3 some."
    )
    effective = models.DateField(default=EARLIEST)
    ended = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "add_on", "primary", "effective"],
                name="one_primary_per_release_and_add_on",
            ),
        ]
        indexes = [models.Index(fields=["primary", "release"], name="add_on_by_primary")]

    def __str__(self) -> str:
        return f"{self.add_on} beside {self.primary}"


class HcpcsCode(AppendOnly):
    """A code of HCPCS Level II with the publisher's own short description and its term."""

    release = models.ForeignKey(
        TableRelease, on_delete=models.PROTECT, related_name="codes", db_index=False
    )
    code = models.CharField(max_length=5)
    description = models.CharField(max_length=200, blank=True)
    effective = models.DateField(default=EARLIEST)
    ended = models.DateField(null=True, blank=True)
    replaced_by = models.CharField(
        max_length=60,
        blank=True,
        help_text="The publisher's cross references: codes that stand for one that ended.",
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "code"], name="one_hcpcs_code_per_release")
        ]

    def __str__(self) -> str:
        return self.code


class Locality(AppendOnly):
    """A Medicare locality with its geographic practice cost indices."""

    release = models.ForeignKey(
        TableRelease, on_delete=models.PROTECT, related_name="localities", db_index=False
    )
    carrier = models.CharField(max_length=5)
    state = models.CharField(max_length=2)
    number = models.CharField(max_length=2)
    name = models.CharField(max_length=200)
    work = models.DecimalField(max_digits=6, decimal_places=3)
    practice = models.DecimalField(max_digits=6, decimal_places=3)
    malpractice = models.DecimalField(max_digits=6, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "carrier", "state", "number"],
                name="one_locality_per_release_and_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.number}, {self.name}"
