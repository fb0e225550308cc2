"""What a person says who opens an encounter outside of their work. The id stands in no address."""

from django import forms

from coding.forms.parts import IdempotentForm
from coding.intake.check import LONGEST


class BreakGlassForm(IdempotentForm):
    """Which encounter, and why it is to be seen."""

    external_id = forms.CharField(
        label="External id", max_length=LONGEST["external_id"], help_text="Whole, as it was sent."
    )
    source = forms.CharField(
        label="System",
        max_length=60,
        required=False,
        help_text="Where several systems use the same ids.",
    )
    reason = forms.CharField(
        label="Why you have to see it",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Auditors read this.",
    )
