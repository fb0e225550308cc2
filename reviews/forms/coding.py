"""The guided form's question and the coder's decision."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from coding.actions.encounters import Contradicted, Support
from coding.decision import CONFLICTING, NOT_DOCUMENTED, FactDefinition, FactError, FactValue, Kind
from coding.forms.parts import IdempotentForm, ModifiersField, ProcedureCodeField
from coding.models import Suggestion
from coding.models.reported import in_short
from coding.rules.note_reading import Passage
from reviews.actions.decisions import Judgement
from reviews.models import Choice

SPAN = re.compile(r"([0-9]{1,6})-([0-9]{1,6})")
MOST_PASSAGES = 20
SILENCES = [(NOT_DOCUMENTED.value, "Not documented"), (CONFLICTING.value, "Documented two ways")]
YES_NO = [("yes", "Yes"), ("no", "No")]


class SpansField(forms.Field):
    """Passages of a note, each as ``start-end``; what is none is left out."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[tuple[int, int]]:
        """The spans."""
        found = [SPAN.fullmatch(text) for text in (value or [])[:MOST_PASSAGES]]
        return [(int(match[1]), int(match[2])) for match in found if match]


class AnswerForm(forms.Form):
    """One question. Whatever the kind of fact, “not documented” is always an answer."""

    fact = forms.CharField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    passage = SpansField(required=False)
    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
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

    def support(self) -> Support:
        """What the coder brings for the answer."""
        return Support(self.cleaned_data["passage"], self.cleaned_data["reason"])

    def refuse(self, refusal: Contradicted) -> None:
        """Show what speaks against the answer, and ask for a reason."""
        self.against = refusal.passages
        self.add_error("reason", str(refusal))

    def _value_field(self) -> forms.Field:
        definition = self.definition
        if self.is_choice:
            known = YES_NO if definition.kind is Kind.YES_NO else [(c.value, c.label) for c in definition.choices]
            return forms.ChoiceField(
                label=definition.question,
                choices=known + SILENCES,
                widget=forms.RadioSelect,
                error_messages={"required": "Choose an answer. If the note is silent, it is not documented."},
            )
        return forms.CharField(
            label=definition.question,
            help_text="Write “unknown” if it is not documented, “conflicting” if it is documented two ways.",
        )

    @property
    def is_choice(self) -> bool:
        """Whether the answers are listed, and not written."""
        return self.definition.kind in (Kind.CHOICE, Kind.YES_NO)

    @property
    def value_field(self) -> forms.BoundField:
        """The field of the answer, for the page."""
        return self["value"]

    def clean_value(self) -> FactValue:
        """The answer as the core reads it."""
        try:
            answer = self.definition.answer_from_text(self.cleaned_data["value"])
        except FactError as error:
            raise forms.ValidationError(str(error)) from None
        if answer is None:
            raise forms.ValidationError("Write an answer.")
        return answer


class DecisionForm(IdempotentForm):
    """What the coder makes of the suggestion. ``seen`` and ``revision`` are what was on the page."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label="Your decision",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to do with the suggestion."},
    )
    code = ProcedureCodeField(required=False, label="Other code", max_length=5)
    modifiers = ModifiersField(required=False, max_length=20, help_text="Separated by spaces, such as “LT 58”.")
    reason = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed unless you accept the suggestion.",
    )

    def __init__(self, suggestion: Suggestion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggestion = suggestion
        self.fields["choice"].choices = Choice.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A departure needs its reason, another code has to be another one."""
        data = super().clean() or {}
        choice = data.get("choice")
        if choice and choice != Choice.ACCEPT and not data.get("reason", "").strip():
            self.add_error("reason", "Say why, for the supervisor who reads it.")
        if choice == Choice.OTHER_CODE and "code" in data:
            if not data["code"]:
                self.add_error("code", "Write the code that you report instead.")
            elif in_short("code", data["code"], data.get("modifiers", ())) == self.suggestion.reported:
                self.add_error("code", "This is the suggested code. Accept the suggestion instead.")
        return data

    def judgement(self) -> Judgement:
        """The decision for the verb."""
        data = self.cleaned_data
        return Judgement(Choice(data["choice"]), data["code"], data["modifiers"], data["reason"].strip())
