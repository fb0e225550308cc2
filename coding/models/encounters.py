"""Encounters: one visit of one patient on a date of service, as its source told it."""

import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse

from coding.models.append_only import EVERY_COLUMN, AppendOnly, Kept
from coding.models.people import User

# The source of encounters that people type.
TYPED = "typed"


class Sex(models.TextChoices):
    """Administrative sex as the sending system reports it."""

    FEMALE = "F", "Female"
    MALE = "M", "Male"
    OTHER = "O", "Other"
    UNKNOWN = "U", "Unknown"


class EncounterState(models.TextChoices):
    """How far the coding of an encounter has come: void, or else the first that is true of one of its services.

    Blocked is one whose services are all settled, and that something else keeps from being final.
    """

    TO_CODE = "to_code", "To code"
    IN_REVIEW = "in_review", "In review"
    AWAITING_PROVIDER = "awaiting_provider", "Awaiting provider"
    BLOCKED = "blocked", "Blocked"
    FINAL = "final", "Final"
    VOID = "void", "Void"


# SQL for whether one of an encounter's services is in such a state.
_ONE_IS = (
    "EXISTS (SELECT 1 FROM coding_service AS own WHERE own.encounter_id = NEW.id AND own.state {})"
)
_ONE_IS_OPEN = _ONE_IS.format("IN ('to_code', 'in_review', 'awaiting_provider')")
_ONE_IS_THERE, _ONE_IS_SO_TOO = _ONE_IS.format("<> 'withdrawn'"), _ONE_IS.format("= NEW.state")
# When a state is not that of the services, as ``reviews.actions.standing`` has it.
STANDS_OTHERWISE = " OR ".join(
    [
        f"NEW.state IN ('blocked', 'final') AND {_ONE_IS_OPEN}",
        f"NEW.state IN ('in_review', 'awaiting_provider') AND NOT {_ONE_IS_SO_TOO}",
        f"NEW.state = 'to_code' AND {_ONE_IS_THERE} AND NOT {_ONE_IS_SO_TOO}",
    ]
)


class EncounterQuerySet(models.QuerySet["Encounter"]):
    """Encounters as people look for them."""

    def for_user(self, user: User) -> Self:
        """The encounters that a person may open; none without the permission to view them."""
        # Rows that point to encounters say what belongs to a person.
        from coding.models import visibility

        if not user.has_perm("coding.view_encounter"):
            return self.none()
        return self if visibility.sees_all(user) else self.filter(visibility.is_seen_by(user))

    def to_code(self) -> Self:
        """Encounters that still wait for a coding decision."""
        return self.filter(state=EncounterState.TO_CODE)


