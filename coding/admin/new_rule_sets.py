"""Rule sets in the administration: a new one is begun here, empty or from a file, with a dry run."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from coding.actions import rule_sets as actions
from coding.actions.version_gate import Refused, faults_of_table
from coding.exchange.json_file import RuleSetFile, write_rule_set
from coding.forms.new_rule_set import NewRuleSetForm, ShownRuleSetForm
from coding.models import RuleSet
from coding.rules import case_data
from coding.rules.in_words import in_full
from coding.views.access import user_of
from coding.views.acting_once import redirect_once


class RuleSetAdmin(admin.ModelAdmin):
    """The rule sets. Key and name stay, as files, addresses and old decisions name them; all else is a version's.

    Registered with the page of a rule set by ``reviews.admin``, which knows how its rules fare.
    """

    list_display = ["name", "key", "versions"]
    search_fields = ["name", "key"]

    @admin.display(description="versions")
    def versions(self, rule_set: RuleSet) -> str:
        """A link to its versions."""
        address = reverse(
            "admin:coding_rulesetversion_changelist", query={"rule_set__id__exact": rule_set.pk}
        )
        return format_html('<a href="{}">versions</a>', address)

    def has_change_permission(self, request: HttpRequest, obj: RuleSet | None = None) -> bool:
        """What changes are its versions."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RuleSet | None = None) -> bool:
        """Rule sets are kept."""
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name it, and perhaps choose a file; what a file makes is shown before anything is kept."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "document" in request.POST:
            shown = ShownRuleSetForm(request.POST)
            if shown.is_valid():
                return self._begin(request, shown, shown.content, "From a file.")
            return self._page(request, shown)
        form = NewRuleSetForm(request.POST or None, request.FILES or None)
        if request.method != "POST" or not form.is_valid():
            return self._page(request, form)
        if form.cleaned_data["file"]:
            return self._page(request, form, form.content)
        return self._begin(request, form, form.content, "A new rule set.")

    def _page(
        self,
        request: HttpRequest,
        form: NewRuleSetForm | ShownRuleSetForm,
        file: RuleSetFile | None = None,
    ) -> HttpResponse:
        table = file.table if file else None
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": "New rule set",
            "opts": self.opts,
            "form": form,
            "table": table,
        }
        if file is not None and table is not None:
            context |= {
                "file": file,
                "rules": in_full(table),
                "defects": list(faults_of_table(table)),
                "confirm": ShownRuleSetForm(initial={"document": write_rule_set(file).decode()}),
            }
        return TemplateResponse(request, "admin/coding/new_rule_set.html", context)

    def _begin(
        self,
        request: HttpRequest,
        form: NewRuleSetForm | ShownRuleSetForm,
        file: RuleSetFile,
        note: str,
    ) -> HttpResponse:
        actor = user_of(request)

        def begin() -> str:
            cases = case_data.from_data(file.cases or (), file.table)
            version = actions.begin(actor, file.table, note, file.lexicon, cases)
            messages.success(
                request, f"{version} is a draft. Write its questions and rules, then submit it."
            )
            return reverse("admin:coding_rulesetversion_change", args=[version.pk])

        try:
            return redirect_once(actor, form, begin)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, form)
