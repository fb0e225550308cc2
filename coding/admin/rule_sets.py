"""Rule set versions: drafts are edited here, others are read; publishing takes a second person."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from coding.actions import rule_sets as actions
from coding.admin.draft_parts import tell_of_cases
from coding.admin.editions import EditionPages
from coding.admin.grid import GridPages
from coding.admin.merging import merged, typed
from coding.admin.trying import TrialPages
from coding.admin.version_forms import Lines, PartForm, VersionForm
from coding.models import Fact, ModifierRule, Rule, RuleSetVersion, SupportingDiagnosis
from coding.rules.draft_reading import read_draft
from coding.views.access import user_of


class Part(admin.StackedInline):
    """A part of a version; editable as long as the version is a draft."""

    form = PartForm
    formfield_overrides = {
        models.TextField: {"form_class": Lines, "widget": forms.Textarea(attrs={"rows": 3, "cols": 90})}
    }

    def get_extra(self, request: HttpRequest, obj: RuleSetVersion | None = None, **kwargs: Any) -> int:
        """Where there is no row yet, an empty one to begin with."""
        rows = self.model._default_manager.filter(version=obj)
        return int(self._editable(obj) and not rows.exists())

    def _editable(self, obj: RuleSetVersion | None) -> bool:
        return obj is not None and obj.is_draft

    def has_add_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """To drafts only."""
        return self._editable(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """In drafts only."""
        return self._editable(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """From drafts only."""
        return self._editable(obj) and super().has_delete_permission(request, obj)


class FactInline(Part):
    """The questions."""

    model = Fact
    verbose_name = "question"


class RuleInline(Part):
    """The rules."""

    model = Rule


class ModifierInline(Part):
    """The modifiers."""

    model = ModifierRule


class DiagnosisInline(Part):
    """The supporting diagnoses."""

    model = SupportingDiagnosis


# How a draft's form asks for whom its rules are.
OF_THE_LAYER = ("payer_kind", "payer_name", "place")


class VersionAdmin(GridPages, EditionPages, TrialPages):
    """Read every version and edit drafts. Registered with its steps by ``reviews.admin``, which knows of runs."""

    form = VersionForm
    formfield_overrides = {models.TextField: {"form_class": Lines}}
    list_display = ["__str__", "state", "effective_from", "author", "last_editor", "approver", "read"]
    list_filter = ["rule_set", "state"]
    list_select_related = ["rule_set", "author", "last_editor", "approver"]
    ordering = ["rule_set", "-number"]
    fields = [
        "rule_set",
        "number",
        "state",
        "effective_from",
        *OF_THE_LAYER,
        "change_note",
        "description",
        "notes",
        "family",
        "hit_policy",
        "worked_cases",
        "lexicon_terms",
        "further",
        "opening",
        "lexicon_frame",
        "seen_edition",
    ]
    readonly_fields = ["rule_set", "number", "state", "decides_for", "worked_cases", "lexicon_terms"]
    inlines = [FactInline, RuleInline, ModifierInline, DiagnosisInline]
    change_form_template = "admin/coding/version_form.html"
    actions = None

    def get_fields(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> Any:
        """A version that is only read has no fields that ask for its layer: it says it."""
        fields = list(super().get_fields(request, obj))
        if self.has_change_permission(request, obj):
            return fields
        place = fields.index(OF_THE_LAYER[0])
        rest = [name for name in fields[place:] if name not in OF_THE_LAYER]
        return [*fields[:place], "decides_for", *rest]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Whatever became of the draft while the page was open, what was typed is not lost."""
        version = self.get_object(request, unquote(object_id)) if request.method == "POST" and object_id else None
        if version is not None and request.user.has_perm("coding.change_rulesetversion"):
            if not version.is_draft:
                return self._no_draft_any_more(request, version)
            request.POST = merged(request.POST, version)  # type: ignore[assignment]  # Django's own views set it too
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _no_draft_any_more(self, request: HttpRequest, version: RuleSetVersion) -> HttpResponse:
        response = self.page(
            request,
            version,
            "admin/coding/typed.html",
            f"{version} is {version.get_state_display().lower()}",
            typed=typed(request.POST, version),
        )
        response.status_code = 409
        return response

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: RuleSetVersion | None = None,
    ) -> HttpResponse:
        """With all that is wrong with a draft, whenever it is open."""
        context["problems"] = read_draft(obj).problems if obj and obj.is_draft and obj.document_id is None else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="rules")
    def read(self, version: RuleSetVersion) -> str:
        """A link to the rules in words."""
        return format_html('<a href="{}">read</a>', version.get_absolute_url())

    @admin.display(description="for")
    def decides_for(self, version: RuleSetVersion) -> str:
        """The payers and places whose services it decides."""
        return version.layer.words

    @admin.display(description="worked cases")
    def worked_cases(self, version: RuleSetVersion) -> str:
        """How many there are, and how they fare."""
        address = reverse("worked-cases", args=[version.rule_set.key, version.number])
        return _counted(version.worked_cases.count(), address, "see how they fare", "workedcase", version)

    @admin.display(description="lexicon")
    def lexicon_terms(self, version: RuleSetVersion) -> str:
        """How many phrases there are; without any, notes are not read."""
        address = reverse("admin:coding_lexiconterm_changelist", query={"version__id__exact": version.pk})
        return _counted(version.lexicon_terms.count(), address, "see them", "lexiconterm", version)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A version begins as a copy, by the action; the first one of a rule set begins with it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """Versions are kept."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> bool:
        """Only drafts are edited."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def save_model(self, request: HttpRequest, obj: RuleSetVersion, form: Any, change: bool) -> None:
        """Write what was changed and nothing else: the rest of the row is as it was when the page was asked for."""
        changed = [name for name in form.changed_data if name in VersionForm.Meta.fields]
        obj.save(update_fields=[*changed, "for_payer", "for_place"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows, then take them up as the draft's content; errors are shown and nothing is lost."""
        super().save_related(request, form, formsets, change)
        problem = actions.save(user_of(request), form.instance)
        if problem:
            is_sound = RuleSetVersion.objects.filter(pk=form.instance.pk, document__isnull=False).exists()
            lacks = "it reads no note yet" if is_sound else "it makes no rule table yet"
            messages.warning(request, f"Saved, but {lacks}: {problem}")
        tell_of_cases(request, form.instance)

    def get_view_on_site_url(self, obj: RuleSetVersion | None = None) -> str | None:
        """The rules in words."""
        return reverse("rule-set-version", args=[obj.rule_set.key, obj.number]) if obj else None


def _counted(count: int, address: str, words: str, part: str, version: RuleSetVersion) -> str:
    """A number with a link to what is counted, and in drafts to a new one."""
    shown = format_html('{} · <a href="{}">{}</a>', count, address, words) if count else "none"
    if not version.is_draft:
        return shown
    new = reverse(f"admin:coding_{part}_add", query={"version": version.pk})
    return format_html('{} · <a href="{}">add one</a>', shown, new)
