"""Coding blind: the questions of a rule set on one page, beside the note, and the code."""

from collections.abc import Iterable
from typing import Any

from django import forms

from coding.decision import FactDefinition, FactError
from coding.forms.parts import CodeFields, IdempotentForm
from reviews.actions.second_codings import BlindCode
from reviews.forms.coding import SILENCES, known_answers

NOT_ANSWERED = ("", "Not answered")
PREFIX = "fact-"
SILENT = "Empty: not answered. “unknown”: the note is silent."


class BlindForm(CodeFields, IdempotentForm):
    """The code that a person finds in the note, and the answers that they read there; those may be left out."""

    no_code = forms.BooleanField(required=False, label="Nothing is reported")
    reason = forms.CharField(
        required=False, max_length=4000, label="Why", widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, definitions: Iterable[FactDefinition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code"
        self.definitions = list(definitions)
        for definition in self.definitions:
            self.fields[f"{PREFIX}{definition.key}"] = _field(definition)

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields of the questions, for the page."""
        return [self[f"{PREFIX}{definition.key}"] for definition in self.definitions]

    def clean(self) -> dict[str, Any]:
        """Read the answers; a code, or that there is none."""
        data = super().clean() or {}
        for definition in self.definitions:
            name = f"{PREFIX}{definition.key}"
            try:
                data[name] = definition.answer_from_text(data.get(name) or "")
            except FactError as error:
                self.add_error(name, str(error))
        has_code, has_none = bool(data.get("code")), bool(data.get("no_code"))
        if "code" not in self.errors and has_code == has_none:
            self.add_error("code", "Write the code, or tick that nothing is reported.")
        return data

    def blind(self) -> BlindCode:
        """What was coded, for the verb."""
        data = self.cleaned_data
        facts = {}
        for definition in self.definitions:
            answer = data[f"{PREFIX}{definition.key}"]
            if answer is not None:
                facts[definition.key] = answer
        return BlindCode(
            code=data["code"],
            modifiers=data["modifiers"],
            units=data["units"] or 1,
            reason=data["reason"],
            confirmed=data["confirmed"],
            facts=facts,
        )


def _field(definition: FactDefinition) -> forms.Field:
    if definition.is_listed:
        choices = [NOT_ANSWERED, *known_answers(definition), *SILENCES]
        return forms.ChoiceField(required=False, label=definition.question, choices=choices)
    return forms.CharField(
        required=False,
        max_length=200,
        label=definition.question,
        help_text=SILENT,
    )
