"""Coding rounds: each is one judgement of a coder on a service."""

from django.db import models

from coding.models import Service
from coding.models.append_only import EVERY_COLUMN, Kept


class RoundReason(models.TextChoices):
    """Why a round was opened: what became known, or what somebody undid."""

    INITIAL = "initial", "First coding"
    QUERY_ANSWERED = "query_answered", "The provider answered"
    QUERY_CLOSED = "query_closed", "The query was closed without an answer"
    SOURCE_CORRECTED = "source_corrected", "The source corrected the encounter"
    RETURNED = "returned", "A supervisor returned it"
    TAKEN_BACK = "taken_back", "The coder took the decision back"


class RoundEnd(models.TextChoices):
    """How a round ended."""

    DECIDED = "decided", "Decided"
    TAKEN_BACK = "taken_back", "Taken back"
    OVERTAKEN = "overtaken", "Overtaken"


class CodingRound(Kept):
    """A time in which a service is, or was, to be coded.

    ``revision`` is the encounter's when it began. Written by ``reviews.actions.rounds`` alone.
    """

    MAY_CHANGE = ("closed_at", "ended")
    # It ends once; a decision may be taken back.
    REFUSED_CHANGE = "OLD.ended <> '' AND NOT (OLD.ended = 'decided' AND NEW.ended = 'taken_back')"
    TOLD = EVERY_COLUMN

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=20, choices=RoundReason)
    revision = models.PositiveSmallIntegerField(default=1)
    query = models.ForeignKey(
        "reviews.ProviderQuery",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rounds",
    )
    case = models.ForeignKey(
        "reviews.ReviewCase", on_delete=models.PROTECT, null=True, blank=True, related_name="rounds"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=20, choices=RoundEnd, blank=True)

    class Meta:
        ordering = ["service", "number"]
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="one_round_per_number"),
            models.UniqueConstraint(
                fields=["service"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_round_per_service",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, ended="")
                | models.Q(closed_at__isnull=False) & ~models.Q(ended=""),
                name="closed_round_says_how_it_ended",
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    reason__in=[RoundReason.QUERY_ANSWERED, RoundReason.QUERY_CLOSED]
                )
                | models.Q(query__isnull=False),
                name="round_after_a_query_names_it",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=RoundReason.RETURNED) | models.Q(case__isnull=False),
                name="returned_round_names_its_case",
            ),
        ]
        indexes = [
            models.Index(
                fields=["service", "number"],
                condition=models.Q(ended=RoundEnd.TAKEN_BACK),
                name="round_taken_back",
            ),
        ]

    def __str__(self) -> str:
        return f"Round {self.number}: {self.get_reason_display()}"
