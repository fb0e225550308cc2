"""Forms on the pages that take a version from draft to in force."""

from collections.abc import Iterable
from typing import Any

from django import forms

from coding.forms.parts import IdempotentForm, can_be_a_start, date_field
from coding.forms.signing import SignedForm
from coding.models import Precedent, RuleSetVersion
from coding.rules.precedents import Reversal
from reviews.actions.publishing import Looked, Named, seen_content
from reviews.models import RuleDefect
from reviews.publishing import named, touched


def reason_field(help_text: str = "", *, required: bool = True) -> forms.CharField:
    """Why, in a few lines."""
    return forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 70}),
        help_text=help_text,
        required=required,
    )


class LookedForm(IdempotentForm):
    """What somebody had before them when they sent a version on; asked is only what there was to look at."""

    content = forms.CharField(widget=forms.HiddenInput)
    knows_past = forms.BooleanField(
        label="I mean a day that has passed",
        error_messages={
            "required": "The day has passed. Say here that you mean it, or choose another."
        },
    )

    def __init__(self, *args: Any, version: RuleSetVersion, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["content"] = seen_content(version)
        if not touched.is_back_dated(day):
            del self.fields["knows_past"]

    @property
    def looked(self) -> Looked:
        """For the verb."""
        return Looked(self.cleaned_data["content"], self.cleaned_data.get("knows_past", False))


class SubmitForm(LookedForm):
    """A draft on its way to the approvers."""

    effective_from = date_field(
        label="In force from",
        validators=[can_be_a_start],
        help_text="The first day of service that it decides.",
    )
    reason = reason_field("What changes and why. Approvers and auditors read it.")

    def __init__(self, *args: Any, version: RuleSetVersion, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, version=version, day=day, **kwargs)
        self.reversals = named.reversals(version)
        reasons = named.reasons(version)
        for reversal in self.reversals:
            precedent = reversal.precedent
            self.fields[_field_of(precedent)] = reversal_field(
                reversal, reasons.get(precedent.pk, "")
            )
        if defects := named.open_defects(version):
            self.fields["cures"] = cures_field(defects)
            self.initial["cures"] = [str(key) for key in named.named_cures(version)]
        self.order_fields(["effective_from", "reason", *map(_field_of, self._precedents), "cures"])

    @property
    def _precedents(self) -> list[Precedent]:
        return [reversal.precedent for reversal in self.reversals]

    @property
    def says(self) -> Named:
        """For the verb."""
        reasons = {
            precedent.pk: self.cleaned_data[_field_of(precedent)] for precedent in self._precedents
        }
        return Named(reasons, [int(key) for key in self.cleaned_data.get("cures", [])])


def _field_of(precedent: Precedent) -> str:
    return f"reverses_{precedent.pk}"


def reversal_field(reversal: Reversal, reason: str) -> forms.CharField:
    """Why a precedent is reversed."""
    precedent = reversal.precedent
    return forms.CharField(
        label=f"Why {precedent.name} is reversed",
        initial=reason,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 70}),
        help_text=f"“{precedent.title}” It was ruled {precedent.words}, and comes out as {reversal.instead}.",
        error_messages={"required": f"Say why {precedent.name} is reversed, or mend the rules."},
    )


def cures_field(defects: Iterable[RuleDefect]) -> forms.MultipleChoiceField:
    """The open rule defects that a version mends."""
    return forms.MultipleChoiceField(
        label="Rule defects that it mends",
        required=False,
        choices=[(str(defect.pk), f"{defect}: {defect.reason}") for defect in defects],
        widget=forms.CheckboxSelectMultiple,
        help_text="Publishing closes them, and opens a run over their services.",
    )


class PublishForm(LookedForm, SignedForm):
    """A version in review on its way to being in force."""

    reason = reason_field("Why you approve it: what you compared it with.")

    field_order = ["reason", "knows_past"]


class ReasonForm(IdempotentForm):
    """A step that needs a reason only."""

    reason = reason_field()


class SignedReasonForm(ReasonForm, SignedForm):
    """A step that needs a reason and a signature."""


class CopyForm(IdempotentForm):
    """A draft with the content of a version."""

    effective_from = date_field(label="In force from", validators=[can_be_a_start], required=False)
    reason = reason_field("Why this content is taken up again, if it is.", required=False)
