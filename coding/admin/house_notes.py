"""House notes in the administration: an author writes them, an approver approves them. None is changed or deleted."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from coding.actions import house_notes as actions
from coding.actions.errors import Conflict
from coding.actions.house_notes import NoteText
from coding.admin.loaded import ReadOnlyAdmin
from coding.models import HouseNote
from coding.views.access import user_of

WRITTEN = ("code", "rule_set", "text", "valid_from")


class NoteForm(forms.ModelForm):
    """A note, of which the verb says whether it can be."""

    class Meta:
        model = HouseNote
        fields = WRITTEN
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"})}

    def clean(self) -> dict[str, Any]:
        """What the verb would refuse is told here."""
        data = super().clean() or {}
        if not self.errors and (fault := actions.fault_of(NoteText(**data))):
            raise forms.ValidationError(fault)
        return data


class IsApproved(admin.SimpleListFilter):
    """Notes that wait, or that count."""

    title = "approval"
    parameter_name = "approved"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The two kinds."""
        return [("no", "waiting for approval"), ("yes", "approved")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the chosen kind."""
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(approved_at__isnull=self.value() == "no")


@admin.register(HouseNote)
class HouseNoteAdmin(ReadOnlyAdmin):
    """The notes, newest first, in full: an approver reads what is approved."""

    form = NoteForm
    list_display = ["__str__", "text", "written_by", "written_at", "approved_by", "approved_at"]
    list_select_related = ["rule_set", "written_by", "approved_by"]
    list_filter = [IsApproved, "rule_set"]
    search_fields = ["code", "text"]
    ordering = ["-pk"]
    actions = ["approve_notes"]

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """Those who may approve see the action."""
        return request.user.has_perm(actions.MAY_APPROVE)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who wrote and approved it is known afterwards."""
        later = ("written_by", "written_at", "approved_by", "approved_at")
        return (*WRITTEN, *later) if obj else WRITTEN

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the verb."""
        obj.pk = actions.write(user_of(request), NoteText(**form.cleaned_data)).pk

    @admin.action(description="Approve the chosen notes", permissions=["approve"])
    def approve_notes(self, request: HttpRequest, queryset: QuerySet[HouseNote]) -> None:
        """Each by the verb; what cannot be approved is told by itself."""
        for note in queryset.select_related("rule_set").order_by("pk"):
            try:
                actions.approve(user_of(request), note)
            except Conflict as refusal:
                messages.error(request, f"{note}: {refusal}")
            else:
                messages.success(request, f"The note “{note}” is approved.")
