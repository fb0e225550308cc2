"""A ruling kept as a precedent: the answers that decided, and why, in words of the house."""

from collections.abc import Sequence
from typing import Any

from django import forms

from coding.forms.parts import IdempotentForm


class PrecedentForm(IdempotentForm):
    """Which answers decided. ``answers`` are the facts of the case with their answers in words."""

    deciding = forms.MultipleChoiceField(
        label="The answers that decided",
        widget=forms.CheckboxSelectMultiple,
        help_text="A service with all of these holds the precedent.",
        error_messages={"required": "Tick the answers that decided."},
    )
    title = forms.CharField(
        max_length=200, label="In short", help_text="What the precedent says, in one sentence."
    )
    basis = forms.CharField(
        max_length=2000,
        label="Why",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The policy or the source. No patient, and no words of the note.",
    )

    def __init__(self, *args: Any, answers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deciding: Any = self.fields["deciding"]
        deciding.choices = answers
