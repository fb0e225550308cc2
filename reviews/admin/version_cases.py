"""Worked cases of a version: what they cover, a proposal for each rule that none fires, and cases of real services."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from coding.actions import rule_sets
from coding.actions.errors import Conflict
from coding.decision import describe_facts
from coding.forms.parts import IdempotentForm
from coding.models import RuleSetVersion, Suggestion, WorkedCase
from coding.rules import case_rows, coverage, draft_reading
from coding.rules.cases_from_services import answers_of, case_of_profile, free_id
from coding.views.access import user_of
from coding.views.acting_once import redirect_once
from coding.views.pages import page_of
from reviews.publishing import real_services
from reviews.publishing.real_services import Combination


class TakeCaseForm(IdempotentForm):
    """The proposal for a rule, or the answers of services by their suggestion."""

    rule = forms.CharField(required=False, max_length=20)
    suggestion = forms.ModelChoiceField(Suggestion.objects.none(), required=False)

    def __init__(self, *args: Any, version: RuleSetVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_rule_set = Suggestion.objects.filter(services__rule_set=version.rule_set_id).distinct()
        suggestion: Any = self.fields["suggestion"]
        suggestion.queryset = of_rule_set


class VersionCases:
    """The two pages of one version."""

    def __init__(self, model_admin: admin.ModelAdmin, request: HttpRequest, key: int) -> None:
        if not request.user.has_perm("coding.view_workedcase"):
            raise PermissionDenied
        self.model_admin, self.request = model_admin, request
        versions = RuleSetVersion.objects.select_related("rule_set", "document")
        self.version = get_object_or_404(versions, pk=key)
        self.table, self.problems = draft_reading.as_it_stands(self.version)

    def coverage(self) -> HttpResponse:
        """How often each rule is fired by a case, and the cases that would fire the others."""
        cases = list(self.version.worked_cases.all())
        results = [case_rows.result_of(case, self.table) for case in cases]
        uncovered = coverage.uncovered(cases, self.table)
        context = {
            "cases": len(cases),
            "failed": [result for result in results if not result.passes],
            "covered": len(self.table.rules) - len(uncovered),
            "rules": len(self.table.rules),
            "uncovered": [(rule, self._shown(rule.proposed), uuid.uuid4()) for rule in uncovered],
        }
        return self._page(
            "Coverage by worked cases", "admin/reviews/version_coverage.html", context
        )

    def _shown(self, case: WorkedCase | None) -> str:
        if case is None:
            return ""
        return describe_facts(self.table.facts, case_rows.case_of(case, self.table).facts)

    def services(self) -> HttpResponse:
        """The combinations of answers of real services, with what is final for them."""
        rule = self.request.GET.get("rule", "")[:20]
        page = page_of(self.request, real_services.counted(self.version, rule))
        combinations = real_services.combinations(page)
        rows = [
            (combination, self._answers(combination), uuid.uuid4()) for combination in combinations
        ]
        context = {"page": page, "rows": rows, "rule": rule}
        return self._page("Cases of real services", "admin/reviews/version_services.html", context)

    def _answers(self, combination: Combination) -> str:
        answers = answers_of(combination.suggestion.profile, self.table)
        return describe_facts(self.table.facts, answers)

    def _page(self, title: str, template: str, context: dict[str, Any]) -> HttpResponse:
        may_add = self.request.user.has_perm("coding.add_workedcase")
        shared = {
            **self.model_admin.admin_site.each_context(self.request),
            "title": f"{title}: {self.version}",
            "page_title": title,
            "opts": self.model_admin.opts,
            "version": self.version,
            "problems": self.problems,
            "can_take": self.version.is_draft and may_add,
        }
        return TemplateResponse(self.request, template, {**shared, **context})

    def take(self) -> HttpResponse:
        """Take a proposal, or what real services say, into the draft."""
        if not self.request.user.has_perm("coding.add_workedcase"):
            raise PermissionDenied
        back = reverse("admin:coding_rulesetversion_cases", args=[self.version.pk])
        form = TakeCaseForm(self.request.POST or None, version=self.version)
        case = self._case(form) if form.is_valid() else None
        if case is None:
            messages.warning(self.request, "There is no such case any more. Choose another.")
            return redirect(back)
        return redirect_once(user_of(self.request), form, lambda: self._take(case))

    def _case(self, form: TakeCaseForm) -> WorkedCase | None:
        if form.cleaned_data["rule"]:
            return coverage.proposed_case(self.table, form.cleaned_data["rule"])
        suggestion = form.cleaned_data["suggestion"]
        if suggestion is None:
            return None
        [combination] = real_services.combinations([(suggestion.pk, 1)])
        by = f"A service as it was coded, taken by {user_of(self.request).name}."
        case = case_of_profile(suggestion.profile, self.table, combination.expected, by)
        case.case_id = free_id(self.version, "S-")
        return case

    def _take(self, case: WorkedCase) -> str:
        address = reverse("admin:coding_rulesetversion_cases", args=[self.version.pk])
        try:
            rule_sets.take_cases(user_of(self.request), self.version, [case])
        except Conflict as refusal:
            messages.error(self.request, str(refusal))
            return address
        result = case_rows.result_of(case, self.table)
        if result.passes:
            messages.success(self.request, f"Taken. {case} passes.")
        else:
            messages.warning(
                self.request, f"Taken. {case} fails: it expects {result.expected}. {result.problem}"
            )
        return address
