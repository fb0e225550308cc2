"""House notes in the administration: an author writes them, an approver approves them. None is changed or deleted."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from coding.actions import house_notes as actions
from coding.actions.errors import Conflict
from coding.actions.house_notes import NoteText
from coding.admin.loaded import ReadOnlyAdmin
from coding.admin.signing import signatures_under
from coding.forms.signing import SignedForm
from coding.models import HouseNote, Meaning
from coding.signing.asking import Signing
from coding.signing.content import note_content
from coding.views.access import user_of

WRITTEN = ("code", "rule_set", "text", "valid_from")


class NoteForm(forms.ModelForm):
    """A note, of which the verb says whether it can be."""

    class Meta:
        model = HouseNote
        fields = WRITTEN
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"})}

    def clean(self) -> dict[str, Any]:
        """What the verb would refuse is refused here, beside its field."""
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
        later = ("written_by", "written_at", "approved_by", "approved_at", "signed")
        return (*WRITTEN, *later) if obj else WRITTEN

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the verb."""
        obj.pk = actions.write(user_of(request), NoteText(**form.cleaned_data)).pk

    @admin.display(description="signatures")
    def signed(self, note: HouseNote) -> str:
        """Who signed the approval."""
        return signatures_under(note, note_content)

    @admin.action(description="Approve the chosen notes", permissions=["approve"])
    def approve_notes(
        self, request: HttpRequest, queryset: QuerySet[HouseNote]
    ) -> HttpResponse | None:
        """Ask for the signature, then each by the verb; each that cannot be approved is named."""
        notes = queryset.select_related("rule_set", "written_by").order_by("pk")
        signing = Signing(request, Meaning.POLICY)
        form = SignedForm(request.POST if "confirm" in request.POST else None, signing=signing)
        if not form.is_signed():
            return self._asked(request, form, notes)
        for note in notes:
            try:
                actions.approve(user_of(request), note, form.confirmation)
            except Conflict as refusal:
                messages.error(request, f"{note}: {refusal}")
            else:
                messages.success(request, f"The note “{note}” is approved.")
        return None

    def _asked(
        self, request: HttpRequest, form: SignedForm, notes: QuerySet[HouseNote]
    ) -> HttpResponse:
        signing = form.signing
        context = {
            **self.admin_site.each_context(request),
            "title": "Approve house notes",
            "opts": self.opts,
            "form": form,
            "lead": f"You sign as {signing.person.name}: {signing.meaning.label}.",
            "key_address": signing.key_address,
            "rows": [
                (note.pk, f"{note}, by {note.written_by.name}: {note.text}") for note in notes
            ],
            "action": "approve_notes",
            "verb": "Sign and approve",
        }
        return TemplateResponse(request, "admin/coding/register_action.html", context)
