"""The rows of a rule table, each on a page of its own: for whoever works without the grid. A version leads to them."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import models
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from coding.admin.draft_parts import OF_VERSION, DraftPartAdmin, tell_of_cases
from coding.admin.merging import MergedForm
from coding.models import Fact, ModifierRule, Rule, RuleSetVersion, SupportingDiagnosis
from coding.rules.draft_content import PARTS
from coding.rules.draft_reading import Problem, read_draft
from coding.rules.fact_uses import uses_of

LAST_PLACE = 32767


class RowForm(MergedForm):
    """A row of a version's table. A new one without a position goes behind the others."""

    position = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=LAST_PLACE,
        help_text="Rows stand by their position, the lowest first. Empty: behind all others.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial["position"] = None

    def clean(self) -> dict[str, Any]:
        """With a place behind the last row where none is given."""
        data = super().clean()
        version = self.instance.version if self.instance.pk else data.get("version")
        if version is not None and data.get("position", 0) is None:
            rows = type(self.instance)._default_manager.filter(version=version)
            data["position"] = (rows.aggregate(last=Max("position"))["last"] or 0) + 1
        return data


class RowAdmin(DraftPartAdmin):
    """Rows of one kind. The index leaves them out: they are reached from their version."""

    form = RowForm
    lacks = "the draft makes no rule table yet"
    formfield_overrides = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 4, "cols": 90})}
    }

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """None: Django leaves such a model out of its index."""
        return {}

    def _take_up(self, request: HttpRequest, version: RuleSetVersion, what: str) -> None:
        super()._take_up(request, version, what)
        tell_of_cases(request, version)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With all that is wrong with the row, whenever it is open."""
        is_broken = obj is not None and obj.version.is_draft and obj.version.document_id is None
        context["problems"] = (
            [problem for row, problem in problems_of(obj.version) if row == obj]
            if is_broken
            else []
        )
        return super().render_change_form(request, context, add, change, form_url, obj)


def problems_of(version: RuleSetVersion) -> Iterator[tuple[models.Model | None, Problem]]:
    """What of a draft cannot be read, each with its row; with none where the draft itself is meant."""
    rows = {key: list(getattr(version, part.rows).all()) for key, part in PARTS.items()}
    for problem in read_draft(version).problems:
        yield (rows[problem.part][problem.row] if problem.part in rows else None), problem


def row_address(row: models.Model, version: RuleSetVersion) -> str:
    """The page of a row; once it is saved, that leads back to the rows of its version."""
    query = {"_changelist_filters": f"{OF_VERSION}={version.pk}"}
    return reverse(f"admin:coding_{row._meta.model_name}_change", args=[row.pk], query=query)


@admin.register(Fact)
class FactAdmin(RowAdmin):
    """The questions, and the facts that are not asked."""

    list_display = ["key", "position", "label", "kind", "source", "question", "version"]
    search_fields = ["key", "label", "question"]
    delete_confirmation_template = "admin/coding/delete_fact.html"

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Before a fact is deleted: what uses it."""
        fact = self.get_object(request, unquote(object_id))
        uses: list[str] = []
        if fact is not None and self.has_view_permission(request, fact):
            uses = uses_of(fact.version, fact.key)
        return super().delete_view(request, object_id, {**(extra_context or {}), "uses": uses})


@admin.register(Rule)
class RuleAdmin(RowAdmin):
    """The rules."""

    list_display = ["rule_id", "position", "title", "outcome", "code", "version"]
    search_fields = ["rule_id", "title", "code", "conditions"]


@admin.register(ModifierRule)
class ModifierRuleAdmin(RowAdmin):
    """The modifiers."""

    list_display = ["modifier", "position", "conditions", "version"]
    search_fields = ["modifier", "conditions"]


@admin.register(SupportingDiagnosis)
class SupportingDiagnosisAdmin(RowAdmin):
    """The supporting diagnoses."""

    list_display = ["codes", "position", "conditions", "version"]
    search_fields = ["codes", "conditions"]
