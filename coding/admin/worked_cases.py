"""Worked cases of drafts: written one by one, or taken from a CSV file after a dry run."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from coding.actions import rule_sets as actions
from coding.admin.draft_parts import DraftPartAdmin
from coding.admin.merging import MergedForm
from coding.forms.new_rule_set import CasesFileForm, ShownCasesForm, as_text
from coding.models import RuleSetVersion, WorkedCase
from coding.rules import case_rows, rulebook
from coding.rules.worked_cases import expected_lines
from coding.views.access import user_of
from coding.views.acting_once import redirect_once


class WorkedCaseForm(MergedForm):
    """Answers that the rule set knows."""

    class Meta:
        model = WorkedCase
        fields = ["version", *case_rows.SAID]
        widgets = {"answers": forms.Textarea(attrs={"rows": 8, "cols": 60})}

    def clean(self) -> dict[str, Any]:
        """Each answer is one of its fact's, and each expected line a line."""
        data = super().clean()
        version = data.get("version") or (self.instance.version if self.instance.pk else None)
        if version and version.document and "answers" in data:
            try:
                case_rows.answers_from_text(data["answers"], rulebook.table_of(version.document))
            except ValueError as error:
                self.add_error("answers", str(error))
        return data

    def clean_further_lines(self) -> str:
        """As the field says how to write them."""
        written: str = self.cleaned_data["further_lines"]
        try:
            expected_lines(written)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        return written


@admin.register(WorkedCase)
class WorkedCaseAdmin(DraftPartAdmin):
    """One row a case. How the cases of a version fare is shown on the version's own page."""

    form = WorkedCaseForm
    lacks = "the draft makes no rule table yet"
    list_display = ["case_id", "outcome", "code", "modifiers", "origin", "version"]
    search_fields = ["case_id", "origin"]
    ordering = ["version__rule_set", "-version__number", "position", "id"]
    fields = ["version", *case_rows.SAID]
    change_list_template = "admin/coding/worked_cases.html"

    def get_urls(self) -> list[URLPattern]:
        """With the page that takes a file."""
        page = path(
            "file/", self.admin_site.admin_view(self.from_file), name="coding_workedcase_file"
        )
        return [page, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: WorkedCase, form: Any, change: bool) -> None:
        """A new case goes behind the others; then tell how it fares."""
        if not change:
            obj.position = case_rows.last_position(obj.version) + 1
        super().save_model(request, obj, form, change)
        document = RuleSetVersion.objects.select_related("document").get(pk=obj.version_id).document
        if document is None:
            return
        result = case_rows.result_of(obj, rulebook.table_of(document))
        if result.passes:
            messages.success(request, f"{obj} passes.")
        else:
            messages.warning(
                request, f"{obj} fails: it expects {result.expected}. {result.problem}"
            )

    def from_file(self, request: HttpRequest) -> HttpResponse:
        """Choose a file, see what it holds, and take what was shown."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "rows" in request.POST:
            return self._take(request)
        form = CasesFileForm(
            request.POST or None, request.FILES or None, initial=request.GET.dict()
        )
        shown = form.is_valid() if request.method == "POST" else False
        return self._file_page(request, form, shown)

    def _file_page(
        self, request: HttpRequest, form: CasesFileForm | ShownCasesForm, shown: bool
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": "Worked cases from a file",
            "opts": self.opts,
            "form": form,
        }
        if shown and isinstance(form, CasesFileForm):
            version = form.cleaned_data["version"]
            table = rulebook.table_of(version.document)
            context |= {
                "version": version,
                "results": [case_rows.result_of(row, table) for row in form.rows],
                "problems": form.problems,
                "there": set(version.worked_cases.values_list("case_id", flat=True)),
                "confirm": ShownCasesForm(
                    initial={"version": version.pk, "rows": as_text(form.rows)}
                ),
            }
        return TemplateResponse(request, "admin/coding/cases_file.html", context)

    def _take(self, request: HttpRequest) -> HttpResponse:
        form = ShownCasesForm(request.POST)
        if not form.is_valid():
            return self._file_page(request, form, shown=False)
        actor, version, rows = (
            user_of(request),
            form.cleaned_data["version"],
            form.cleaned_data["rows"],
        )

        def take() -> str:
            actions.take_cases(actor, version, rows)
            messages.success(
                request, f"{len(rows)} worked case{'' if len(rows) == 1 else 's'} taken."
            )
            return reverse("worked-cases", args=[version.rule_set.key, version.number])

        return redirect_once(actor, form, take)
