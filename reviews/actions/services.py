"""Verbs on services: add one, withdraw one, move one to another rule set, report nothing of an encounter."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from coding import trail
from coding.actions.encounters import check_free, check_not_void
from coding.actions.errors import Conflict
from coding.actions.locks import lock_services_of
from coding.actions.require import require
from coding.actions.transitions import of
from coding.models import (
    Encounter,
    RuleSet,
    Service,
    ServiceLine,
    ServiceOrigin,
    ServiceState,
    User,
)
from reviews.actions.answers import lock_to_code
from reviews.actions.decisions import Judgement, decide
from reviews.actions.rounds import end_round
from reviews.actions.service_lines import give_lines, let_go_suggested
from reviews.actions.standing import Step, refresh, settle
from reviews.models import Choice, CodingDecision, RoundEnd
from reviews.transitions import SERVICE

WITHDRAW = of(SERVICE, "withdraw")


def add(actor: User, encounter: Encounter, rule_set: RuleSet) -> Service:
    """Open a service that no submitted line asked for: the coder read it in the note."""
    require(actor, "coding.code_encounter", "add services")
    with transaction.atomic():
        _, services = lock_not_void(encounter)
        check_free(actor, services)
        service = open_service(encounter, rule_set, ServiceOrigin.CODER, actor)
        entry = trail.Entry(
            "service.added",
            service,
            encounter,
            after={"service": service.number, "rule set": rule_set.name},
            rows=[service, encounter],
        )
        trail.record_all(actor, [entry, *refresh([encounter.pk])])
    return service


def withdraw(actor: User, service: Service, reason: str) -> None:
    """Take a service out that answers for no submitted line. One that does is decided, never withdrawn."""
    require(actor, WITHDRAW.permission, "withdraw services")
    with transaction.atomic():
        locked = lock_to_code(actor, service)
        lines = [str(line) for line in locked.lines.standing()]
        if lines:
            raise Conflict(
                f"It answers for {', '.join(lines)}. Report nothing for it instead, or move it."
            )
        check_undecided(locked)
        trail.record_all(actor, _withdraw(locked, reason))


def move(actor: User, service: Service, rule_set: RuleSet | None, reason: str) -> Service:
    """Let another rule set, or none, judge a service's lines: it is withdrawn, and another one opened with them.

    Answers stay with the service they were given for: the same word may mean another thing in another family.
    """
    require(actor, WITHDRAW.permission, "move services to another rule set")
    with transaction.atomic():
        locked = lock_to_code(actor, service)
        if locked.rule_set == rule_set:
            raise Conflict("The service is there already. Choose another rule set.")
        check_undecided(locked)
        opened = open_service(
            locked.encounter, rule_set, ServiceOrigin.MOVED, actor, from_service=locked
        )
        moved = give_lines(locked.lines.all(), opened)
        entry = trail.Entry(
            "service.moved",
            opened,
            locked.encounter,
            before={
                "service": locked.number,
                "rule set": locked.rule_set.name if locked.rule_set else None,
            },
            after={"service": opened.number, "rule set": rule_set.name if rule_set else None},
            reason=reason.strip(),
            rows=[opened, *moved],
        )
        trail.record_all(actor, [entry, *_withdraw(locked, reason)])
    return opened


def report_nothing(actor: User, encounter: Encounter, reason: str) -> CodingDecision:
    """Say of an encounter with neither line nor service that nothing of it is to be reported."""
    require(actor, "reviews.add_codingdecision", "make coding decisions")
    with transaction.atomic():
        _, services = lock_not_void(encounter)
        if any(service.state != ServiceState.WITHDRAWN for service in services):
            raise Conflict("This encounter has services. Decide on each of them.")
        service = open_service(encounter, None, ServiceOrigin.CODER, actor)
        return decide(actor, service, Judgement(Choice.NOTHING, reason=reason))


def lock_not_void(encounter: Encounter) -> tuple[Encounter, list[Service]]:
    """An encounter as it is now and its services, all locked. Raises Conflict for a void one. Part of verbs."""
    services = lock_services_of(encounter)
    now = Encounter.objects.get(pk=encounter.pk)
    check_not_void(now)
    return now, services


def open_service(
    encounter: Encounter,
    rule_set: RuleSet | None,
    origin: ServiceOrigin,
    coder: User,
    from_service: Service | None = None,
) -> Service:
    """A new service of a locked encounter. Part of verbs."""
    last = encounter.services.aggregate(last=Max("number"))["last"] or 0
    return Service.objects.create(
        encounter=encounter,
        number=last + 1,
        rule_set=rule_set,
        day=encounter.date_of_service,
        payer=encounter.payer,
        origin=origin,
        from_service=from_service,
        assigned_to=coder,
    )


def _withdraw(
    service: Service, reason: str, moved: Sequence[ServiceLine] = ()
) -> list[trail.Entry]:
    """Take a service out, whose lines went to another one."""
    ended = end_round(service, RoundEnd.OVERTAKEN)
    entry = trail.Entry(
        WITHDRAW.event,
        service,
        service.encounter,
        before={
            "service": service.number,
            "rule set": service.rule_set.name if service.rule_set else None,
        },
        reason=reason.strip(),
        rows=[*moved, *ended],
    )
    settled = settle(WITHDRAW.verb, [Step(service, ServiceState.WITHDRAWN)])
    let_go_suggested(service)
    return [entry, *settled]


def take_over_lines(services: list[Service], owner: Service, why: str) -> list[trail.Entry]:
    """Let a locked service answer for the lines of others, which are withdrawn with that. Part of verbs."""
    entries = []
    for service in services:
        moved = give_lines(service.lines.standing(), owner)
        entries += _withdraw(service, why, moved)
    return entries


def withdraw_bare(service: Service) -> list[trail.Entry]:
    """Take out a service that nobody touched and whose lines its source took back. Part of a correction."""
    return _withdraw(service, "Its source no longer submits its lines.")


def check_undecided(service: Service) -> None:
    """What was decided, or has a final code, is changed by a decision that a supervisor may see."""
    if CodingDecision.objects.filter(service=service).exists():
        raise Conflict("The service was decided before. Decide on it again instead.")
