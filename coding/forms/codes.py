"""What is asked of the code pages: a day, a search, a place, two codes; and the box of Ask."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from coding.decision.shapes import LISTED_CODE
from coding.models import Locality
from coding.tables.days import fault_of_start
from coding.views.filters import CleanTextField
from coding.views.keys import KEYS


class DayForm(forms.Form):
    """The one day of a page; today where none is given, or none that can be meant."""

    on = forms.DateField(required=False, label="On", widget=forms.DateInput(attrs={"type": "date"}))

    def clean_on(self) -> date:
        """A day of today's tables."""
        day: date | None = self.cleaned_data["on"]
        if day is None:
            return timezone.localdate()
        if fault := fault_of_start(day, timezone.localdate()):
            raise forms.ValidationError(fault)
        return day

    @property
    def day(self) -> date:
        """The day that the page shows."""
        if not self.is_valid():
            return timezone.localdate()
        day: date = self.cleaned_data["on"]
        return day


class PlainDayForm(DayForm):
    """The fields above a page of codes, which the page writes by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"


class SearchForm(PlainDayForm):
    """A search over codes, labels and lay words."""

    q = CleanTextField(
        required=False,
        label="Code, label or lay words",
        widget=forms.SearchInput(attrs={"data-key": KEYS["find"].key}),
    )


class CodePageForm(PlainDayForm):
    """The day, and the locality for which payment is reckoned."""

    locality = forms.ChoiceField(required=False, label="Payment for")

    def __init__(self, *args: Any, places: Sequence[Locality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        named = [(str(place.pk), str(place)) for place in places]
        locality: Any = self.fields["locality"]
        locality.choices = [("", "no locality"), *named]


class TwoCodesForm(PlainDayForm):
    """Two codes of five characters."""

    first = CleanTextField(required=False, label="Code")
    second = CleanTextField(required=False, label="and code")

    def clean_first(self) -> str:
        """The first code."""
        return code_of(self.cleaned_data["first"])

    def clean_second(self) -> str:
        """The second code."""
        return code_of(self.cleaned_data["second"])


def code_of(text: str) -> str:
    """A code in upper case, or nothing; a ValidationError for what is none."""
    code = text.strip().upper()
    if code and not LISTED_CODE.fullmatch(code):
        raise forms.ValidationError(f"“{text}” is no code: a code has five letters or digits.")
    return code
