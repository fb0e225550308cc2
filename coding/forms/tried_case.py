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
            name = _name(fact)
            try:
                answer = fact.answer_from_text(data.get(name) or "")
            except FactError as error:
                self.add_error(name, str(error))
                continue
            if answer is not None:
                self.answers[fact.key] = answer
        return data


def _name(fact: FactDefinition) -> str:
    return f"fact-{fact.key}"


def _field(fact: FactDefinition) -> forms.Field:
    if fact.kind is Kind.CHOICE:
        return _choice(fact, [(choice.value, choice.label) for choice in fact.choices])
    if fact.kind is Kind.YES_NO:
        return _choice(fact, [("yes", "yes"), ("no", "no")])
    wanted = fact.wanted_number if fact.kind is Kind.WHOLE_NUMBER else "Codes"
    return forms.CharField(
        label=fact.label, required=False, max_length=300, help_text=f"{wanted}, or unknown"
    )


def _choice(fact: FactDefinition, known: list[tuple[str, str]]) -> forms.Field:
    choices = [("", "not answered"), *known, *SILENT]
    return forms.ChoiceField(label=fact.label, required=False, choices=choices)
