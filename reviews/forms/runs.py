"""What a re-evaluation run looks at."""

from typing import Any

from django import forms

from coding.forms.encounters import date_field
from coding.forms.parts import IdempotentForm
from coding.models import RuleSetVersion, User, VersionState
from reviews.actions.runs import Scope


class RunForm(IdempotentForm):
    """The version and the filter of a run."""

    version = forms.ModelChoiceField(
        RuleSetVersion.objects.exclude(state=VersionState.RETIRED).exclude(document=None).select_related("rule_set"),
        empty_label=None,
    )
    served_from = date_field(required=False, label="Served from")
    served_until = date_field(required=False, label="Served until")
    payer = forms.CharField(required=False, max_length=120, help_text="Exactly as it stands in the encounters.")
    coder = forms.ModelChoiceField(
        User.objects.filter(groups__name="coder").order_by("username"), required=False, empty_label="All coders"
    )

    def clean(self) -> dict[str, Any]:
        """The days have to be in order."""
        data = super().clean() or {}
        first, last = data.get("served_from"), data.get("served_until")
        if first and last and first > last:
            self.add_error("served_until", "This day lies before the first one.")
        return data

    def scope(self) -> Scope:
        """The filter for the verb."""
        data = self.cleaned_data
        return Scope(data["served_from"], data["served_until"], data["payer"], data["coder"])
