"""The supervisor's ruling."""

from typing import Any

from django import forms

from coding.decision import OutcomeKind
from coding.forms.parts import IdempotentForm, ModifiersField, ProcedureCodeField
from reviews.actions.cases import Finding
from reviews.models import RulingKind

OPEN_KINDS = (RulingKind.OTHER_CODE, RulingKind.RULE_DEFECT)


class RulingForm(IdempotentForm):
    """What the supervisor finds, and why."""

    kind = forms.ChoiceField(label="Ruling", choices=RulingKind, widget=forms.RadioSelect)
    code = ProcedureCodeField(
        required=False,
        label="Code",
        max_length=5,
        help_text="For another code, or the right code where the rules are wrong.",
    )
    modifiers = ModifiersField(required=False, max_length=20, help_text="Separated by spaces, such as “LT 58”.")
    no_code = forms.BooleanField(required=False, label="No code of the family is reported")
    reason = forms.CharField(
        max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), help_text="The coder reads this."
    )

    def clean(self) -> dict[str, Any]:
        """Another code and a rule defect say what is right instead."""
        data = super().clean() or {}
        says_nothing = not data.get("code") and not data.get("no_code")
        if data.get("kind") in OPEN_KINDS and says_nothing and "code" not in self.errors:
            self.add_error("code", "Write the final code, or tick that no code of the family is reported.")
        return data

    def finding(self) -> Finding:
        """The ruling for the verb."""
        data = self.cleaned_data
        outcome = OutcomeKind.CODE if data["code"] else OutcomeKind.NO_FAMILY_CODE
        return Finding(RulingKind(data["kind"]), data["reason"].strip(), outcome, data["code"], data["modifiers"])


class CaseRulingForm(RulingForm):
    """A ruling on one case. ``revision`` is the encounter's that was on the page."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
