"""A case to try: an answer to each question of a rule table, or a note."""

from typing import Any

from django import forms

from coding.decision import FactDefinition, FactError, FactValue, Kind, RuleTable
from coding.forms.lexicon_trial import MOST_CHARACTERS

SILENT = [("unknown", "not documented"), ("conflicting", "documented two ways")]


class TriedCaseForm(forms.Form):
    """One field a fact; what is derived is not asked."""

    note = forms.CharField(
        strip=False,
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text="Read once, kept nowhere. Use no patient's note. What is chosen below counts before it.",
    )

    def __init__(self, *args: Any, table: RuleTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = [fact for fact in table.facts if not fact.derived]
        for fact in self.facts:
            self.fields[_name(fact)] = _field(fact)

    def clean(self) -> dict[str, Any]:
        """Each answer is one of its fact's."""
        data = super().clean() or {}
        self.answers: dict[str, FactValue] = {}
        for fact in self.facts:
            try:
                answer = fact.answer_from_text(data.get(_name(fact)) or "")
            except FactError as error:
                self.add_error(_name(fact), str(error))
            else:
                if answer is not None:
                    self.answers[fact.key] = answer
        return data


def _name(fact: FactDefinition) -> str:
    return f"fact-{fact.key}"


def _field(fact: FactDefinition) -> forms.Field:
    if fact.kind is Kind.CHOICE:
        known = [(choice.value, choice.label) for choice in fact.choices]
    elif fact.kind is Kind.YES_NO:
        known = [("yes", "yes"), ("no", "no")]
    else:
        words = (
            f"{fact.wanted_number}, or unknown"
            if fact.kind is Kind.WHOLE_NUMBER
            else "Codes, or unknown"
        )
        return forms.CharField(label=fact.label, required=False, max_length=300, help_text=words)
    return forms.ChoiceField(
        label=fact.label, required=False, choices=[("", "not answered"), *known, *SILENT]
    )
