"""Two states of a rule set to compare: versions, whoever they are for, and editions of a draft."""

from typing import Any

from django import forms

from coding.models import DraftEdition, RuleSetVersion

State = RuleSetVersion | DraftEdition
MOST_EDITIONS = 500
VERSION, EDITION = "version", "edition"


class ComparedForm(forms.Form):
    """What stood before, and what stands after."""

    before = forms.ChoiceField()
    after = forms.ChoiceField()

    def __init__(self, *args: Any, version: RuleSetVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        own = f"{VERSION}-{version.pk}"
        versions = self._versions()
        choices = [("Versions", versions), ("Editions of this draft", self._editions())]
        for name in ("before", "after"):
            field: Any = self.fields[name]
            field.choices = [(group, rows) for group, rows in choices if rows]
        others = [key for key, _ in versions if key != own]
        self.fields["before"].initial = others[0] if others else own
        self.fields["after"].initial = own

    def _versions(self) -> list[tuple[str, str]]:
        versions = RuleSetVersion.objects.filter(rule_set=self.version.rule_set_id)
        choices = []
        for own in versions.select_related("rule_set"):
            state = own.get_state_display().lower()
            choices.append((f"{VERSION}-{own.pk}", f"{own} ({state})"))
        return choices

    def _editions(self) -> list[tuple[str, str]]:
        light = self.version.editions.defer("content", "terms").select_related("author")
        choices = []
        for own in light[:MOST_EDITIONS]:
            label = f"edition {own.number}, {own.author.name}: {own.what}"
            choices.append((f"{EDITION}-{own.pk}", label))
        return choices

    def clean_before(self) -> State:
        """The state that is named."""
        return _state(self.cleaned_data["before"])

    def clean_after(self) -> State:
        """The state that is named."""
        return _state(self.cleaned_data["after"])


def _state(name: str) -> State:
    """The choices name rows that are there: of one rule set only."""
    kind, _, key = name.partition("-")
    if kind == VERSION:
        return RuleSetVersion.objects.select_related("rule_set", "document").get(pk=key)
    return DraftEdition.objects.select_related("document", "lexicon").get(pk=key)
