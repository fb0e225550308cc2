"""Versions in the administration, with the pages that take them from draft to in force and back."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse

from coding.admin.rule_sets import VersionAdmin
from coding.models import RuleSetVersion
from reviews.admin.version_cases import VersionCases
from reviews.admin.version_gates import Publish, Submit
from reviews.admin.version_life import Copy, Discard, DryRun, Restore, Retire, SendBack
from reviews.admin.version_steps import Step
from reviews.publishing.returns import last_return

# In the order in which the page of a version offers them.
STEPS: tuple[type[Step], ...] = (Submit, Publish, SendBack, Retire, Restore, DryRun, Copy, Discard)


@admin.register(RuleSetVersion)
class SteppedVersionAdmin(VersionAdmin):
    """Each step is a page of its own; which come next stands on the version's page."""

    change_form_template = "admin/reviews/version.html"

    def get_urls(self) -> list[URLPattern]:
        """With a page a step."""
        pages = [
            path(
                f"<int:key>/{step.name}/",
                self._page_of(step),
                name=f"coding_rulesetversion_{step.name}",
            )
            for step in STEPS
        ]
        cases = [
            path(
                "<int:key>/cases/",
                self._cases_page(VersionCases.coverage),
                name="coding_rulesetversion_cases",
            ),
            path(
                "<int:key>/services/",
                self._cases_page(VersionCases.services),
                name="coding_rulesetversion_services",
            ),
            path(
                "<int:key>/take-case/",
                self._cases_page(VersionCases.take),
                name="coding_rulesetversion_take-case",
            ),
        ]
        return [*pages, *cases, *super().get_urls()]

    def _cases_page(
        self, respond: Callable[[VersionCases], HttpResponse]
    ) -> Callable[..., HttpResponse]:
        def page(request: HttpRequest, key: int) -> HttpResponse:
            return respond(VersionCases(self, request, key))

        return self.admin_site.admin_view(page)

    def _page_of(self, step: type[Step]) -> Callable[..., HttpResponse]:
        def page(request: HttpRequest, key: int) -> HttpResponse:
            return step(self, request, key).respond()

        return self.admin_site.admin_view(page)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: RuleSetVersion | None = None,
    ) -> HttpResponse:
        """With the steps that this person may take next, and why a draft came back."""
        context["returned"] = last_return(obj) if obj else None
        context["steps"] = _next_steps(request, obj) if obj else []
        return super().render_change_form(request, context, add, change, form_url, obj)


def _next_steps(request: HttpRequest, version: RuleSetVersion) -> list[tuple[str, str]]:
    """The steps that a person may take with a version as it stands: titles with addresses."""
    offered = [
        step
        for step in STEPS
        if version.state in step.states and request.user.has_perm(step.permission)
    ]
    return [
        (step.title, reverse(f"admin:coding_rulesetversion_{step.name}", args=[version.pk]))
        for step in offered
    ]
