"""Checks of claims in the administration: how the house settles them, in dated rows. None is changed or deleted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from coding.actions import claim_checks as actions
from coding.actions.claim_checks import CheckSetting
from coding.admin.loaded import ReadOnlyAdmin
from coding.models import ClaimCheckRow
from coding.reference.claim_checks import shipped
from coding.views.access import user_of

SETTLED = ("payer", "valid_from", "is_on", "severity", "message", "reason")


def choices() -> list[tuple[str, str]]:
    """The checks by id and kind, with the words that are shipped."""
    return [
        (f"{check.id} {check.kind}", f"{check.id}: {check.message}") for check in shipped().checks
    ]


class SettlingForm(forms.ModelForm):
    """How a check is to stand from a day on."""

    check = forms.ChoiceField(choices=choices, label="Check")

    class Meta:
        model = ClaimCheckRow
        fields = SETTLED
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}), "message": forms.Textarea}

    def clean(self) -> dict[str, Any]:
        """What the verb would refuse is refused here, beside its field."""
        data = super().clean() or {}
        if not self.errors and (fault := actions.fault_of(self.setting(data))):
            raise forms.ValidationError(fault)
        return data

    def setting(self, data: dict[str, Any]) -> CheckSetting:
        """What the form says, as the verb takes it."""
        check_id, _, kind = data["check"].partition(" ")
        return CheckSetting(check_id, kind, **{name: data[name] for name in SETTLED})


@admin.register(ClaimCheckRow)
class ClaimCheckAdmin(ReadOnlyAdmin):
    """The rows, newest first. The latest of a check and payer counts."""

    form = SettlingForm
    list_display = [
        "check_id",
        "valid_from",
        "payer",
        "is_on",
        "severity",
        "message",
        "set_by",
        "set_at",
    ]
    list_select_related = ["set_by"]
    list_filter = ["is_on", "payer"]
    search_fields = ["check_id"]
    ordering = ["-pk"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The choice of a check while it is settled, its id and kind afterwards."""
        return ["check_id", "kind", *SETTLED, "set_by", "set_at"] if obj else ["check", *SETTLED]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the verb."""
        obj.pk = actions.settle(user_of(request), form.setting(form.cleaned_data)).pk
