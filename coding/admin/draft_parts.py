"""Rows of drafts that have a list of their own: those of drafts are edited, others are read."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from coding.actions import rule_sets as actions
from coding.admin.kept_texts import KeepsTexts
from coding.admin.merging import MergedForm, changed_fields, typed
from coding.models import RuleSetVersion, VersionState
from coding.rules import case_rows, rulebook
from coding.views.access import user_of

# So many failing cases are named.
FEW = 5
OF_VERSION = "version__id__exact"


class VersionFilter(admin.RelatedOnlyFieldListFilter):
    """The versions that have such rows. A version's name holds its rule set's: all are read in one query."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        """Each version with its name."""
        versions = RuleSetVersion.objects.filter(pk__in=model_admin.model.objects.values("version"))
        return [(str(version.pk), str(version)) for version in versions.select_related("rule_set")]


class DraftPartAdmin(KeepsTexts):
    """Each saved row is taken up into its draft at once; what is wrong with it is shown."""

    lacks = ""
    form = MergedForm
    list_filter: ClassVar[Any] = [("version", VersionFilter)]
    list_select_related: ClassVar[Any] = ["version__rule_set"]
    change_list_template = "admin/coding/draft_parts.html"
    change_form_template = "admin/coding/draft_part.html"
    # Deleting many at once would pass by the drafts that they belong to.
    actions = None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Whatever became of the row while the page was open, what was typed is not lost."""
        if request.method == "POST" and object_id and super().has_change_permission(request):
            row = self.get_object(request, unquote(object_id))
            if row is None:
                return what_was_typed(self, request, "It was deleted by now")
            if not row.version.is_draft:
                why = f"{row.version} is {row.version.get_state_display().lower()} by now"
                return what_was_typed(self, request, why, row.version)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the version whose rows are listed, and the way to it."""
        listed = request.GET.get(OF_VERSION, "")
        versions = RuleSetVersion.objects.select_related("rule_set")
        version = versions.filter(pk=listed).first() if listed.isdecimal() else None
        context = {"version": version, **(extra_context or {})}
        if version is not None:
            context["title"] = f"{capfirst(self.opts.verbose_name_plural)} of {version}"
        return super().changelist_view(request, context)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Without the version where the list is that of one."""
        columns = list(super().get_list_display(request))
        return [name for name in columns if name != "version" or OF_VERSION not in request.GET]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A row that is added from the list of a version is one of that version."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        listed = QueryDict(request.GET.get("_changelist_filters", "")).get(OF_VERSION)
        return {"version": listed, **initial} if listed else initial

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Rows are added to drafts."""
        if db_field.name == "version":
            kwargs["queryset"] = RuleSetVersion.objects.filter(
                state=VersionState.DRAFT
            ).select_related("rule_set")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A row stays in its version: the one that it left would keep a content that its rows no longer make."""
        return ["version"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """In drafts only."""
        return super().has_change_permission(request, obj) and (obj is None or obj.version.is_draft)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """From drafts only; whoever deletes what is gone already is told so."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or obj.version.is_draft)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to the rows of its version."""
        return self._to_rows(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to the rows of its version."""
        return self._to_rows(request, obj) or super().response_post_save_change(request, obj)

    def _to_rows(self, request: HttpRequest, row: Any) -> HttpResponseRedirect | None:
        """The list of the version, for whoever comes from none."""
        if self.get_preserved_filters(request):
            return None
        return HttpResponseRedirect(rows_address(str(self.opts.model_name), row.version))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row and take it up. A row that says what it said makes no edition."""
        actions.lock_draft(obj.version)
        super().save_model(request, obj, form, change)
        changed = changed_fields(form)
        if change and not changed:
            return
        what = (
            f"{changed} of {self.opts.verbose_name}"
            if change
            else f"{self.opts.verbose_name} added:"
        )
        self._take_up(request, obj.version, f"{what} {obj}")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the row and take up what is left."""
        actions.lock_draft(obj.version)
        super().delete_model(request, obj)
        self._take_up(request, obj.version, f"{self.opts.verbose_name} deleted: {obj}")

    def _take_up(self, request: HttpRequest, version: RuleSetVersion, what: str) -> None:
        problem = actions.save(user_of(request), version, what)
        if problem:
            messages.warning(request, f"Saved, but {self.lacks}: {problem}")


def what_was_typed(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    why: str,
    version: RuleSetVersion | None = None,
) -> HttpResponse:
    """The page for a form that can be saved no more, with what was typed into it."""
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": why,
        "version": version,
        "typed": typed(request.POST, model_admin.get_form(request)()),
    }
    return TemplateResponse(request, "admin/coding/typed.html", context, status=409)


def rows_address(part: str, version: RuleSetVersion) -> str:
    """The list of a version's rows of one kind."""
    return reverse(f"admin:coding_{part}_changelist", query={OF_VERSION: version.pk})


def tell_of_cases(request: HttpRequest, version: RuleSetVersion) -> None:
    """Say which worked cases of a draft do not come out as expected any more."""
    now = RuleSetVersion.objects.select_related("rule_set", "document").get(pk=version.pk)
    if now.document is None:
        return
    results = case_rows.run(now, rulebook.table_of(now.document))
    failing = [result.row.case_id for result in results if not result.passes]
    if failing:
        listed = ", ".join(failing[:FEW]) + (" …" if len(failing) > FEW else "")
        address = reverse("worked-cases", args=[now.rule_set.key, now.number])
        verb = "fails" if len(failing) == 1 else "fail"
        words = '{} of {} worked cases {}: {}. <a href="{}">See what became of each rule</a>'
        messages.warning(
            request, format_html(words, len(failing), len(results), verb, listed, address)
        )
