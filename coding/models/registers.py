"""Registers: patients, providers and payers, each a row of its own to which encounters point.

What files send is recognised exactly or becomes a new row that an administrator completes or merges
(``coding.actions.registers``); nothing is guessed. A merged row stays, keeps its encounters and points to the survivor,
whose values count for both: taken apart again, each has its own back. A survivor is never merged itself, so that one
step leads to it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from coding.models.append_only import EVERY_COLUMN, Kept, Recorded
from coding.models.encounters import Sex

Dated = TypeVar("Dated", bound=models.Model)


class RegisterState(models.TextChoices):
    """What an administrator has done about a row. Which verb leads where: ``coding.actions.transitions``."""

    NEW = "new", "New"
    COMPLETE = "complete", "Complete"
    MERGED = "merged", "Merged"


class RegisterRow(Recorded):
    """What the three registers have in common. ``edition`` counts changes, so that no save overwrites one unseen.

    What files said of a row is compared with the encounters that name it; what people did about it, events tell.
    """

    TOLD: ClassVar[tuple[str, ...]] = ("state", "survivor")
    BEGINS: ClassVar[Mapping[str, Any]] = {"state": RegisterState.NEW.value, "survivor_id": None}
    UNTOLD_AS_BEGUN = True

    state = models.CharField(max_length=20, choices=RegisterState, default=RegisterState.NEW)
    survivor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_rows",
        help_text="The row that counts for this one since they were merged.",
    )
    survivor_id: int | None
    edition = models.PositiveIntegerField(default=1, editable=False)
    first_seen_at = models.DateTimeField("first seen", auto_now_add=True)

    # The fields that an administrator writes, apart from dated rows.
    completed_fields: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state="merged", survivor__isnull=False) & ~Q(survivor=F("id"))
                | ~Q(state="merged") & Q(survivor__isnull=True),
                name="%(class)s_is_merged_into_another",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="%(class)s_by_state")]

    @property
    def counting_id(self) -> int:
        """The id of the row that counts: the survivor's, or its own."""
        return self.survivor_id or self.pk


class Patient(RegisterRow):
    """A patient by the identifier that an authority gave. Names are not kept.

    A payer may give one number to a family, or anew: whose it is, ``member`` tells. Where nothing tells the authority,
    it is the sending system: ``source`` is filled then, and ``authority`` empty.
    """

    identifier = models.CharField(max_length=60)
    authority = models.CharField(max_length=255, blank=True, help_text="As files name it.")
    source = models.CharField(
        max_length=60, blank=True, help_text="The sending system, where no authority is named."
    )
    member = models.CharField(
        max_length=20,
        blank=True,
        help_text="Of a payer's number: birth date, sex and the check sum of the name, as files send them.",
    )
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    # Of a payer's number; see ``coding.intake.whose.name_sum``.
    name_sum = models.CharField("check sum of the name", max_length=4, blank=True, editable=False)

    completed_fields = ("birth_date", "sex")

    class Meta(RegisterRow.Meta):
        ordering = ["id"]
        constraints = [
            *RegisterRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["identifier", "authority", "source", "member"],
                name="one_patient_per_identifier",
            ),
        ]

    def __str__(self) -> str:
        # Its identifier would get into the log of the administration.
        return f"Patient {self.pk}"

    @property
    def issuer(self) -> str:
        """Who gave the identifier."""
        return self.authority or f"{self.source} (sending system)"


class AuthorityAlias(Kept):
    """That two names, as files write them, are of one authority: numbers of patients and visits are compared under one.

    ``key`` is the name without regard to case and to what marks a worldwide one. None that counts is an alias itself.
    One that was wrong is taken out, and stays to be read.
    """

    MAY_CHANGE = ("removed_by", "removed_at")
    REFUSED_CHANGE = "OLD.removed_by_id IS NOT NULL"
    TOLD = EVERY_COLUMN

    name = models.CharField(
        max_length=255,
        help_text="As files of one system name the authority: a short name, an OID or an address.",
    )
    key = models.CharField(max_length=255, editable=False)
    counts_as = models.CharField(
        max_length=255,
        help_text="The name of the same authority that counts: its OID, or its address, if it has one.",
    )
    reason = models.CharField(max_length=500, help_text="How you know that both are one authority.")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "authority aliases"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(removed_at=None), name="one_alias_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} is {self.counts_as}"


class NamedRow(RegisterRow):
    """A row known by the name, or the identifier, that files send. ``key`` is it without regard to case and blanks."""

    name = models.CharField(
        max_length=120, help_text="The name or identifier, as it was sent first."
    )
    key = models.CharField(max_length=360, unique=True, editable=False)

    class Meta(RegisterRow.Meta):
        abstract = True
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Provider(NamedRow):
    """Whoever provided services. Group and specialty are dated: ``ProviderAffiliation``."""

    TOLD = (*NamedRow.TOLD, "email")
    BEGINS = {**NamedRow.BEGINS, "email": ""}

    email = models.EmailField("e-mail", blank=True)

    completed_fields = ("email",)


class Payer(NamedRow):
    """Who pays. Its kind and options are dated: ``PayerTerms``."""


class DatedQuerySet(models.QuerySet[Dated]):
    """Values that hold from a day on, until the next ones begin."""

    def on(self, day: date | models.F | models.OuterRef) -> Self:
        """Those that had begun on a day, the newest first: it counts."""
        return self.filter(valid_from__lte=day).order_by("-valid_from")


class ProviderAffiliation(Recorded):
    """The group and the specialty of a provider from a day on."""

    TOLD = EVERY_COLUMN
    FEW = True

    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="affiliations", db_index=False
    )
    valid_from = models.DateField("from")
    group = models.CharField(max_length=120)
    specialty = models.CharField(max_length=120)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "valid_from"], name="one_affiliation_per_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}, {self.specialty}, from {self.valid_from}"


class PayerKind(models.TextChoices):
    """Whose rules a payer goes by."""

    MEDICARE = "medicare", "Medicare"
    MEDICAID = "medicaid", "Medicaid"
    COMMERCIAL = "commercial", "Commercial"
    WORKERS_COMPENSATION = "workers_compensation", "Workers' compensation"
    OTHER = "other", "Other"
    NOT_KNOWN = "not_known", "Not known"


class PayerTerms(Recorded):
    """The kind of a payer and its options from a day on. ``options`` are texts by name, such as how it packages."""

    TOLD = EVERY_COLUMN
    FEW = True

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="terms", db_index=False)
    valid_from = models.DateField("from")
    kind = models.CharField(max_length=30, choices=PayerKind)
    options = models.JSONField(default=dict, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "payer terms"
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["payer", "valid_from"], name="one_set_of_terms_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, from {self.valid_from}"
