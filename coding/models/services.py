"""Services: what is coded under one rule set within an encounter, and the submitted lines it answers for."""

import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse

from coding.decision.modifiers import in_order
from coding.models.append_only import Kept, refused_moves
from coding.models.encounters import Encounter
from coding.models.facts import FactProfile
from coding.models.people import User
from coding.models.rule_sets import RuleSet, RuleSetVersion
from coding.models.suggestions import Suggestion


class ServiceState(models.TextChoices):
    """How far the coding of a service has come. Which verb leads where: ``reviews.transitions``."""

    TO_CODE = "to_code", "To code"
    IN_REVIEW = "in_review", "In review"
    AWAITING_PROVIDER = "awaiting_provider", "Awaiting provider"
    FINAL = "final", "Final"
    WITHDRAWN = "withdrawn", "Withdrawn"


TO_CODE, IN_REVIEW, AWAITING = (
    ServiceState.TO_CODE,
    ServiceState.IN_REVIEW,
    ServiceState.AWAITING_PROVIDER,
)
FINAL, WITHDRAWN = ServiceState.FINAL, ServiceState.WITHDRAWN
# From where to where ``reviews.transitions`` leads; the database knows no verbs.
SERVICE_MOVES = {
    (TO_CODE, FINAL),
    (TO_CODE, IN_REVIEW),
    (TO_CODE, WITHDRAWN),
    (IN_REVIEW, FINAL),
    (IN_REVIEW, AWAITING),
    (IN_REVIEW, TO_CODE),
    (IN_REVIEW, WITHDRAWN),
    (AWAITING, TO_CODE),
    (AWAITING, IN_REVIEW),
    (AWAITING, WITHDRAWN),
    (FINAL, IN_REVIEW),
    (FINAL, TO_CODE),
    (FINAL, WITHDRAWN),
}


class ServiceOrigin(models.TextChoices):
    """Why there is a service."""

    LINE = "line", "A submitted line"
    FAMILY = "family", "The rule set chosen when the encounter came in"
    CODER = "coder", "A coder added it"
    MOVED = "moved", "A coder moved it here from another rule set"
    PROPOSED = "proposed", "Proposed by line, diagnosis or note, and confirmed by a coder"
    SPLIT = "split", "A coder split it off another service"


class ServiceQuerySet(models.QuerySet["Service"]):
    """Services as people look for them."""

    def for_user(self, user: User) -> Self:
        """The services of the encounters that a person may open."""
        from coding.models import visibility

        if not user.has_perm("coding.view_encounter"):
            return self.none()
        if visibility.sees_all(user):
            return self
        return self.filter(encounter__in=visibility.seen_by(user))

    def standing(self) -> Self:
        """Services that were not withdrawn."""
        return self.exclude(state=ServiceState.WITHDRAWN)

    def open_to(self, coder: User) -> Self:
        """Services to code that belong to nobody else."""
        free = models.Q(assigned_to=None) | models.Q(assigned_to=coder)
        return self.filter(free, state=ServiceState.TO_CODE)


