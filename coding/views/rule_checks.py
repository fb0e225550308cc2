"""What can be asked of a version: is it sound, what does it change, how do two of its codes differ."""

from itertools import groupby
from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from coding.actions.version_gate import ENTANGLED
from coding.decision import (
    DecisionError,
    Finding,
    Flaw,
    HitPolicy,
    RuleTable,
    TableError,
    can_guide,
    changed_regions,
    contrast,
    describe_facts,
    revisions,
    verify,
)
from coding.decision.gaps import gap_regions
from coding.forms.rule_sets import CodesForm, OtherVersionForm
from coding.models import RuleSetVersion
from coding.rules import case_rows, draft_reading, rulebook
from coding.rules.draft_checks import BY_DESIGN, conditions_of
from coding.rules.draft_reading import Problem
from coding.views.access import allowed
from coding.views.pages import page_of

HEADINGS = {
    Flaw.GAP: "Cases without a rule",
    Flaw.OVERLAP: "Cases with two rules",
    Flaw.UNREACHABLE: "Rules that never decide",
    Flaw.UNDECIDED: "Could not be decided",
    Flaw.PARTLY_MASKED: "Rules that rules above partly mask",
    Flaw.IDLE_ROW: "Alternatives that never decide",
    Flaw.IDLE_CELL: "Conditions that test nothing",
    Flaw.IDLE_FACT: "Questions that never matter",
    Flaw.TELLING_GUARD: "Guards that test something",
    Flaw.UNMENTIONED: "Answers that no rule mentions",
}


@allowed("coding.view_rulesetversion")
def check_version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The findings about a version's rules."""
    version, table, problems = as_it_stands(key, number)
    findings = verify(table)
    groups = []
    for flaw, of_one_kind in groupby(findings, key=attrgetter("flaw")):
        with_cases = [(finding, _witness(table, finding)) for finding in of_one_kind]
        groups.append((HEADINGS[flaw], flaw, with_cases))
    defects = sum(finding.is_defect for finding in findings)
    context: dict[str, object] = {
        "version": version,
        "groups": groups,
        "defects": defects,
        "problems": problems,
    }
    context["by_design"] = BY_DESIGN if table.hit_policy is HitPolicy.FIRST else frozenset()
    context["entangled"] = "" if can_guide(table) else ENTANGLED
    context["regions"] = [conditions_of(table, region) for region in gap_regions(table)]
    return render(request, "coding/rule_check.html", context)


def _witness(table: RuleTable, finding: Finding) -> str:
    return describe_facts(table.facts, finding.witness) if finding.witness else ""


@allowed("coding.view_rulesetversion")
def worked_cases(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The worked cases of a version, with how each fares under its rules; those that fail come first."""
    version, table, problems = as_it_stands(key, number)
    results = sorted(case_rows.run(version, table), key=attrgetter("passes"))
    failed = sum(not result.passes for result in results)
    context = {
        "version": version,
        "page": page_of(request, results),
        "failed": failed,
        "problems": problems,
    }
    return render(request, "coding/worked_cases.html", context)


@allowed("coding.view_rulesetversion")
def compare_versions(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """What another version says differently, and the answers whose outcome that changes."""
    version, table, problems = as_it_stands(key, number)
    form = OtherVersionForm(request.GET or None, version=version)
    context: dict[str, object] = {"version": version, "form": form, "problems": problems}
    if form.is_valid():
        other = form.cleaned_data["other"]
        before = rulebook.table_of(other.document)
        context |= {"other": other, "revisions": revisions(before, table)}
        try:
            context["change"] = changed_regions(before, table)
        except (TableError, DecisionError) as error:
            context["undecided"] = str(error)
    return render(request, "coding/rule_compare.html", context)


@allowed("coding.view_rulesetversion")
def contrast_codes(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """How two codes of a version differ."""
    version, table, problems = as_it_stands(key, number)
    form = CodesForm(request.GET or None, codes=table.family)
    context: dict[str, object] = {"version": version, "form": form, "problems": problems}
    if form.is_valid():
        codes = form.cleaned_data["first"], form.cleaned_data["second"]
        context["codes"] = codes
        try:
            context["contrast"] = contrast(table, *codes)
        except DecisionError as error:
            context["undecided"] = str(error)
    return render(request, "coding/rule_contrast.html", context)


def as_it_stands(key: str, number: int) -> tuple[RuleSetVersion, RuleTable, list[Problem]]:
    """A version with the table of what of it can be read, and the problems of what cannot."""
    versions = RuleSetVersion.objects.select_related("rule_set", "document")
    version = get_object_or_404(versions, rule_set__key=key, number=number)
    return (version, *draft_reading.as_it_stands(version))


def version_and_table(key: str, number: int) -> tuple[RuleSetVersion, RuleTable]:
    """A version whose rows make a rule table; 404 if there is none."""
    versions = RuleSetVersion.objects.select_related("rule_set", "document").exclude(document=None)
    version = get_object_or_404(versions, rule_set__key=key, number=number)
    assert version.document is not None  # excluded above  # noqa: S101
    return version, rulebook.table_of(version.document)
