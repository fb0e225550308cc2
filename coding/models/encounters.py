"""Encounters: one service of one patient on a date of service, as it was reported."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from coding.models.append_only import AppendOnly
from coding.models.facts import FactProfile
from coding.models.people import User
from coding.models.rule_sets import RuleSet
from coding.models.suggestions import Suggestion


class Sex(models.TextChoices):
    """Administrative sex as the sending system reports it."""

    FEMALE = "F", "Female"
    MALE = "M", "Male"
    OTHER = "O", "Other"
    UNKNOWN = "U", "Unknown"


class EncounterStatus(models.TextChoices):
    """How far the coding of an encounter has come."""

    TO_CODE = "to_code", "To code"
    IN_REVIEW = "in_review", "In review"
    FINAL = "final", "Final"


class EncounterQuerySet(models.QuerySet["Encounter"]):
    """Encounters as people look for them."""

    def for_user(self, user: User) -> Self:
        """The encounters that a person may open; none without the permission to view them."""
        return self if user.has_perm("coding.view_encounter") else self.none()

    def to_code(self) -> Self:
        """Encounters that still wait for a coding decision."""
        return self.filter(status=EncounterStatus.TO_CODE)

    def open_to(self, coder: User) -> Self:
        """Encounters to code that belong to nobody else."""
        return self.to_code().filter(models.Q(assigned_to=None) | models.Q(assigned_to=coder))


class Encounter(models.Model):
    """What the hospital's systems or a person sent, and how far its coding has come.

    The answers of the guided form hang on the encounter with their provenance; ``profile`` points to
    the interned, normalised combination of them, ``suggestion`` to what the rules made of it when it was last
    answered or decided. Re-evaluation counts encounters by their suggestions.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="encounters")
    source = models.CharField(max_length=60, default="typed")
    external_id = models.CharField("external id", max_length=60)
    patient_reference = models.CharField(max_length=60)
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    date_of_service = models.DateField()
    place_of_service = models.CharField(max_length=2)
    provider = models.CharField(max_length=120)
    payer = models.CharField(max_length=120, blank=True)
    note = models.TextField()
    content_hash = models.CharField(max_length=64, editable=False)
    revision = models.PositiveSmallIntegerField(default=1, editable=False)

    status = models.CharField(max_length=20, choices=EncounterStatus, default=EncounterStatus.TO_CODE)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="encounters"
    )
    profile = models.ForeignKey(FactProfile, on_delete=models.PROTECT, null=True, blank=True, related_name="encounters")
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, null=True, blank=True, related_name="encounters", db_index=False
    )
    received_at = models.DateTimeField(auto_now_add=True)

    objects = EncounterQuerySet.as_manager()

    class Meta:
        ordering = ["date_of_service", "id"]
        permissions = [("code_encounter", "Can answer questions about an encounter")]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="one_encounter_per_source_and_external_id"),
        ]
        indexes = [
            models.Index(fields=["status", "date_of_service", "id"], name="encounter_by_status"),
            models.Index(fields=["assigned_to", "status", "date_of_service"], name="encounter_by_assignee"),
            models.Index(fields=["date_of_service", "id"], name="encounter_by_date"),
            models.Index(fields=["suggestion", "rule_set", "status"], name="encounter_by_suggestion"),
        ]

    def __str__(self) -> str:
        return f"Encounter {self.external_id}"

    def get_absolute_url(self) -> str:
        """The page that shows the whole encounter."""
        return reverse("encounter", args=[self.public_id])


class EncounterRevision(AppendOnly):
    """What an encounter said before it was corrected; the encounter itself says what counts now."""

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    record = models.JSONField()
    content_hash = models.CharField(max_length=64)
    changes = models.JSONField(help_text="The fields that the correction changed.")
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["encounter", "number"], name="one_revision_per_number")]

    def __str__(self) -> str:
        return f"revision {self.number}"


class Diagnosis(models.Model):
    """An ICD-10-CM diagnosis of an encounter, in reported order."""

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="diagnoses")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["encounter", "position"], name="one_diagnosis_per_position"),
        ]

    def __str__(self) -> str:
        return self.code


class ServiceLine(models.Model):
    """A submitted procedure code with modifiers, units and pointers to the diagnoses (1 = first)."""

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="service_lines")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=5)
    modifiers = models.JSONField(default=list)
    units = models.PositiveSmallIntegerField(default=1)
    diagnosis_pointers = models.JSONField(default=list)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["encounter", "position"], name="one_service_line_per_position"),
            models.CheckConstraint(condition=models.Q(units__gte=1), name="service_line_has_units"),
        ]

    def __str__(self) -> str:
        return "-".join([self.code, *self.modifiers])
