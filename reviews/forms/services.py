"""What a coder does with a visit's services."""

from typing import Any

from django import forms

from coding.forms.parts import IdempotentForm
from coding.models import RuleSet

NO_RULE_SET = "none"


class AddServiceForm(IdempotentForm):
    """A service that no submitted line asked for. No family is preselected."""

    rule_set = forms.ModelChoiceField(
        RuleSet.objects.coding(),
        empty_label="Choose a family",
        label="Family of codes",
        error_messages={"required": "Choose the family that codes it."},
    )


class MoveServiceForm(IdempotentForm):
    """Another family for a service's lines, or out with a service that has none."""

    to = forms.ChoiceField(label="What becomes of it", widget=forms.RadioSelect)
    reason = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), label="Why")

    def __init__(self, *args: Any, present: RuleSet | None, withdrawable: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = RuleSet.objects.coding()
        if present:
            others = others.exclude(pk=present.pk)
        choices = [(str(rule_set.pk), f"Move it to {rule_set.name}") for rule_set in others]
        if present is not None:
            choices.append((NO_RULE_SET, "Move it out: no rule set codes this"))
        if withdrawable:
            choices.append(("withdraw", "Withdraw it: it answers for no submitted line"))
        self.fields["to"] = forms.ChoiceField(
            label="What becomes of it",
            choices=choices,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose what becomes of it."},
        )

    @property
    def rule_set(self) -> RuleSet | None:
        """The rule set that it is moved to; None for none."""
        to = self.cleaned_data["to"]
        return None if to == NO_RULE_SET else RuleSet.objects.get(pk=to)

    @property
    def withdraws(self) -> bool:
        """Whether it is taken out."""
        return bool(self.cleaned_data["to"] == "withdraw")
