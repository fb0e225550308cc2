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
from coding.admin.draft_parts import OF_VERSION, rows_address, tell_of_cases, what_was_typed
from coding.admin.draft_rows import problems_of, row_address
from coding.admin.editions import EditionPages
from coding.admin.grid import GridPages
from coding.admin.merging import changed_fields
from coding.admin.trying import TrialPages
from coding.admin.version_forms import IndentedField, VersionForm
from coding.models import RuleSetVersion
from coding.rules import rulebook
from coding.rules.trial import told_of_lexicon
from coding.views.access import user_of

ROWS = ("questions", "rules", "modifiers", "diagnoses", "lexicon_terms", "worked_cases")
# How a draft's form asks for whom its rules are.
WHEN = "When and for whom"
OF_THE_LAYER = ("payer_kind", "payer_name", "place")


class VersionAdmin(GridPages, EditionPages, TrialPages):
    """Read every version and edit drafts. Registered with its steps by ``reviews.admin``, which knows of runs."""

    form = VersionForm
    list_display = [
        "__str__",
        "state",
        "effective_from",
        "author",
        "last_editor",
        "approver",
        "read",
    ]
    list_filter = ["rule_set", "state"]
    list_select_related = ["rule_set", "author", "last_editor", "approver"]
    ordering = ["rule_set", "-number"]
    fieldsets = [
        (None, {"fields": ["rule_set", "number", "state", "change_note"]}),
        (WHEN, {"fields": ["effective_from", *OF_THE_LAYER]}),
        ("Rows", {"fields": [*ROWS]}),
        ("Texts and codes", {"fields": ["description", "notes", "family", "hit_policy"]}),
        (
            "Written as data, as the guide shows it",
            {"fields": ["further", "opening", "lexicon_frame"], "classes": ["collapse"]},
        ),
    ]
    readonly_fields = ["rule_set", "number", "state", "decides_for", *ROWS]
    formfield_overrides = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 4, "cols": 90})},
        models.JSONField: {
            "form_class": IndentedField,
            "widget": forms.Textarea(attrs={"rows": 8, "cols": 90}),
        },
    }
    change_form_template = "admin/coding/version_form.html"
    actions = None

    def get_fieldsets(self, request: HttpRequest, obj: RuleSetVersion | None = None) -> Any:
        """A version that is only read has no fields that ask for its layer: it says it."""
        fieldsets: Any = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        with_layer = (WHEN, {"fields": ["effective_from", "decides_for"]})
        return [with_layer if name == WHEN else (name, options) for name, options in fieldsets]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Whatever became of the draft while the page was open, what was typed is not lost."""
        version = (
            self.get_object(request, unquote(object_id))
            if request.method == "POST" and object_id
            else None
        )
        may_edit = request.user.has_perm("coding.change_rulesetversion")
        if version is not None and may_edit and not version.is_draft:
            why = f"{version} is {version.get_state_display().lower()} by now"
            return what_was_typed(self, request, why, version)
        return super().changeform_view(request, object_id, form_url, extra_context)

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
        context["problems"] = _addressed_problems(obj) if obj and obj.is_draft else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="rules")
    def read(self, version: RuleSetVersion) -> str:
        """A link to the rules in words."""
        return format_html('<a href="{}">read</a>', version.get_absolute_url())

    @admin.display(description="for")
    def decides_for(self, version: RuleSetVersion) -> str:
        """The payers and places whose services it decides."""
        return version.layer.words

    @admin.display(description="questions")
    def questions(self, version: RuleSetVersion) -> str:
        """How many there are."""
        return _counted("fact", version.facts.count(), version)

    @admin.display(description="rules")
    def rules(self, version: RuleSetVersion) -> str:
        """How many there are."""
        return _counted("rule", version.rules.count(), version)

    @admin.display(description="modifiers")
    def modifiers(self, version: RuleSetVersion) -> str:
        """How many there are."""
        return _counted("modifierrule", version.modifier_rules.count(), version)

    @admin.display(description="supporting diagnoses")
    def diagnoses(self, version: RuleSetVersion) -> str:
        """How many there are."""
        return _counted("supportingdiagnosis", version.supporting_diagnoses.count(), version)

    @admin.display(description="worked cases")
    def worked_cases(self, version: RuleSetVersion) -> str:
        """How many there are, and how they fare."""
        address = reverse("worked-cases", args=[version.rule_set.key, version.number])
        counted = _counted("workedcase", version.worked_cases.count(), version)
        return format_html('{} · <a href="{}">see how they fare</a>', counted, address)

    @admin.display(description="lexicon")
    def lexicon_terms(self, version: RuleSetVersion) -> str:
        """How many phrases there are; without any, notes are not read."""
        return _counted("lexiconterm", version.lexicon_terms.count(), version)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A version begins as a copy, by the action; the first one of a rule set begins with it."""
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: RuleSetVersion | None = None
    ) -> bool:
        """Versions are kept."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: RuleSetVersion | None = None
    ) -> bool:
        """Only drafts are edited."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def save_model(
        self, request: HttpRequest, obj: RuleSetVersion, form: Any, change: bool
    ) -> None:
        """Write what was changed and nothing else: the rest of the row is as it was when the page was asked for."""
        changed = [name for name in form.changed_data if name in VersionForm.Meta.fields]
        obj.save(update_fields=[*changed, "for_payer", "for_place"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Take the draft up as it stands; errors are shown and nothing is lost. Nothing new makes no edition."""
        super().save_related(request, form, formsets, change)
        changed = changed_fields(form)
        if not changed:
            return
        problem = actions.save(user_of(request), form.instance, changed)
        if problem:
            is_sound = RuleSetVersion.objects.filter(
                pk=form.instance.pk, document__isnull=False
            ).exists()
            lacks = "it reads no note yet" if is_sound else "it makes no rule table yet"
            messages.warning(request, f"Saved, but {lacks}: {problem}")
        tell_of_cases(request, form.instance)


def _addressed_problems(version: RuleSetVersion) -> list[tuple[str, str]]:
    """What cannot be read, in words, with the page of its row; with none where the version itself is meant."""
    if version.document is not None:
        terms = reverse("try-lexicon", args=[version.rule_set.key, version.number])
        table = rulebook.table_of(version.document)
        return [(words, terms) for words in told_of_lexicon(version, table)]
    return [
        (problem.words, row_address(row, version) if row else "")
        for row, problem in problems_of(version)
    ]


def _counted(part: str, count: int, version: RuleSetVersion) -> str:
    """A number with a link to what is counted, and in drafts to a new one."""
    address = rows_address(part, version)
    shown = format_html('{} · <a href="{}">see them</a>', count, address) if count else "none"
    if not version.is_draft:
        return shown
    query = {"_changelist_filters": f"{OF_VERSION}={version.pk}"}
    new = reverse(f"admin:coding_{part}_add", query=query)
    return format_html('{} · <a href="{}">add one</a>', shown, new)
