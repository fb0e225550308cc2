"""Fields and mixins that several forms share."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from coding.decision import lines_from_text
from coding.decision.shapes import MODIFIER, PROCEDURE
from coding.models import RuleSet
from coding.models.reported import lines_in_words
from coding.tables.days import fault_of_start, is_too_early

# A field that the style sheet folds while nothing is written in it: only a placeholder lets the sheet see that.
FOLDS_EMPTY = {"placeholder": " "}


class IdempotentForm(forms.Form):
    """A form that acts once however often it is sent."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    @property
    def is_long_work(self) -> bool:
        """Whether people write sentences into it, which they would not like to write again."""
        return any(isinstance(field.widget, forms.Textarea) for field in self.fields.values())

    def put_back(self, typed: Mapping[str, str]) -> None:
        """Begin with what a person typed before. What the page itself says stays; a choice of many is made again."""
        for name, text in typed.items():
            field = self.fields.get(name)
            if field is None or field.widget.is_hidden or self.initial.get(name):
                continue
            if not isinstance(field, forms.MultipleChoiceField):
                self.initial[name] = text


class StandingForm(IdempotentForm):
    """A form of something that stands already: of two people who have it open the second one undoes nothing.

    ``as_read`` names the state that the page showed.
    """

    as_read: forms.Field = forms.CharField(widget=forms.HiddenInput)

    def put_back(self, typed: Mapping[str, str]) -> None:
        """Begin with what a person typed before, unless something else stands there by now."""
        if typed.get("as_read") == str(self.initial["as_read"]):
            own = {name: text for name, text in typed.items() if name in self.fields}
            self.initial.update(own)


def not_too_early(day: date) -> None:
    """Refuse a day that nothing can be of."""
    if is_too_early(day):
        raise forms.ValidationError("This day lies before 1900. Correct the year.")


def can_be_a_start(day: date) -> None:
    """Refuse a day from which nothing can be in force."""
    if fault := fault_of_start(day, timezone.localdate()):
        raise forms.ValidationError(fault)


def not_to_come(day: date) -> None:
    """Refuse a day that has not come yet where Concord stands."""
    if day > timezone.localdate():
        raise forms.ValidationError("This day has not come yet. Correct the date.")


def date_field(
    *, validators: Sequence[Callable[[date], None]] = (not_too_early,), **kwargs: Any
) -> forms.DateField:
    """A date as ISO text, with the browser's own picker."""
    errors = {"invalid": "Write the date as year-month-day, such as 2026-05-31."}
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        input_formats=["%Y-%m-%d"],
        widget=widget,
        error_messages=errors,
        validators=validators,
        **kwargs,
    )


def rule_set_field() -> forms.ModelChoiceField:
    """The one family that opens, if not those of the submitted codes. Nothing is preselected."""
    return forms.ModelChoiceField(
        RuleSet.objects.coding(),
        required=False,
        label="Only this family",
        empty_label="The families of the submitted codes",
        help_text="Usually the submitted codes tell. Choose one where they are missing: every encounter then gets a "
        "service of it, and no other family opens.",
    )


class ModifiersField(forms.CharField):
    """Modifiers separated by spaces or commas, as a tuple."""

    def to_python(self, value: Any) -> Any:
        """Split and check."""
        text = (super().to_python(value) or "").upper()
        modifiers = tuple(text.replace(",", " ").replace("-", " ").split())
        for modifier in modifiers:
            if not MODIFIER.fullmatch(modifier):
                raise forms.ValidationError(
                    "A modifier has two characters, such as LT; separate several by spaces."
                )
        return modifiers


class ProcedureCodeField(forms.RegexField):
    """A CPT or HCPCS Level II code by its shape."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            regex=rf"\A{PROCEDURE.pattern}\Z",
            strip=True,
            error_messages={"invalid": "A procedure code has five characters, such as 12345."},
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """Codes are upper case."""
        return (super().to_python(value) or "").upper()


class FurtherLinesField(forms.CharField):
    """Further lines as people write them, “12345, 54321 x 2”, as a tuple of lines."""

    def prepare_value(self, value: Any) -> Any:
        """The lines that are offered, in words."""
        if value is None or isinstance(value, str):
            return value
        return lines_in_words(value)

    def to_python(self, value: Any) -> Any:
        """Split and check."""
        try:
            return lines_from_text(super().to_python(value) or "")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class CodeFields(forms.Form):
    """A code that a person writes, with its modifiers, its units and the further lines that go with it.

    ``confirmed`` is asked for only where no list is loaded to check the code by (``reviews.actions.codes``).
    """

    code = ProcedureCodeField(required=False, label="Other code", max_length=5)
    modifiers = ModifiersField(
        required=False, max_length=20, help_text="Separated by spaces, such as “LT 58”."
    )
    units = forms.IntegerField(required=False, min_value=1, max_value=999, initial=1)
    further_lines = FurtherLinesField(
        required=False,
        max_length=200,
        help_text="Add-on or second codes that go with it, such as “12345, 54321 x 2”.",
    )
    confirmed = forms.BooleanField(
        required=False, label="I have looked the code up: it is the one", widget=forms.CheckboxInput
    )

    @property
    def asks_to_confirm(self) -> bool:
        """Whether the code could not be checked, and has to be confirmed."""
        return "confirmed" in self.errors
