"""What a version does to precedents and rule defects, beside what its author named."""

from coding.models import RuleSetVersion
from coding.rules import precedents, rulebook
from coding.rules.precedents import Reversal
from reviews.models import DefectState, NamedReversal, RuleDefect


def reversals(version: RuleSetVersion) -> list[Reversal]:
    """The precedents in force that come out otherwise under a version."""
    if version.document is None:
        return []
    return precedents.reversals(version.rule_set_id, rulebook.table_of(version.document))


def reasons(version: RuleSetVersion) -> dict[int, str]:
    """Why, by the precedents that the author named."""
    return dict(NamedReversal.objects.filter(version=version).values_list("precedent", "reason"))


def open_defects(version: RuleSetVersion) -> list[RuleDefect]:
    """The open defects of a version's rule set, which it may mend."""
    defects = RuleDefect.objects.filter(rule_set=version.rule_set_id, state=DefectState.OPEN)
    return list(defects.select_related("version__rule_set").order_by("version__number", "rule_id"))


def cured(version: RuleSetVersion) -> list[RuleDefect]:
    """The open defects that its author says it mends."""
    named = named_cures(version)
    return [defect for defect in open_defects(version) if defect.pk in named]


def named_cures(version: RuleSetVersion) -> set[int]:
    """The defects that the author named, by their ids."""
    return set(version.named_cures.values_list("defect", flat=True))
