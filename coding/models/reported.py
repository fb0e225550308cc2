"""What a suggestion, a decision, a ruling and a final code have in common: what is, or is not, reported."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from coding.decision import Line, Outcome, OutcomeKind
from coding.decision.modifiers import in_order

OUTCOMES = [
    (OutcomeKind.CODE.value, "Code"),
    (OutcomeKind.PROVIDER_QUERY.value, "Provider query"),
    (OutcomeKind.SUPERVISOR_REVIEW.value, "Supervisor review"),
    (OutcomeKind.NO_FAMILY_CODE.value, "Nothing to report"),
]

# A further line as rows keep it: its code and its units, ``["12345", 2]``.
FurtherLines = Iterable[Sequence[Any]]

# A code with four modifiers, and as many further lines as a rule set or a person may name.
LONGEST_REPORT = 200


def in_short(
    outcome: str, code: str, modifiers: Iterable[str], further_lines: FurtherLines = ()
) -> str:
    """The whole report in one word, such as ``12345-LT+54321x2`` or ``provider_query``: equal if and only if the same.

    A key to compare by, in whatever order modifiers and further lines are shown; ``in_words`` is for people.
    """
    first = "-".join([code or outcome, *sorted(modifiers)])
    further = [f"{own}x{units}" for own, units in further_lines]
    return "+".join([first, *sorted(further)])


def short_of(outcome: Outcome) -> str:
    """The comparison key of what rules yield."""
    return in_short(outcome.kind.value, outcome.code, outcome.modifiers, outcome.lines)


def in_words(
    outcome: str,
    code: str,
    modifiers: Iterable[str],
    further_lines: FurtherLines = (),
    units: int = 1,
) -> str:
    """The report as people read it: a code with its modifiers in the order of the claim, or what there is instead."""
    if not code:
        return dict(OUTCOMES)[outcome]
    first = line_in_words("-".join([code, *in_order(modifiers)]), units)
    further = [line_in_words(own, units) for own, units in further_lines]
    return " + ".join([first, *further])


def line_in_words(code: str, units: int) -> str:
    """A line as people read it: its code, and its units where there are several."""
    return code if units == 1 else f"{code} × {units}"


def lines_in_words(lines: FurtherLines) -> str:
    """Further lines as people read and write them."""
    return ", ".join(line_in_words(code, units) for code, units in lines)


def report_in_words(reported: str) -> str:
    """A stored comparison key as people read it."""
    outcomes = dict(OUTCOMES)
    if reported in outcomes:
        return outcomes[reported]
    first, *further = reported.split("+")
    code, *modifiers = first.split("-")
    lines = []
    for line in further:
        own, _, units = line.partition("x")
        lines.append(Line(own, int(units)))
    return in_words(OutcomeKind.CODE.value, code, modifiers, lines)


def names_a_code_or_none(row: str) -> models.CheckConstraint:
    """Whatever reports a code names it, and nothing else names one. ``row`` is what the row is called."""
    is_code = models.Q(outcome=OutcomeKind.CODE.value)
    names_none = models.Q(code="")
    return models.CheckConstraint(
        condition=(is_code & ~names_none) | (~is_code & names_none),
        name=f"{row}_names_a_code_or_none",
    )


class ComparisonKey(models.CharField):
    """The report in short, made of the row's own values whenever it is stored."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Called by ``save`` and ``bulk_create`` alike."""
        row: Any = model_instance
        row.reported = row.in_short
        return str(row.reported)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """For migrations it is a plain text."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class Reported(models.Model):
    """An outcome; for a code with its modifiers and further lines. ``reported`` lets the database compare them.

    ``further_lines`` are add-ons and second codes that are reported with it, each ``[code, units]``.
    """

    outcome = models.CharField(max_length=20, choices=OUTCOMES)
    code = models.CharField(max_length=5, blank=True)
    modifiers = models.JSONField(default=list)
    further_lines = models.JSONField(default=list)
    reported = ComparisonKey(max_length=LONGEST_REPORT, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_words(self.outcome, self.code, self.modifiers, self.further_lines)

    @property
    def in_short(self) -> str:
        """The comparison key of the values as they are now; ``reported`` is the one that is stored."""
        return in_short(self.outcome, self.code, self.modifiers, self.further_lines)

    @property
    def words(self) -> str:
        """The report as people read it."""
        return in_words(self.outcome, self.code, self.modifiers, self.further_lines)


class Claimed(Reported):
    """What a person reports: beside the code its units, and the diagnoses it is reported for, by their codes.

    Codes and not places: a correction that inserts a diagnosis would shift every place.
    """

    units = models.PositiveSmallIntegerField(default=1)
    diagnosis_codes = models.JSONField(default=list)

    class Meta:
        abstract = True

    @property
    def words(self) -> str:
        """The report as people read it, with its units."""
        return in_words(
            self.outcome, self.code, self.modifiers, self.further_lines, units=self.units
        )
