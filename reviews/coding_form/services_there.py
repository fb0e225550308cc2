"""What an encounter's page says of its services: those that may be there, and those that are perhaps one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from coding.decision import Facts, complete
from coding.models import Encounter, Service, ServiceState
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
    return ServicesThere(
        proposed=[proposal for proposal in proposals if proposal.digest not in dismissals],
        dismissed=[
            (proposal, dismissals[proposal.digest])
            for proposal in proposals
            if proposal.digest in dismissals
        ],
        perhaps_one=perhaps_one(services),
    )


def _dismissals(encounter: Encounter) -> dict[str, DismissedService]:
    rows = DismissedService.objects.filter(encounter=encounter).select_related("dismissed_by")
    return {row.digest: row for row in rows}


def perhaps_one(services: Sequence[Service]) -> list[tuple[Service, Service]]:
    """Pairs of services whose answers are complete and, by their rule set, those of one service."""
    several = _several_of_a_rule_set(services)
    if not several:
        return []
    answers = answers_by_service([service for own in several.values() for service in own])
    pairs = []
    for version in all_in_force(Visit.of(services[0].encounter)):
        alike = several.get(version.rule_set_id)
        if version.document is None or alike is None:
            continue
        table = rulebook.table_of(version.document)
        facts: dict[int, Facts] = {}
        for service in alike:
            own_facts = rulebook.facts_of(answers.get(service.pk, {}), table)
            # What makes one service may be derived, such as the group of a site.
            facts[service.pk] = complete(table, own_facts)
        for own, other in combinations(alike, 2):
            if table.opening.one_service.are_one(facts[own.pk], facts[other.pk]):
                pairs.append((own, other))
    return pairs


def _several_of_a_rule_set(services: Sequence[Service]) -> dict[int, list[Service]]:
    """The services to code whose answers are complete, by their rule set; those of a rule set that has two or more."""
    by_rule_set: dict[int, list[Service]] = defaultdict(list)
    for service in services:
        if service.rule_set_id and service.suggestion_id and service.state == ServiceState.TO_CODE:
            by_rule_set[service.rule_set_id].append(service)
    return {rule_set: own for rule_set, own in by_rule_set.items() if len(own) > 1}
