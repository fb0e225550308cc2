"""The form that closes a rule defect."""

from typing import Any

from django import forms

from coding.forms.parts import IdempotentForm
from coding.models import RuleSetVersion
from reviews.models import RuleDefect


class CloseDefectForm(IdempotentForm):
    """The version that mends the rule, or why nothing is to mend."""

    version = forms.ModelChoiceField(
        RuleSetVersion.objects.none(),
        required=False,
        label="Mended by",
        empty_label="Nothing is to mend",
        help_text="A published version. One that is still in review closes the defect when it is published, if its"
        " author named it.",
    )
    reason = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 70}),
        help_text="Needed where nothing is to mend.",
    )

    def __init__(self, *args: Any, defect: RuleDefect, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.defect = defect
        published = RuleSetVersion.objects.published().filter(rule_set=defect.rule_set_id)
        version: Any = self.fields["version"]
        version.queryset = published.select_related("rule_set")

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data = super().clean() or {}
        if not data.get("version") and not (data.get("reason") or "").strip():
            self.add_error(
                "reason", "Name the version that mends the rule, or write why nothing is to mend."
            )
        return data
