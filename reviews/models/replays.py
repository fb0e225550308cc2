"""Proofs by replay: every night all stored suggestions are decided again under their own documents."""

from django.db import models

from coding.models import Job, Suggestion
from coding.models.append_only import AppendOnly


class ReplayProof(models.Model):
    """One night's proof over the suggestions that were there when it began."""

    day = models.DateField(unique=True)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="proof")
    suggestions = models.PositiveIntegerField()

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"Replay of {self.day}"


class ReplayDifference(AppendOnly):
    """A suggestion that deciding again did not give: an alarm."""

    proof = models.ForeignKey(ReplayProof, on_delete=models.PROTECT, related_name="differences")
    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, related_name="+")
    problem = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proof", "suggestion"], name="one_difference_per_suggestion"
            ),
        ]

    def __str__(self) -> str:
        return self.problem