class Service(Kept):
    """A procedure, or a visit's level, of an encounter; without a rule set a line that no family claims.

    The answers of the guided form hang on it. ``profile`` points to the interned combination of them, ``suggestion``
    to what the rules made of it when it was last answered or decided; re-evaluation counts services by their
    suggestions. ``day`` and ``payer`` are copies of the encounter's, so that counting needs no join.

    The rule set and the number never change: a service is moved by withdrawing it and opening another. ``state`` is
    written by ``reviews.actions.standing`` alone.
    """

    MAY_CHANGE = (
        "day",
        "payer",
        "state",
        "assigned_to",
        "round",
        "version",
        "profile",
        "suggestion",
    )
    REFUSED_CHANGE = f"NEW.round < OLD.round OR {refused_moves(SERVICE_MOVES)}"
    TOLD = (
        "public_id",
        "encounter",
        "number",
        "rule_set",
        "origin",
        "from_service",
        "state",
        "round",
        "assigned_to",
    )
    BEGINS = {"state": ServiceState.TO_CODE.value, "round": 0, "assigned_to_id": None}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Two indexes of its own begin with the encounter.
    encounter = models.ForeignKey(
        Encounter, on_delete=models.PROTECT, related_name="services", db_index=False
    )
    number = models.PositiveSmallIntegerField(help_text="Within the encounter, from 1.")
    rule_set = models.ForeignKey(
        RuleSet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        db_index=False,
    )
    day = models.DateField(help_text="The encounter's date of service.")
    payer = models.CharField(max_length=120, blank=True)
    origin = models.CharField(max_length=20, choices=ServiceOrigin, default=ServiceOrigin.LINE)
    from_service = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="moved_to",
        db_index=False,
    )
    state = models.CharField(max_length=20, choices=ServiceState, default=ServiceState.TO_CODE)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        db_index=False,
    )
    round = models.PositiveSmallIntegerField(
        default=0, help_text="The latest coding round; 0 before the first."
    )
    version = models.ForeignKey(
        RuleSetVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        help_text="The version that the round began with, and keeps.",
    )
    profile = models.ForeignKey(
        FactProfile, on_delete=models.PROTECT, null=True, blank=True, related_name="services"
    )
    suggestion = models.ForeignKey(
        Suggestion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        db_index=False,
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["encounter", "number"]
        permissions = [
            (
                "withdraw_service",
                "Can withdraw, split or join services, or move one to another rule set",
            ),
            ("view_unclaimed", "Can list the submitted codes that no rule set claims"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["encounter", "number"], name="one_service_per_number"),
            models.CheckConstraint(
                condition=models.Q(rule_set__isnull=False)
                | models.Q(version__isnull=True, profile__isnull=True, suggestion__isnull=True),
                name="only_a_rule_set_suggests",
            ),
        ]
        indexes = [
            # Whether an encounter has a service that stands is read from it alone.
            models.Index(fields=["encounter", "state"], name="service_by_encounter"),
            models.Index(fields=["rule_set", "suggestion", "state"], name="service_by_suggestion"),
            models.Index(
                fields=["rule_set", "day", "payer", "suggestion", "state"], name="service_by_day"
            ),
            models.Index(fields=["assigned_to", "state", "encounter"], name="service_by_assignee"),
            models.Index(fields=["suggestion"], name="service_of_suggestion"),
            models.Index(
                fields=["assigned_to", "day", "encounter"],
                condition=models.Q(assigned_to__isnull=False),
                name="service_by_coder_and_day",
            ),
            # Of what was decided there may be review cases, which are listed by the day of service.
            models.Index(
                fields=["day", "id"], condition=models.Q(round__gt=0), name="decided_service_by_day"
            ),
            # So are the open cases of a payer or a provider, for whose encounters it is read through.
            models.Index(
                fields=["day", "id", "encounter"],
                condition=models.Q(state=ServiceState.IN_REVIEW),
                name="service_in_review_by_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Service {self.number} of {self.encounter}"

    @property
    def was_decided(self) -> bool:
        """Whether a service to code was decided in an earlier round: it is decided again, never moved or withdrawn."""
        return self.round > 1

    def get_absolute_url(self) -> str:
        """The page on which the service is coded."""
        return reverse("code", args=[self.public_id])


class ServiceLineQuerySet(models.QuerySet["ServiceLine"]):
    """Submitted lines."""

    def standing(self) -> Self:
        """The lines that the source still submits."""
        return self.filter(gone_in=None)


class ServiceLine(Kept):
    """A submitted procedure code with modifiers, units and pointers to the diagnoses (1 = first).

    A line belongs to exactly one service, so none is left out, and is never deleted: a correction keeps the row that
    still holds, ends what is gone, and links what replaces it. ``number`` is its name within the encounter for ever;
    ``position`` is its place in what the source sends now. ``first_service`` is that of a line that went to another.
    """

    MAY_CHANGE = ("service", "first_service", "position", "gone_in")
    # It goes to services of its own encounter, and what ended comes back by no way.
    REFUSED_CHANGE = """(
        NEW.service_id <> OLD.service_id AND NOT EXISTS (
            SELECT 1 FROM coding_service AS service
            WHERE service.id = NEW.service_id AND service.encounter_id = NEW.encounter_id
        )
        OR OLD.gone_in <> coalesce(NEW.gone_in, 0)
    )"""
    # What it says stands in the hash of its encounter.
    TOLD = ("encounter", "number", "service", "first_service")
    BEGINS = {"first_service_id": None}

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="service_lines")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="lines")
    first_service = models.ForeignKey(
        Service,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    number = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=5)
    modifiers = models.JSONField(default=list)
    units = models.PositiveSmallIntegerField(default=1)
    diagnosis_pointers = models.JSONField(default=list)
    gone_in = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The revision of the encounter that no longer submits it."
    )
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        db_index=False,
    )

    objects = ServiceLineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["encounter", "number"], name="one_service_line_per_number"
            ),
            models.CheckConstraint(condition=models.Q(units__gte=1), name="service_line_has_units"),
        ]
        indexes = [models.Index(fields=["code", "encounter"], name="service_line_by_code")]

    def __str__(self) -> str:
        return "-".join([self.code, *in_order(self.modifiers)])

    @classmethod
    def first_values(
        cls, rows: models.QuerySet[Any], columns: Iterable[str]
    ) -> models.QuerySet[Any]:
        """With the service under which each came."""
        return rows.values_list("pk", *columns, Coalesce("first_service", "service"))


class ServiceCode(models.Model):
    """A code that stands on a service: on a submitted line, in a suggestion, decided in some round, or as final.

    It is derived from these, and only looked things up by (``coding.importing.kept_codes``).
    """

    encounter = models.ForeignKey(
        Encounter, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "encounter", "service"], name="one_row_per_code_of_a_service"
            )
        ]

    def __str__(self) -> str:
        return self.code
