"""Administration of favourite reasons."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from coding.actions.errors import Conflict
from coding.admin.older_pages import OlderPagesAreRefused
from coding.views.access import user_of
from reviews.actions import holds
from reviews.models import FavouriteReason


class MergeReasonForm(forms.Form):
    """Which of the chosen reasons counts for the others."""

    survivor = forms.ModelChoiceField(
        FavouriteReason.objects.none(), label="The reason that stays", empty_label=None
    )

    def __init__(self, *args: Any, rows: QuerySet[FavouriteReason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        survivor: Any = self.fields["survivor"]
        survivor.queryset = rows


@admin.register(FavouriteReason)
class FavouriteReasonAdmin(OlderPagesAreRefused):
    """The reasons to choose from on hold, override and return. Reasons that say the same are merged."""

    list_display = ["text", "use", "valid_from", "valid_until", "survivor"]
    list_filter = ["use"]
    list_select_related = ["survivor"]
    fields = ["use", "text", "valid_from", "valid_until"]
    actions = ["merge_reasons"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The words of a reason stand where it was chosen; it is ended, and another one begun."""
        return ["use", "text", "valid_from"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A merged reason is read only."""
        is_merged = obj is not None and obj.survivor_id is not None
        return not is_merged and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A reason is ended, not deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the verb."""
        holds.save_reason(user_of(request), obj)

    @admin.action(description="Merge into one of them", permissions=["change"])
    def merge_reasons(
        self, request: HttpRequest, rows: QuerySet[FavouriteReason]
    ) -> HttpResponse | None:
        """Ask which one stays; all are merged into it, or none."""
        if rows.count() < 2:
            messages.error(request, "Choose the reasons that say the same: two at least.")
            return None
        form = MergeReasonForm(request.POST if "confirm" in request.POST else None, rows=rows)
        if not form.is_valid():
            return self._merging_page(request, form, rows)
        survivor = form.cleaned_data["survivor"]
        others = list(rows.exclude(pk=survivor.pk))
        try:
            holds.merge_reasons(user_of(request), others, survivor)
        except Conflict as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{len(others)} merged into “{survivor}”.")
        return None

    def _merging_page(
        self, request: HttpRequest, form: MergeReasonForm, rows: QuerySet[FavouriteReason]
    ) -> HttpResponse:
        """Which of the chosen ones stays."""
        named = []
        for row in rows:
            use = row.get_use_display().lower()
            named.append((row.pk, f"{row} ({use})"))
        context = {
            **self.admin_site.each_context(request),
            "title": "One reason counts for the others",
            "opts": self.opts,
            "form": form,
            "rows": named,
            "action": "merge_reasons",
            "verb": "Merge",
        }
        return TemplateResponse(request, "admin/coding/register_action.html", context)
