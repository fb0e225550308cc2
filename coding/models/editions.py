"""Every saved edition of a draft, and what people comment on its cells."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from coding.models.append_only import EVERY_COLUMN, AppendOnly, Kept
from coding.models.rule_sets import RuleDocument, RuleSetVersion


class DraftEdition(AppendOnly):
    """A draft as somebody saved it: the document that its rows made, or the rows that made none.

    Without a document ``content`` holds them, as ``coding.rules.draft_content`` does; ``terms`` holds the rows of a
    lexicon that could not be read. ``beside`` holds worked cases, for whom and from when the draft is, and its note;
    nothing in an edition of the time before these were kept. ``at`` is empty for what stood before editions were.
    """

    TOLD = EVERY_COLUMN

    version = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, null=True)
    document = models.ForeignKey(
        RuleDocument, on_delete=models.PROTECT, null=True, related_name="+"
    )
    content = models.JSONField(null=True)
    lexicon = models.ForeignKey(
        "coding.LexiconDocument", on_delete=models.PROTECT, null=True, related_name="+"
    )
    terms = models.JSONField(null=True)
    beside = models.JSONField(null=True)
    what = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["version", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="one_edition_per_number")
        ]

    def __str__(self) -> str:
        return f"edition {self.number}"


class CellComment(Kept):
    """A comment on a cell of a draft; ``column`` is a fact's key or the name of a rule's field. It can be settled."""

    MAY_CHANGE: ClassVar[tuple[str, ...]] = ("settled_by", "settled_at")
    TOLD = EVERY_COLUMN

    version = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="comments")
    rule_id = models.CharField("rule", max_length=20)
    column = models.CharField(max_length=60)
    text = models.CharField(max_length=1000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["version", "settled_at"], name="comments_of_a_draft")]

    def __str__(self) -> str:
        return f"{self.rule_id}, {self.column}"
