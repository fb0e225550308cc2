"""Rule sets to read: which versions there are, and the rules of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from coding.exchange import FORMATS
from coding.models import RuleSet, RuleSetVersion
from coding.rules.draft_reading import as_it_stands
from coding.rules.in_words import in_full
from coding.signing.content import version_content
from coding.signing.shown import latest_signatures
from coding.views.access import allowed


@allowed("coding.view_rulesetversion")
def rule_sets(request: HttpRequest) -> HttpResponse:
    """The rule sets with their versions."""
    with_versions = RuleSet.objects.prefetch_related("versions__author", "versions__approver")
    return render(request, "coding/rule_sets.html", {"rule_sets": with_versions})


@allowed("coding.view_rulesetversion")
def rule_set_version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The rules of a version in words."""
    versions = RuleSetVersion.objects.select_related(
        "rule_set", "document", "lexicon", "author", "approver"
    )
    versions = versions.defer("lexicon__document")
    version = get_object_or_404(versions, rule_set__key=key, number=number)
    table, problems = as_it_stands(version)
    context = {
        "version": version,
        "table": table,
        "rules": in_full(table),
        "problems": problems,
        "formats": list(FORMATS.values()),
        "worked_cases": version.worked_cases.count(),
        "lexicon_terms": version.lexicon_terms.count(),
        "signatures": latest_signatures(version, version_content),
    }
    return render(request, "coding/rule_set_version.html", context)
