"""The audit trail: append-only, hash-chained, with its head kept outside the table."""

from django.conf import settings
from django.db import models

from coding.models.append_only import AppendOnly


class AuditEvent(AppendOnly):
    """One verb that somebody carried out. Written by ``coding.trail`` only; the database refuses changes.

    ``encounter`` is the public id of the encounter it concerns, so that a time line outlives the rows. ``records`` are
    the rows that the verb wrote, with their values (``coding.trail.records``).
    """

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=300)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    encounter = models.UUIDField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    records = models.JSONField(default=dict)
    request_id = models.CharField(max_length=60, blank=True)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        indexes = [
            models.Index(fields=["encounter", "sequence"], name="audit_by_encounter"),
            models.Index(
                fields=["subject_type", "subject_id", "sequence"], name="audit_by_subject"
            ),
            models.Index(fields=["actor", "sequence"], name="audit_by_actor"),
            models.Index(fields=["event", "sequence"], name="audit_by_event"),
            models.Index(fields=["at", "sequence"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.event}"


class AuditHead(models.Model):
    """The end of the chain: how many events there are and the last hash, signed. One row.

    Writers lock it, so the chain cannot fork; a tail cut off the table no longer agrees with it.
    """

    count = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)
    key = models.CharField(
        max_length=40, default="first", help_text="The id of the key that signed it."
    )

    def __str__(self) -> str:
        return f"{self.count} events"
