"""Authorities of several names, in the administration: added and taken out, each with a reason in the trail."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from coding.actions import authorities as actions
from coding.actions.authorities import TwoNames
from coding.actions.errors import Conflict
from coding.admin.loaded import ReadOnlyAdmin
from coding.models import AuthorityAlias
from coding.views.access import user_of

TOLD = ("name", "counts_as", "reason")


class AliasForm(forms.ModelForm):
    """Two names, of which the verb says whether they can be of one authority."""

    class Meta:
        model = AuthorityAlias
        fields = TOLD
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        """What the verb would refuse is refused here."""
        data = super().clean() or {}
        if not self.errors and (fault := actions.fault_of(TwoNames(**data))):
            raise forms.ValidationError(fault)
        return data


@admin.register(AuthorityAlias)
class AuthorityAliasAdmin(ReadOnlyAdmin):
    """The aliases; one that is wrong is taken out, and another one added."""

    form = AliasForm
    list_display = [
        "name",
        "counts_as",
        "reason",
        "added_by",
        "added_at",
        "removed_by",
        "removed_at",
    ]
    list_select_related = ["added_by", "removed_by"]
    search_fields = ["name", "counts_as"]
    list_per_page = 50
    actions = ["take_out"]

    def has_take_out_permission(self, request: HttpRequest) -> bool:
        """Those who may take out see the action."""
        return request.user.has_perm(actions.MAY_REMOVE)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who added it and took it out is known afterwards."""
        later = ("added_by", "added_at", "removed_by", "removed_at")
        return (*TOLD, *later) if obj else TOLD

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the verb."""
        obj.pk = actions.add(user_of(request), TwoNames(**form.cleaned_data)).pk

    @admin.action(description="Take out: two authorities again", permissions=["take_out"])
    def take_out(self, request: HttpRequest, aliases: QuerySet[AuthorityAlias]) -> None:
        """Keep the numbers of the names apart from now on."""
        for alias in aliases:
            try:
                actions.remove(user_of(request), alias)
            except Conflict as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, f"“{alias}” is taken out.")
