"""The editions of a draft, what two states of a rule set say differently, and what an edition takes back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse

from coding.actions import editions
from coding.actions import rule_sets as actions
from coding.actions.errors import Conflict
from coding.admin.grid import VersionPages
from coding.decision import DecisionError, TableError, changed_regions
from coding.forms.compared import ComparedForm, State
from coding.models import RuleSetVersion
from coding.rules.draft_content import Content, beside_of, content_of
from coding.rules.draft_differences import differences
from coding.rules.draft_reading import Reading, read_content
from coding.views.access import user_of

A_PAGE = 50


class EditionPages(VersionPages):
    """History, differences, and the way back."""

    def get_urls(self) -> list[URLPattern]:
        """With the pages of editions."""
        return [
            self.address("editions", self.editions, "editions/"),
            self.posted_from(
                "editions", "take_back", self.take_back, "editions/<int:number>/take-back/"
            ),
            self.address("compare", self.compare, "compare/"),
            *super().get_urls(),
        ]

    def editions(self, request: HttpRequest, key: int) -> HttpResponse:
        """What was saved, the newest first."""
        version = self.version_of(request, key)
        light = version.editions.defer("content", "terms").select_related("author")
        page = Paginator(light, A_PAGE).get_page(request.GET.get("page"))
        may_edit = version.is_draft and self.has_change_permission(request)
        return self.page(
            request,
            version,
            "admin/coding/editions.html",
            f"Editions of {version}",
            editions=page,
            may_edit=may_edit,
        )

    def take_back(self, request: HttpRequest, key: int, number: int) -> HttpResponse:
        """Make the draft say again what it said."""
        version = self.version_of(request, key, to_edit=True)
        get_object_or_404(version.editions, number=number)
        try:
            problem = actions.take_back(user_of(request), version, number)
        except Conflict as conflict:
            messages.error(request, str(conflict))
        else:
            messages.success(
                request, f"The draft says again what edition {number} said. That is an edition too."
            )
            if problem:
                messages.warning(request, f"It had errors then, and has them again: {problem}")
        return redirect(reverse("admin:coding_rulesetversion_editions", args=[key]))

    def compare(self, request: HttpRequest, key: int) -> HttpResponse:
        """Two versions of the rule set, of any payer and place, or two editions of the draft."""
        version = self.version_of(request, key)
        form = ComparedForm(request.GET or None, version=version)
        context: dict[str, Any] = {"form": form}
        if form.is_valid():
            try:
                context |= _compared(
                    version, form.cleaned_data["before"], form.cleaned_data["after"]
                )
            except Conflict as conflict:
                form.add_error(None, str(conflict))
        return self.page(
            request, version, "admin/coding/compare.html", f"Compare {version}", **context
        )


def _compared(version: RuleSetVersion, before: State, after: State) -> dict[str, Any]:
    """By rows and cells; by meaning as far as both can be read."""
    old, new = _content(before), _content(after)
    readings = [read_content(version.rule_set, content) for content in (old, new)]
    context = {
        "revisions": differences(old, new),
        "left_out": any(not reading.is_whole for reading in readings),
    }
    return context | {"before": before, "after": after} | _by_meaning(*readings)


def _content(state: State) -> Content:
    if isinstance(state, RuleSetVersion):
        return {**content_of(state), **beside_of(state)}
    return editions.content_then(state)


def _by_meaning(before: Reading, after: Reading) -> dict[str, Any]:
    try:
        return {"change": changed_regions(before.table, after.table)}
    except (TableError, DecisionError) as error:
        return {"undecided": str(error)}
