"""What an encounter's page says of its services: those that may be there, and those that are perhaps one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from coding.decision import Facts, RuleTable, complete
from coding.models import Answer, Encounter, Service, ServiceState
from coding.rules import rulebook
from coding.rules.layers import Visit, all_in_force
from coding.rules.proposed_services import ProposedService, proposed_services
from coding.rules.shared_answers import answers_by_service
from reviews.models import DismissedService


@dataclass(frozen=True, slots=True)
class ServicesThere:
    """Services that may be there, those of them that were dismissed, and pairs that are perhaps one service."""

    proposed: list[ProposedService]
    dismissed: list[tuple[ProposedService, DismissedService]]
    perhaps_one: list[tuple[Service, Service]]


def services_there(encounter: Encounter, services: Sequence[Service]) -> ServicesThere:
    """Read what speaks for further services; ``services`` are the standing ones. The queries are a fixed number."""
    proposals = proposed_services(encounter, services)
    dismissals = _dismissals(encounter) if proposals else {}
    standing, dismissed = [], []
    for proposal in proposals:
        dismissal = dismissals.get(proposal.digest)
        if dismissal is None:
            standing.append(proposal)
        else:
            dismissed.append((proposal, dismissal))
    return ServicesThere(standing, dismissed, perhaps_one(services))


def _dismissals(encounter: Encounter) -> dict[str, DismissedService]:
    rows = DismissedService.objects.filter(encounter=encounter).select_related("dismissed_by")
    return {row.digest: row for row in rows}


def perhaps_one(services: Sequence[Service]) -> list[tuple[Service, Service]]:
    """Pairs of services whose answers are complete and, by their rule set, those of one service."""
    several = _several_of_a_rule_set(services)
    if not several:
        return []
    answers = answers_by_service(list(chain.from_iterable(several.values())))
    pairs: list[tuple[Service, Service]] = []
    for version in all_in_force(Visit.of(services[0].encounter)):
        of_rule_set = several.get(version.rule_set_id)
        if version.document is not None and of_rule_set is not None:
            table = rulebook.table_of(version.document)
            pairs += _pairs_of_one(table, of_rule_set, answers)
    return pairs


def _pairs_of_one(
    table: RuleTable, services: Sequence[Service], answers: Mapping[int, dict[str, Answer]]
) -> Iterator[tuple[Service, Service]]:
    """Those pairs whose answers make one service; ``answers`` are each service's, by its id."""
    facts: dict[int, Facts] = {}
    for service in services:
        own_facts = rulebook.facts_of(answers.get(service.pk, {}), table)
        # What makes one service may be derived, such as the group of a site.
        facts[service.pk] = complete(table, own_facts)

    for own, other in combinations(services, 2):
        if table.opening.one_service.are_one(facts[own.pk], facts[other.pk]):
            yield own, other


def _several_of_a_rule_set(services: Sequence[Service]) -> dict[int, list[Service]]:
    """The services to code whose answers are complete, by their rule set; those of a rule set that has two or more."""
    by_rule_set: dict[int, list[Service]] = defaultdict(list)
    to_code = [service for service in services if service.state == ServiceState.TO_CODE]
    for service in to_code:
        # Only complete answers have a suggestion.
        if service.rule_set_id and service.suggestion_id:
            by_rule_set[service.rule_set_id].append(service)
    return {rule_set: own for rule_set, own in by_rule_set.items() if len(own) > 1}
