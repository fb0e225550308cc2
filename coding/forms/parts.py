"""Fields and mixins that several forms share."""

import re
import uuid
from typing import Any

from django import forms

from coding.models import RuleSet

MODIFIER = re.compile(r"[0-9A-Z]{2}")


class IdempotentForm(forms.Form):
    """A form that acts once however often it is sent."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def date_field(**kwargs: Any) -> forms.DateField:
    """A date as ISO text, with the browser's own picker."""
    errors = {"invalid": "Write the date as year-month-day, such as 2026-05-31."}
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(input_formats=["%Y-%m-%d"], widget=widget, error_messages=errors, **kwargs)


def rule_set_field() -> forms.ModelChoiceField:
    """Which family of codes an encounter is coded in."""
    return forms.ModelChoiceField(
        RuleSet.objects.all(),
        empty_label=None,
        error_messages={"required": "Choose a rule set. If there is none, ask a rule administrator to load one."},
    )


class ModifiersField(forms.CharField):
    """Modifiers separated by spaces or commas, as a tuple."""

    def to_python(self, value: Any) -> Any:
        """Split and check."""
        modifiers = tuple((super().to_python(value) or "").upper().replace(",", " ").replace("-", " ").split())
        for modifier in modifiers:
            if not MODIFIER.fullmatch(modifier):
                raise forms.ValidationError("A modifier has two characters, such as LT; separate several by spaces.")
        return modifiers


class ProcedureCodeField(forms.RegexField):
    """A CPT or HCPCS Level II code by its shape."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            regex=r"^[0-9A-Za-z][0-9]{3}[0-9A-Za-z]$",
            error_messages={"invalid": "A procedure code has five characters, such as 27256."},
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """Codes are upper case."""
        return (super().to_python(value) or "").upper()
