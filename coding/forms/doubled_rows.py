"""Which item of an id that stands in a file more than once counts."""

from typing import Any

from django import forms

from coding.forms.parts import IdempotentForm
from coding.importing.doubled_rows import DoubledId

NONE = "none"


class FirstItemForm(forms.Form):
    """Which id a form is about: the number of the first item that bears it."""

    first = forms.IntegerField(min_value=1)


class ChooseForm(IdempotentForm):
    """One of the items, or none. ``first`` is the number of the first item: it names the id."""

    first = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="Why", max_length=1000, required=False)

    def __init__(self, *args: Any, doubled: DoubledId, **kwargs: Any) -> None:
        # Many of these forms stand on one page.
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_{doubled.number}_%s"
        items = [(str(row.number), row.place) for row in doubled.rows]
        self.fields["keep"] = forms.ChoiceField(
            label="What counts",
            choices=[*items, (NONE, "none of them: all are rejected")],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose an item, or none."},
        )
        self.initial["first"] = doubled.number
        if not doubled.is_open:
            self.initial["keep"] = str(doubled.chosen.number) if doubled.chosen else NONE
        if doubled.of_two_patients:
            self.fields[
                "reason"
            ].help_text = "Needed where one of several patients is right: how do you know?"

    @property
    def kept(self) -> int | None:
        """The number of the item that counts."""
        chosen: str = self.cleaned_data["keep"]
        return None if chosen == NONE else int(chosen)
