"""What a provider fills in, who has a link and no account."""

from collections.abc import Sequence
from typing import Any

from django import forms

from coding.forms.parts import FOLDS_EMPTY
from reviews.queries.drafting import OTHER, AskedFact

NO_WORDS = "Write the answer."


class SendLinkForm(forms.Form):
    """Where the link goes. Without an address, or where no mail is set up, it is shown once."""

    email = forms.EmailField(
        required=False,
        label="The provider's e-mail",
        help_text="Neither mail nor page names the patient: tell the provider apart which visit it is about.",
    )


class ByLinkForm(forms.Form):
    """The facts that are asked, each with its options; the provider's own words; and who answers."""

    words = forms.CharField(
        required=False,
        max_length=4000,
        label="In your own words",
        widget=forms.Textarea(attrs={"rows": 3, **FOLDS_EMPTY}),
        help_text="Needed for “Other”.",
    )
    provider = forms.CharField(max_length=120, label="Your name")

    def __init__(self, *args: Any, facts: Sequence[AskedFact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.all_facts = facts
        self.facts = [fact for fact in facts if fact.options]
        for fact in self.facts:
            self.fields[_field_of(fact)] = forms.ChoiceField(
                label=fact.question,
                choices=[(option, option) for option in fact.options],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose an answer."},
            )
        if not self.facts:
            self._ask_for_words()
        self.order_fields([*(_field_of(fact) for fact in self.facts), "words", "provider"])

    def _ask_for_words(self) -> None:
        """Nothing is offered: the answer is written."""
        words = self.fields["words"]
        words.label, words.help_text, words.required = "Your answer", "", True
        words.error_messages["required"] = NO_WORDS

    def clean(self) -> dict[str, Any]:
        """An answer that is none of the options is written."""
        data = super().clean() or {}
        is_other = any(data.get(_field_of(fact)) == OTHER for fact in self.facts)
        if is_other and not data.get("words"):
            self.add_error("words", NO_WORDS)
        return data

    def answer(self) -> str:
        """The answer as it is kept: each question with what was chosen, then the provider's words."""
        lines = [f"{fact.question} {self.cleaned_data[_field_of(fact)]}" for fact in self.facts]
        words = self.cleaned_data["words"].strip()
        if words:
            lines.append(words)
        return "\n".join(lines)


def _field_of(fact: AskedFact) -> str:
    """The name of a fact's field: none of the form's own, whatever a rule set calls its facts."""
    return f"fact-{fact.key}"
