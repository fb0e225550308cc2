"""The guided form's question."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    FactDefinition,
    FactError,
    FactValue,
    Kind,
)
from coding.rules.note_reading import Passage
from reviews.actions.answers import Contradicted, Support
from reviews.forms.written_numbers import without_unit

SPAN = re.compile(r"([0-9]{1,6})-([0-9]{1,6})")
MOST_PASSAGES = 20
SILENCES = [(NOT_DOCUMENTED.value, "Not documented"), (CONFLICTING.value, "Documented two ways")]
YES_NO = [("yes", "Yes"), ("no", "No")]
WRITTEN = [("", "As written above")]


def known_answers(definition: FactDefinition) -> list[tuple[str, str]]:
    """The answers to choose from beside that there is none; empty for what is written."""
    if definition.kind is Kind.YES_NO:
        return YES_NO
    return [(choice.value, choice.label) for choice in definition.choices]


def read_answer(definition: FactDefinition, text: str) -> FactValue | None:
    """What a person wrote, as an answer to a fact; None where it is none."""
    try:
        return definition.answer_from_text(without_unit(definition, text))
    except FactError:
        return None


def answered_twice(text: str, silence: str) -> str:
    """Refuses what is written beside a silence that is chosen."""
    return f"You wrote “{text}” and chose “{dict(SILENCES)[silence]}”. Take one of them back."


def not_an_answer(text: str, wanted: str) -> str:
    """Refuses what is written, or that nothing is; ``wanted`` is a sentence that says what to do."""
    refused = f"“{text}” is not what is asked for. " if text else ""
    return f"{refused}{wanted} If the note is silent, it is not documented."


class SpansField(forms.Field):
    """Passages of a note, each as ``start-end``; what is none is left out."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[tuple[int, int]]:
        """The spans."""
        spans = []
        for text in (value or [])[:MOST_PASSAGES]:
            match = SPAN.fullmatch(text)
            if match:
                start, end = match.groups()
                spans.append((int(start), int(end)))
        return spans


class AnswerForm(forms.Form):
    """One question. Whatever the kind of fact, “not documented” is always an answer."""

    fact = forms.CharField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    passage = SpansField(required=False)
    carried = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.TextInput(
            attrs={"class": "form-control", "list": "override-reasons", "autocomplete": "off"}
        ),
        label="Why you keep your answer",
        help_text="The supervisor and the auditor read this.",
    )
    # The passages of the note that speak against the answer, once it was refused for them.
    against: Sequence[Passage] = ()

    def __init__(self, definition: FactDefinition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["fact"] = definition.key
        self.definition = definition
        self.fields["value"] = self._value_field()
        if not self.is_choice:
            self.fields["silence"] = forms.ChoiceField(
                required=False, label="Answer", choices=WRITTEN + SILENCES, widget=forms.RadioSelect
            )
            self._begin_with_silence()

    def support(self) -> Support:
        """What the coder brings for the answer."""
        data = self.cleaned_data
        return Support(data["passage"], data["reason"], carried=data["carried"])

    def refuse(self, refusal: Contradicted) -> None:
        """Show what speaks against the answer, and ask for a reason."""
        self.against = refusal.passages
        self.add_error("reason", str(refusal))

    def _value_field(self) -> forms.Field:
        definition = self.definition
        if self.is_choice:
            return forms.ChoiceField(
                label=definition.question,
                choices=known_answers(definition) + SILENCES,
                widget=forms.RadioSelect,
                error_messages={
                    "required": "Choose an answer. If the note is silent, it is not documented."
                },
            )
        return forms.CharField(
            required=False,
            label=definition.question,
            help_text=f"Write {self.wanted}.",
            widget=forms.TextInput(
                attrs={
                    "class": "form-control",
                    "autocomplete": "off",
                    "data-focus": True,
                    "aria-label": definition.question,
                }
            ),
        )

    def _begin_with_silence(self) -> None:
        """A silence that is proposed is chosen, not written."""
        match self.initial.get("value"):
            case "unknown":
                self.initial.update(value="", silence=NOT_DOCUMENTED.value)
            case "conflicting":
                self.initial.update(value="", silence=CONFLICTING.value)

    @property
    def is_choice(self) -> bool:
        """Whether the answers are listed, and not written."""
        return self.definition.is_listed

    @property
    def wanted(self) -> str:
        """What is to be written, in words."""
        is_number = self.definition.kind is Kind.WHOLE_NUMBER
        return self.definition.wanted_number if is_number else "codes, with spaces between them"

    @property
    def silence_field(self) -> forms.BoundField:
        """Beside an answer that is written, for the page: that there is none."""
        return self["silence"]

    @property
    def value_field(self) -> forms.BoundField:
        """The field of the answer, for the page."""
        return self["value"]

    def clean(self) -> dict[str, Any]:
        """The answer as the core reads it: what is written, or the silence that is chosen."""
        data = self.cleaned_data
        text, silence = data.get("value", "").strip(), data.get("silence", "")
        if text and silence:
            self.add_error("value", answered_twice(text, silence))
        elif "value" not in self.errors:
            self._read_answer(silence or text)
        return data

    def _read_answer(self, text: str) -> None:
        answer = read_answer(self.definition, text)
        if answer is None:
            self.add_error("value", not_an_answer(text, f"Write {self.wanted}."))
        else:
            self.cleaned_data["value"] = answer
