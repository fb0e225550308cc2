"""What an author says of a version when it is submitted: which precedents it reverses, which rule defects it mends.

Publishing makes it so. Until then the rows are the author's, written anew with every submission.
"""

from django.db import models

from coding.models import Precedent, RuleSetVersion
from reviews.models.defects import RuleDefect


class NamedReversal(models.Model):
    """A precedent that comes out otherwise under a version, and why that is meant."""

    version = models.ForeignKey(
        RuleSetVersion, on_delete=models.PROTECT, related_name="named_reversals"
    )
    precedent = models.ForeignKey(
        Precedent, on_delete=models.PROTECT, related_name="named_reversals"
    )
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "precedent"], name="one_named_reversal_of_a_precedent"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="named_reversal_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} reverses {self.precedent.name}"


class NamedCure(models.Model):
    """A rule defect that a version is to mend; its publication closes it."""

    version = models.ForeignKey(
        RuleSetVersion, on_delete=models.PROTECT, related_name="named_cures"
    )
    defect = models.ForeignKey(RuleDefect, on_delete=models.PROTECT, related_name="named_cures")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "defect"], name="one_named_cure_of_a_defect")
        ]

    def __str__(self) -> str:
        return f"{self.version} mends {self.defect}"
