"""Encounters: one visit of one patient on a date of service, as its source told it."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from coding.models.append_only import AppendOnly
from coding.models.people import User


class Sex(models.TextChoices):
    """Administrative sex as the sending system reports it."""

    FEMALE = "F", "Female"
    MALE = "M", "Male"
    OTHER = "O", "Other"
    UNKNOWN = "U", "Unknown"


class EncounterState(models.TextChoices):
    """How far the coding of an encounter has come: the first of these that is true of one of its services."""

    TO_CODE = "to_code", "To code"
    IN_REVIEW = "in_review", "In review"
    AWAITING_PROVIDER = "awaiting_provider", "Awaiting provider"
    FINAL = "final", "Final"


class EncounterQuerySet(models.QuerySet["Encounter"]):
    """Encounters as people look for them."""

    def for_user(self, user: User) -> Self:
        """The encounters that a person may open; none without the permission to view them."""
        return self if user.has_perm("coding.view_encounter") else self.none()

    def to_code(self) -> Self:
        """Encounters that still wait for a coding decision."""
        return self.filter(state=EncounterState.TO_CODE)


class Encounter(models.Model):
    """What the hospital's systems or a person sent, and how far its coding has come.

    What is coded are its services. ``state`` is that of its services, written by ``reviews.actions.standing`` alone.
    Patient, provider and payer stand here as their source wrote them, and as the rows of the registers that these
    texts name (``coding.registers.recognise`` is their only writer); a row is empty where a text names nobody.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(max_length=60, default="typed")
    external_id = models.CharField("external id", max_length=60)
    patient_reference = models.CharField(max_length=60)
    patient = models.ForeignKey(
        "coding.Patient", on_delete=models.PROTECT, null=True, blank=True, related_name="encounters", db_index=False
    )
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    date_of_service = models.DateField()
    place_of_service = models.CharField(max_length=2)
    provider = models.CharField(max_length=120)
    registered_provider = models.ForeignKey(
        "coding.Provider", on_delete=models.PROTECT, null=True, blank=True, related_name="encounters", db_index=False
    )
    payer = models.CharField(max_length=120, blank=True)
    registered_payer = models.ForeignKey(
        "coding.Payer", on_delete=models.PROTECT, null=True, blank=True, related_name="encounters", db_index=False
    )
    note = models.TextField()
    content_hash = models.CharField(max_length=64, editable=False)
    revision = models.PositiveSmallIntegerField(default=1, editable=False)

    state = models.CharField(max_length=20, choices=EncounterState, default=EncounterState.TO_CODE)
    received_at = models.DateTimeField(auto_now_add=True)

    objects = EncounterQuerySet.as_manager()

    class Meta:
        ordering = ["date_of_service", "id"]
        permissions = [("code_encounter", "Can answer questions about an encounter")]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="one_encounter_per_source_and_external_id"),
        ]
        indexes = [
            models.Index(fields=["state", "date_of_service", "id"], name="encounter_by_state"),
            models.Index(fields=["date_of_service", "id"], name="encounter_by_date"),
            models.Index(fields=["patient", "date_of_service"], name="encounter_by_patient"),
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
