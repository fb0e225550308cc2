"""Lexicons: which phrases of a note speak of which answers. Rows to edit, and the document that they make."""

from django.db import models

from coding.models.append_only import AppendOnly
from coding.models.rule_sets import RuleSetVersion, VersionPart


class LexiconDocument(AppendOnly):
    """The canonical document of a lexicon, stored once for each content; never changed.

    An answer points to the one that read the note when it was given.
    """

    content_hash = models.CharField(max_length=64, unique=True)
    document = models.JSONField()

    def __str__(self) -> str:
        return self.content_hash[:12]


class LexiconTerm(VersionPart):
    """A row of a version's lexicon: what a phrase says of a fact (see ``coding.evidence.Term``)."""

    STRENGTHS = [
        ("clue", "clue: proves nothing alone"),
        ("hint", "hint: counts where nothing stronger is said"),
        ("usual", "usual"),
        ("explicit", "explicit: counts before what is usual"),
    ]

    version = models.ForeignKey(
        RuleSetVersion, on_delete=models.CASCADE, related_name="lexicon_terms"
    )
    phrase = models.CharField(
        max_length=300,
        help_text="Words; (a|b) one of several, [a] or not, {group}, word* any ending, <3> up to three words between.",
    )
    fact = models.CharField(max_length=60, help_text="The key of a question, such as anesthesia.")
    value = models.CharField(
        max_length=60,
        blank=True,
        help_text="The answer if the phrase is affirmed; empty keeps shorter phrases out.",
    )
    negated = models.CharField(
        max_length=60, blank=True, help_text="The answer if it is denied, if any follows."
    )
    section = models.CharField(
        max_length=60, blank=True, help_text="Only in sections of this name."
    )
    strength = models.CharField(max_length=10, choices=STRENGTHS, default="usual")
    lasting = models.BooleanField(
        default=False, help_text="It holds today also if the note tells it as history."
    )
    tied = models.BooleanField(
        default=False, help_text="It counts only beside a name of the part of the body."
    )
    needs = models.CharField(
        max_length=200, blank=True, help_text="fact=value|value that must be said elsewhere."
    )
    unless = models.CharField(
        max_length=200, blank=True, help_text="fact=value|value that must not be said elsewhere."
    )

    against = models.CharField(
        max_length=200,
        blank=True,
        help_text="value|value that the phrase makes doubtful; silence: there is more to know.",
    )

    class Meta(VersionPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["version", "phrase", "fact", "section"], name="one_lexicon_term_per_phrase"
            )
        ]
        indexes = [models.Index(fields=["version", "fact", "phrase"], name="lexicon_term_by_fact")]

    def __str__(self) -> str:
        return f"{self.phrase}: {self.fact}"
