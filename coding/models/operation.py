"""What is known of the processes that run: when scheduled work was done, and which workers gave a sign."""

from django.db import models


class ScheduledRun(models.Model):
    """The last run of one piece of scheduled work. What there is to do, and when, stands in ``SCHEDULED_WORK``.

    It runs while ``ended_at`` is null beside ``begun_at``.
    """

    key = models.CharField(max_length=60, unique=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True, help_text="When it last ended well.")
    failed = models.BooleanField(default=False)
    result = models.CharField(
        max_length=300, blank=True, help_text="What came of it, without a patient's data."
    )

    class Meta:
        verbose_name = "scheduled work"
        verbose_name_plural = "scheduled work"
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class WorkerSign(models.Model):
    """A sign of life that a worker gives every few seconds."""

    name = models.CharField(max_length=200, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
