"""What a suggestion, a decision, a ruling and a final code have in common: what is, or is not, reported."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from coding.decision import OutcomeKind
from coding.reference.modifiers import in_order

OUTCOMES = [
    (OutcomeKind.CODE.value, "Code"),
    (OutcomeKind.PROVIDER_QUERY.value, "Provider query"),
    (OutcomeKind.SUPERVISOR_REVIEW.value, "Supervisor review"),
    (OutcomeKind.NO_FAMILY_CODE.value, "Nothing to report"),
]


def in_short(outcome: str, code: str, modifiers: Iterable[str]) -> str:
    """The whole report in one word, such as ``12345-LT`` or ``provider_query``: equal if and only if it is the same.

    A key to compare by, whatever order the modifiers are shown in; ``in_words`` is for people.
    """
    return "-".join([code or outcome, *sorted(modifiers)])


def in_words(outcome: str, code: str, modifiers: Iterable[str]) -> str:
    """The report as people read it: a code with its modifiers in the order of the claim, or what there is instead."""
    return "-".join([code, *in_order(modifiers)]) if code else dict(OUTCOMES)[outcome]


def report_in_words(reported: str) -> str:
    """A stored comparison key as people read it."""
    outcomes = dict(OUTCOMES)
    if reported in outcomes:
        return outcomes[reported]
    code, *modifiers = reported.split("-")
    return "-".join([code, *in_order(modifiers)])


def names_a_code_or_none(row: str) -> models.CheckConstraint:
    """Whatever reports a code names it, and nothing else names one. ``row`` is what the row is called."""
    is_code = models.Q(outcome=OutcomeKind.CODE.value)
    return models.CheckConstraint(
        condition=is_code & ~models.Q(code="") | ~is_code & models.Q(code=""), name=f"{row}_names_a_code_or_none"
    )


class ComparisonKey(models.CharField):
    """The report in short, made of the row's own values whenever it is stored."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Called by ``save`` and ``bulk_create`` alike."""
        row: Any = model_instance
        row.reported = in_short(row.outcome, row.code, row.modifiers)
        return str(row.reported)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """For migrations it is a plain text."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class Reported(models.Model):
    """An outcome; for a code with its modifiers. ``reported`` lets the database compare them."""

    outcome = models.CharField(max_length=20, choices=OUTCOMES)
    code = models.CharField(max_length=5, blank=True)
    modifiers = models.JSONField(default=list)
    reported = ComparisonKey(max_length=60, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The report as people read it."""
        return in_words(self.outcome, self.code, self.modifiers)


class Claimed(Reported):
    """What a person reports: beside the code its units, and the diagnoses it is reported for, by their codes.

    Codes and not places: a correction that inserts a diagnosis would shift every place.
    """

    units = models.PositiveSmallIntegerField(default=1)
    diagnosis_codes = models.JSONField(default=list)

    class Meta:
        abstract = True