class Encounter(Kept):
    """What the hospital's systems or a person sent, and how far its coding has come.

    What is coded are its services. ``state`` is that of its services, written by ``reviews.actions.standing`` alone.
    ``documents`` are those of the note, as ``coding.intake.note_documents`` tells them, without their texts.
    Patient, provider and payer stand here as their source wrote them, and as the rows of the registers that these
    texts name (``coding.registers.recognise`` is their only writer); a row is empty where a text names nobody.
    """

    # What a correction and a merge of the registers write anew, and where its services take it.
    MAY_CHANGE = (
        "patient_reference",
        "patient",
        "birth_date",
        "sex",
        "name_sum",
        "visit_authority",
        "date_of_service",
        "place_of_service",
        "provider",
        "registered_provider",
        "payer",
        "registered_payer",
        "note",
        "documents",
        "content_hash",
        "revision",
        "state",
    )
    REFUSED_CHANGE = (
        "NEW.revision < OLD.revision OR OLD.state = 'void' AND NEW.state <> 'void'"
        f" OR NEW.state <> OLD.state AND ({STANDS_OTHERWISE})"
    )
    # What its texts say stands in the hash of its content.
    TOLD = ("public_id", "source", "external_id", "content_hash", "revision", "state")
    BEGINS = {"revision": 1, "state": EncounterState.TO_CODE.value}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(max_length=60, default=TYPED)
    external_id = models.CharField("external id", max_length=60)
    patient_reference = models.CharField(max_length=60)
    patient = models.ForeignKey(
        "coding.Patient",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="encounters",
        db_index=False,
    )
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    # Names are not kept; see ``coding.intake.whose.name_sum``.
    name_sum = models.CharField(
        "check sum of the patient's name", max_length=4, blank=True, editable=False
    )
    # Two authorities may give one number: it names a visit of each.
    visit_authority = models.CharField(
        "authority of the external id", max_length=255, blank=True, editable=False
    )
    date_of_service = models.DateField()
    place_of_service = models.CharField(max_length=2)
    provider = models.CharField(max_length=120)
    registered_provider = models.ForeignKey(
        "coding.Provider",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="encounters",
        db_index=False,
    )
    payer = models.CharField(max_length=120, blank=True)
    registered_payer = models.ForeignKey(
        "coding.Payer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="encounters",
        db_index=False,
    )
    note = models.TextField()
    documents = models.JSONField(default=list, editable=False)
    content_hash = models.CharField(max_length=64, editable=False)
    revision = models.PositiveSmallIntegerField(default=1, editable=False)

    state = models.CharField(max_length=20, choices=EncounterState, default=EncounterState.TO_CODE)
    received_at = models.DateTimeField(auto_now_add=True)

    objects = EncounterQuerySet.as_manager()

    class Meta:
        ordering = ["date_of_service", "id"]
        permissions = [
            ("code_encounter", "Can answer questions about an encounter"),
            ("void_encounter", "Can void any encounter"),
            ("export_encounter", "Can take lists of encounters away as files"),
            ("view_every_encounter", "Can view every encounter, whoever codes it"),
        ]
        constraints = [
            # The external id comes first: people look for it without knowing the source.
            models.UniqueConstraint(
                fields=["external_id", "source"], name="one_encounter_per_external_id_and_source"
            ),
        ]
        # With the state beside them a list is counted from an index alone: most leave out what is void.
        indexes = [
            models.Index(fields=["state", "date_of_service", "id"], name="encounter_by_state"),
            # With the arrival too: what came lately is passed by in the index, not row by row.
            models.Index(
                fields=["date_of_service", "id", "state", "received_at"], name="encounter_by_date"
            ),
            models.Index(
                fields=["patient_reference", "date_of_service", "id"], name="encounter_by_reference"
            ),
            models.Index(fields=["patient", "date_of_service"], name="encounter_by_patient"),
            models.Index(fields=["received_at", "id", "state"], name="encounter_by_arrival"),
            models.Index(
                fields=["registered_provider", "date_of_service", "id", "state"],
                name="encounter_by_provider",
            ),
            models.Index(
                fields=["registered_payer", "date_of_service", "id", "state"],
                name="encounter_by_payer",
            ),
        ]

    def __str__(self) -> str:
        return f"Encounter {self.external_id}"

    def get_absolute_url(self) -> str:
        """The page that shows the whole encounter."""
        return reverse("encounter", args=[self.public_id])

    @classmethod
    def first_values(
        cls, rows: models.QuerySet[Any], columns: Iterable[str]
    ) -> models.QuerySet[Any]:
        """With the content that it came with, which a corrected one keeps in its first revision."""
        first = EncounterRevision.objects.filter(encounter=models.OuterRef("pk"), number=1)
        content = Coalesce(models.Subquery(first.values("content_hash")), "content_hash")
        return rows.values_list("pk", *columns, content)


class EncounterRevision(AppendOnly):
    """What an encounter said before it was corrected; the encounter itself says what counts now."""

    TOLD = EVERY_COLUMN

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    record = models.JSONField()
    content_hash = models.CharField(max_length=64)
    changes = models.JSONField(help_text="The fields that the correction changed.")
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    corrected_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["encounter", "number"], name="one_revision_per_number")
        ]

    def __str__(self) -> str:
        return f"revision {self.number}"


class SupersededDocument(AppendOnly):
    """A document that another one took the place of: kept to be read, never proposed from.

    Days are as the source wrote them. ``superseded_by`` and ``superseded_on`` are kind and day of the document in its
    place, empty where the source names none.
    """

    encounter = models.ForeignKey(
        Encounter, on_delete=models.PROTECT, related_name="superseded_documents"
    )
    kind = models.CharField(max_length=120)
    day = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    superseded_by = models.CharField(max_length=120, blank=True)
    superseded_on = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=32)
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["encounter", "digest"], name="one_superseded_text_per_encounter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.day}" if self.day else self.kind


class Diagnosis(models.Model):
    """An ICD-10-CM diagnosis of an encounter, in reported order."""

    encounter = models.ForeignKey(
        Encounter, on_delete=models.PROTECT, related_name="diagnoses", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["encounter", "position"], name="one_diagnosis_per_position"
            ),
        ]
        # Looked for by how they begin, which an index in the order of a language does not serve.
        indexes = [
            models.Index(
                fields=["code", "encounter"],
                opclasses=["varchar_pattern_ops", "int8_ops"],
                name="diagnosis_by_code",
            ),
            # Through a list in its own order, with the code beside them.
            models.Index(fields=["encounter", "code"], name="diagnosis_of_encounter"),
        ]

    def __str__(self) -> str:
        return self.code
