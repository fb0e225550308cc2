"""Provider queries: what is asked of the provider, and what came back."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from coding.models import Service
from coding.models.append_only import EVERY_COLUMN, Kept


class QueryState(models.TextChoices):
    """Where a query stands."""

    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed without an answer"


class ProviderQuery(Kept):
    """A non-leading question to the provider about facts that the note leaves open. It is never a final code.

    ``facts`` are the keys of the facts concerned: answering opens a round in which only they are open again.
    """

    MAY_CHANGE = (
        "state",
        "answer",
        "provider",
        "answered_on",
        "closed_by",
        "closed_at",
        "reason",
        "reminded_at",
        "escalated_at",
    )
    REFUSED_CHANGE = f"OLD.state <> '{QueryState.OPEN.value}'"
    TOLD = EVERY_COLUMN

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="queries")
    round = models.PositiveSmallIntegerField(help_text="The round whose judgement asked.")
    ruling = models.OneToOneField(
        "reviews.Ruling", on_delete=models.PROTECT, null=True, blank=True, related_name="query"
    )
    facts = models.JSONField(default=list)
    text = models.TextField()
    state = models.CharField(max_length=20, choices=QueryState, default=QueryState.OPEN)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(
        null=True, blank=True, help_text="When who asked was reminded."
    )
    escalated_at = models.DateTimeField(
        null=True, blank=True, help_text="When all supervisors were told of it."
    )
    answer = models.TextField(blank=True)
    provider = models.CharField(max_length=120, blank=True, help_text="Who answered.")
    answered_on = models.DateField(
        null=True, blank=True, help_text="The day on the provider's answer."
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why it was closed without an answer.")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "asked_at", "id"], name="query_by_state")]
        permissions = [
            ("answer_providerquery", "Can type a provider's answer, or close a query without one")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=models.Q(state=QueryState.OPEN),
                name="one_open_query_per_service",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=QueryState.ANSWERED)
                | (
                    ~models.Q(answer="")
                    & ~models.Q(provider="")
                    & models.Q(answered_on__isnull=False)
                ),
                name="answered_query_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state=QueryState.OPEN) | models.Q(closed_at__isnull=False),
                name="ended_query_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Query about {self.service}"

    def get_absolute_url(self) -> str:
        """The page on which the answer is typed."""
        return reverse("query", args=[self.public_id])
