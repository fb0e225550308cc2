"""How the rules of a version fare: fired on services, overruled, found wrong, covered by worked cases."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, Q

from coding.models import RuleSetVersion, Service, ServiceState
from coding.rules import coverage, rulebook
from reviews.models import DefectState, FinalCode, RuleDefect


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """A rule with what is counted of it.

    ``fired``: services whose suggestion it gives. ``overruled``: those of them for which something else is final.
    ``defects``: open rule defects. ``cases``: worked cases that it decides.
    """

    rule_id: str
    title: str
    outcome: str
    fired: int
    overruled: int
    defects: int
    cases: int


def figures_of(version: RuleSetVersion) -> list[RuleFigures]:
    """The rules of a version in their order; so many queries however many services there are."""
    if version.document is None:
        return []
    table = rulebook.table_of(version.document)
    fired = _fired(version)
    overruled = _overruled(version)
    defects = _defects(version)
    cases = coverage.fired(version.worked_cases.all(), table)
    return [
        RuleFigures(
            rule_id=rule.id,
            title=rule.title,
            outcome=rule.code or rule.outcome.words,
            fired=fired[rule.id],
            overruled=overruled[rule.id],
            defects=defects[rule.id],
            cases=cases[rule.id],
        )
        for rule in table.rules
    ]


def _fired(version: RuleSetVersion) -> Counter[str]:
    standing = Service.objects.standing().filter(rule_set=version.rule_set_id)
    services = standing.filter(suggestion__document=version.document_id)
    counted = services.order_by().values_list("suggestion__rule_id").annotate(times=Count("*"))
    return Counter(dict(counted))


def _overruled(version: RuleSetVersion) -> Counter[str]:
    of_version = Q(
        service__rule_set=version.rule_set_id, service__suggestion__document=version.document_id
    )
    finals = FinalCode.objects.current().filter(of_version)
    current = finals.exclude(service__state=ServiceState.WITHDRAWN)
    other = current.exclude(reported=F("service__suggestion__reported")).order_by()
    counted = other.values_list("service__suggestion__rule_id").annotate(times=Count("*"))
    return Counter(dict(counted))


def _defects(version: RuleSetVersion) -> Counter[str]:
    is_open = RuleDefect.objects.filter(rule_set=version.rule_set_id, state=DefectState.OPEN)
    same_content = is_open.filter(version__document=version.document_id).order_by()
    counted = same_content.values_list("rule_id").annotate(times=Count("*"))
    return Counter(dict(counted))
