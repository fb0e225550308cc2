"""The box of Ask."""

from typing import Any

from django import forms

from coding.forms.codes import DayForm, code_of

# Some pages of text. A whole record belongs into an encounter.
MOST_CHARACTERS = 20_000


class AskForm(DayForm):
    """A question, a sentence or a note, with the day and the code of the page on which it is asked."""

    text = forms.CharField(
        strip=False,
        max_length=MOST_CHARACTERS,
        label="Question, sentence or note",
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text="Read once, kept nowhere.",
        error_messages={"required": "Type a question, or paste a note."},
    )
    code = forms.CharField(required=False, max_length=5, label="About the code")

    field_order = ("text", "code", "on")

    def clean_code(self) -> str:
        """The code in upper case."""
        return code_of(self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        """Blanks ask nothing."""
        data = super().clean() or {}
        if "text" in data and not data["text"].strip():
            self.add_error("text", "Type a question, or paste a note.")
        return data
