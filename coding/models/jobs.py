"""Jobs: work in the background, whose truth is in these rows. Celery only carries a hint to look here.

A chunk is claimed by a conditional UPDATE on the database's clock, its attempt number fences off a holder that lost
its lease, and everything that is counted is counted from rows. docs/architecture.md says why.
"""

import uuid

from django.conf import settings
from django.db import models


class JobState(models.TextChoices):
    """The life of a job."""

    PLANNED = "planned", "Planned"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"


class Job(models.Model):
    """A piece of background work, cut into chunks. ``kind`` names the handler that knows what to do."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=20, choices=JobState, default=JobState.RUNNING)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Null: the scheduler.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    running_since = models.DateTimeField(
        null=True, blank=True, help_text="When it was last started or resumed."
    )
    served_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When a worker last took a chunk: the job that waited longest is next.",
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="job_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class ChunkState(models.TextChoices):
    """The life of a chunk. A failed chunk was lost or refused too often and waits for a person."""

    PENDING = "pending", "Pending"
    LEASED = "leased", "Leased"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class JobChunk(models.Model):
    """A part of a job that one worker does at a time. ``payload`` holds ids only, never patients' data.

    A chunk whose worker was lost is done ``careful``: each item is noted in ``trying`` before it is worked on. An
    item that was being tried at two losses is the culprit and goes to ``quarantined``; after one it is only
    ``suspect``, because a worker may also have been killed from outside.
    """

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="How many items it has.")
    payload = models.JSONField()
    state = models.CharField(max_length=20, choices=ChunkState, default=ChunkState.PENDING)
    attempt = models.PositiveSmallIntegerField(default=0)
    setbacks = models.PositiveSmallIntegerField(
        default=0,
        help_text="Attempts that were lost or raised an error, since an item was last quarantined.",
    )
    careful = models.BooleanField(default=False)
    trying = models.PositiveBigIntegerField(null=True, blank=True)
    suspect = models.PositiveBigIntegerField(null=True, blank=True)
    quarantined = models.JSONField(default=list)
    lease_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(
        max_length=200, blank=True, help_text="The kind of error, without any data."
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="one_chunk_per_number"),
            # A lease without an end would hide stuck work for ever.
            models.CheckConstraint(
                condition=~models.Q(state=ChunkState.LEASED) | models.Q(lease_until__isnull=False),
                name="leased_chunk_has_an_end",
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until", "id"], name="chunk_to_claim")]

    def __str__(self) -> str:
        return f"{self.job} chunk {self.number}"
