"""What a re-evaluation run looks at."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from coding.forms.parts import IdempotentForm, date_field
from coding.models import RuleSetVersion, ServiceState, User, VersionState
from reviews.actions.runs import Scope
from reviews.models import ReevaluationRun, RunMode


class VersionForm(IdempotentForm):
    """A version that can decide."""

    version = forms.ModelChoiceField(
        RuleSetVersion.objects.that_could_decide().select_related("rule_set"), empty_label=None
    )


class RunForm(VersionForm):
    """The version and the filter of a run."""

    mode = forms.ChoiceField(choices=RunMode, initial=RunMode.DRY_RUN, label="Then")
    served_from = date_field(required=False, label="Served from")
    served_until = date_field(required=False, label="Served until")
    payer = forms.CharField(
        required=False, max_length=120, help_text="Exactly as it stands in the encounters."
    )
    coder = forms.ModelChoiceField(
        User.objects.filter(groups__name="coder").order_by("username"),
        required=False,
        empty_label="All coders",
    )

    code = forms.CharField(
        required=False,
        max_length=5,
        help_text="The final code; where there is none yet, the suggested one.",
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    state = forms.ChoiceField(choices=[("", "Any state"), *ServiceState.choices], required=False)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not actor.has_perm("reviews.apply_reevaluationrun"):
            dry_run = [(RunMode.DRY_RUN.value, RunMode.DRY_RUN.label)]
            self.fields["mode"] = forms.ChoiceField(choices=dry_run, label="Then")

    def clean_code(self) -> str:
        """Codes are written in capitals."""
        return str(self.cleaned_data["code"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """The days have to be in order."""
        data = super().clean() or {}
        first, last = data.get("served_from"), data.get("served_until")
        if first and last and first > last:
            self.add_error("served_until", "This day lies before the first one.")
        version = data.get("version")
        is_unpublished = version is not None and version.state != VersionState.PUBLISHED
        if is_unpublished and data.get("mode") == RunMode.APPLY:
            self.add_error("mode", "Only a published version is applied. Choose a dry run.")
        return data

    def scope(self) -> Scope:
        """The filter for the verb."""
        data = self.cleaned_data
        filters = ("served_from", "served_until", "payer", "coder", "code", "state")
        return Scope(**{name: data[name] for name in filters})


class OtherRunForm(forms.Form):
    """The run that another one is set beside, by its public id."""

    other = forms.ModelChoiceField(ReevaluationRun.objects.none(), to_field_name="public_id")

    def __init__(self, *args: Any, runs: QuerySet[ReevaluationRun], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other: Any = self.fields["other"]
        other.queryset = runs
