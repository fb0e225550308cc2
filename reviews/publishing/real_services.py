"""The combinations of answers that services of a rule set have, with what was reported for them in the end.

Nothing here tells whose a service is: no encounter, day, payer or person.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from coding.models import RuleSetVersion, Service, Suggestion
from coding.models.reported import in_words
from reviews.models import FinalCode


class Final(NamedTuple):
    """What is final for so many services."""

    outcome: str
    code: str
    modifiers: list[str]
    further_lines: list[tuple[str, int]]
    services: int

    @property
    def words(self) -> str:
        """The report as people read it."""
        return in_words(self.outcome, self.code, self.modifiers, self.further_lines)


class Combination(NamedTuple):
    """A suggestion, how many services have it, and what is final for them, the most frequent first."""

    suggestion: Suggestion
    services: int
    finals: list[Final]

    @property
    def expected(self) -> Suggestion | Final:
        """What stands in the end; before anything is final what was suggested."""
        return self.finals[0] if self.finals else self.suggestion


def counted(version: RuleSetVersion, rule_id: str = "") -> QuerySet[Any, Any]:
    """The suggestions of a rule set's services with their numbers, the most frequent first; of one rule if named."""
    services = Service.objects.standing().filter(
        rule_set=version.rule_set_id, suggestion__isnull=False
    )
    if rule_id:
        services = services.filter(suggestion__rule_id=rule_id)
    counts = services.order_by().values_list("suggestion").annotate(services=Count("*"))
    return counts.order_by("-services", "suggestion")


def combinations(counts: Iterable[tuple[int, int]]) -> list[Combination]:
    """Some of them with what they say; so many queries however many there are."""
    rows = list(counts)
    suggestions = Suggestion.objects.select_related("profile", "document").in_bulk(
        [key for key, _ in rows]
    )
    finals = _finals(suggestions)
    return [Combination(suggestions[key], services, finals[key]) for key, services in rows]


def _finals(suggestions: Iterable[int]) -> dict[int, list[Final]]:
    current = FinalCode.objects.current().filter(service__suggestion__in=list(suggestions))
    counts = current.order_by().values_list(
        "service__suggestion", "outcome", "code", "modifiers", "further_lines"
    )
    finals: dict[int, list[Final]] = defaultdict(list)
    for key, *final in counts.annotate(services=Count("*")).order_by("-services"):
        finals[key].append(Final(*final))
    return finals
