"""Verbs on services that may be there: open one that something speaks for, or dismiss it."""

from django.db import transaction

from coding import trail
from coding.actions.encounters import check_free
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.models import Encounter, RuleSet, Service, ServiceOrigin, ServiceState, User
from coding.rules.proposed_services import ProposedService, proposed_services
from reviews.actions.services import lock_not_void, open_service, take_over_lines
from reviews.actions.standing import refresh
from reviews.models import CodingDecision, DismissedService


def confirm(actor: User, encounter: Encounter, rule_set: RuleSet) -> Service:
    """Open a service that something speaks for. Lines that no rule set coded come to it.

    It may have been dismissed before: whoever opens it now has looked again.
    """
    require(actor, "coding.code_encounter", "add services")
    with transaction.atomic():
        services, proposal = _lock(actor, encounter, rule_set)
        unclaimed = _of_lines(services, proposal)
        service = open_service(encounter, rule_set, ServiceOrigin.PROPOSED, actor)
        moved = take_over_lines(unclaimed, service, f"{rule_set.name} codes its line.")
        entry = trail.Entry(
            "service.added",
            service,
            encounter,
            after={"service": service.number, "rule set": rule_set.name, **_in_trail(proposal)},
            rows=[service, encounter],
        )
        trail.record_all(actor, [entry, *moved, *refresh([encounter.pk])])
    return service


def dismiss(
    actor: User, encounter: Encounter, rule_set: RuleSet, reason: str = ""
) -> DismissedService:
    """Say of a proposed service that it is not there. It is kept, and proposed again once something else speaks."""
    require(actor, "coding.code_encounter", "dismiss proposed services")
    with transaction.atomic():
        _, proposal = _lock(actor, encounter, rule_set)
        dismissed, is_new = DismissedService.objects.get_or_create(
            encounter=encounter,
            rule_set=rule_set,
            digest=proposal.digest,
            defaults={"reasons": proposal.data(), "reason": reason.strip(), "dismissed_by": actor},
        )
        if not is_new:
            raise Conflict("This service was dismissed already. Reload the page.")
        trail.record(
            actor,
            "service.dismissed",
            encounter,
            encounter=encounter,
            before={"rule set": rule_set.name, **_in_trail(proposal)},
            reason=dismissed.reason,
            rows=[dismissed],
        )
    return dismissed


def _lock(
    actor: User, encounter: Encounter, rule_set: RuleSet
) -> tuple[list[Service], ProposedService]:
    """The encounter's services, locked, and what speaks for one of the rule set now."""
    now, services = lock_not_void(encounter)
    check_free(actor, services)
    for proposal in proposed_services(now, services):
        if proposal.rule_set == rule_set:
            return services, proposal
    raise Conflict(
        f"Nothing speaks for a service of {rule_set.name} any more, or there is one. Reload the page."
    )


def _of_lines(services: list[Service], proposal: ProposedService) -> list[Service]:
    """The services without rule set whose lines come over: those on which nobody decided before."""
    keys = {line.service_id for line in proposal.lines}
    decisions = CodingDecision.objects.filter(service__in=keys)
    undecided = keys - set(decisions.values_list("service", flat=True))
    to_code = [service for service in services if service.state == ServiceState.TO_CODE]
    return [service for service in to_code if service.pk in undecided]


def _in_trail(proposal: ProposedService) -> dict[str, object]:
    """What speaks for it. Of the note, that it does: the trail holds no copy of one."""
    because_of = [reason.text for reason in proposal.reasons if reason.kind != "note"]
    if len(because_of) < len(proposal.reasons):
        because_of.append("the note")
    return {"because of": because_of}
