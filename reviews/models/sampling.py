"""Sampling rates: how many of a coder's decisions a supervisor sees although coder and rules agree."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Coalesce

from coding.models.append_only import EVERY_COLUMN, Recorded


class SamplingRate(Recorded):
    """The share of agreed decisions that go to the queue: of one coder, or of all who have no rate of their own."""

    TOLD = EVERY_COLUMN

    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: every coder without a rate of their own.",
    )
    percent = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    reason = models.TextField(help_text="Why so many.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("coder", 0), name="one_rate_per_coder_and_one_for_the_rest"
            ),
            models.CheckConstraint(
                condition=models.Q(percent__lte=100), name="rate_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coder.name if self.coder else 'All others'}: {self.percent} %"
