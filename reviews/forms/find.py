"""What an encounter is looked for by. It names a patient, so it is sent as a form and never stands in an address."""

from typing import Any

from django import forms

from coding.intake.check import LONGEST


class FindForm(forms.Form):
    """An external id, a patient reference, or both."""

    external_id = forms.CharField(
        label="External id",
        max_length=LONGEST["external_id"],
        required=False,
        help_text="Whole, as it was sent.",
    )
    patient_reference = forms.CharField(
        max_length=LONGEST["patient_reference"], required=False, help_text="Whole, as it was sent."
    )

    def clean(self) -> dict[str, Any]:
        """Without either there is nothing to look for."""
        data = super().clean() or {}
        if not self.errors and not any(data.values()):
            raise forms.ValidationError("Fill in an external id or a patient reference.")
        return data
