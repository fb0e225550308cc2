"""Worked cases: answers with the end that an expert expects of a version's rules."""

from django.db import models

from coding.decision import OutcomeKind
from coding.models.rule_sets import RuleSetVersion, VersionPart

ANSWERS_HELP = (
    "One answer a line, such as “anesthesia: general”. Leave out what is not answered; “unknown” is not documented, "
    "“conflicting” documented two ways."
)


class WorkedCase(VersionPart):
    """A case of a version: answers and their expected end. It holds no note, so that no patient's text gets here."""

    version = models.ForeignKey(
        RuleSetVersion, on_delete=models.CASCADE, related_name="worked_cases"
    )
    case_id = models.CharField("case", max_length=40)
    answers = models.TextField(blank=True, help_text=ANSWERS_HELP)
    outcome = models.CharField(
        "expected outcome",
        max_length=20,
        choices=[(kind.value, kind.words) for kind in OutcomeKind],
    )
    code = models.CharField("expected code", max_length=5, blank=True)
    modifiers = models.CharField(
        "expected modifiers",
        max_length=40,
        blank=True,
        help_text="Separated by spaces, in any order.",
    )
    further_lines = models.CharField(
        "expected further lines",
        max_length=200,
        blank=True,
        help_text="Such as “12345, 54321 x 2”, or “none”. If nothing is written, they are not looked at.",
    )
    origin = models.CharField(
        max_length=200,
        blank=True,
        help_text="Who expects this, or the source. No patient and no text of a note.",
    )

    class Meta(VersionPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "case_id"], name="one_worked_case_per_id")
        ]

    def __str__(self) -> str:
        return f"Case {self.case_id}"
