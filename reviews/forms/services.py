"""What a coder does with a visit's services."""

from collections.abc import Sequence
from typing import Any

from django import forms

from coding.forms.parts import IdempotentForm
from coding.models import RuleSet, Service, ServiceLine

NO_RULE_SET = "none"


class AddServiceForm(IdempotentForm):
    """A service that no submitted line asked for. No family is preselected."""

    rule_set = forms.ModelChoiceField(
        RuleSet.objects.coding(),
        empty_label="Choose a family",
        label="Family of codes",
        error_messages={"required": "Choose the family that codes it."},
    )


class ProposalForm(IdempotentForm):
    """What becomes of a service that something speaks for."""

    rule_set = forms.ModelChoiceField(RuleSet.objects.all(), widget=forms.HiddenInput)
    verb = forms.ChoiceField(choices=[("confirm", "Open it"), ("dismiss", "Dismiss it")])
    reason = forms.CharField(max_length=4000, required=False, label="Why not")


class SplitServiceForm(IdempotentForm):
    """The lines that go to the second service."""

    lines = forms.MultipleChoiceField(required=False)
    reason = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), label="Why")

    def __init__(self, *args: Any, lines: Sequence[ServiceLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"] = forms.MultipleChoiceField(
            required=False,
            label="Lines of the second service",
            choices=[(str(line.pk), _with_units(line)) for line in lines],
            widget=forms.CheckboxSelectMultiple,
            help_text="One stays at least. Choose none where one line stands for both.",
        )
        # A single line stays where it is.
        if len(lines) < 2:
            del self.fields["lines"]

    @property
    def going(self) -> list[int]:
        """The ids of the chosen lines."""
        return [int(key) for key in self.cleaned_data.get("lines", [])]


def _with_units(line: ServiceLine) -> str:
    return f"{line} × {line.units}" if line.units > 1 else str(line)


class JoinServiceForm(IdempotentForm):
    """The service that answers for the lines from now on."""

    into = forms.ChoiceField()
    reason = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), label="Why")

    def __init__(self, *args: Any, others: Sequence[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(service.number): service for service in others}
        self.fields["into"] = forms.ChoiceField(
            label="Join it to",
            choices=[(number, _with_lines(service)) for number, service in self.others.items()],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose the service that it is joined to."},
        )

    @property
    def owner(self) -> Service:
        """The service that was chosen."""
        return self.others[self.cleaned_data["into"]]


def _with_lines(service: Service) -> str:
    # Out of those that were read ahead: the lines that the source did not take back.
    standing = [str(line) for line in service.lines.all() if line.gone_in is None]
    lines = ", ".join(standing) or "nothing submitted"
    return f"Service {service.number}: {lines}"


class MoveServiceForm(IdempotentForm):
    """Another family for a service's lines, or out with a service that has none."""

    to = forms.ChoiceField(label="What becomes of it", widget=forms.RadioSelect)
    reason = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), label="Why")

    def __init__(
        self, *args: Any, present: RuleSet | None, withdrawable: bool, **kwargs: Any
    ) -> None:
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
