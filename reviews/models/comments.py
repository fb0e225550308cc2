"""Comments on a case: what somebody says, and who has to act on it."""

from django.conf import settings
from django.db import models

from coding.models.append_only import EVERY_COLUMN, Kept
from reviews.models.cases import ReviewCase


class CaseComment(Kept):
    """What a person says about a case. ``acts`` has to do something about it, until somebody marks it as done."""

    MAY_CHANGE = ("done_by", "done_at")
    REFUSED_CHANGE = "OLD.done_at IS NOT NULL"
    TOLD = EVERY_COLUMN

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acts = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    made_at = models.DateTimeField(auto_now_add=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, done_by__isnull=True)
                | models.Q(done_at__isnull=False, done_by__isnull=False, acts__isnull=False),
                name="done_comment_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(
                fields=["acts", "id"],
                condition=models.Q(done_at__isnull=True),
                name="comment_to_act_on",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment on {self.case}"
