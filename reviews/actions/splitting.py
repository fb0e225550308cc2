"""Verbs on what is one service: split one into two, join two into one.

Answers stay with the service they were given for. The other one's form offers them, and the coder confirms each.
"""

from collections.abc import Collection, Sequence

from django.db import transaction

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import lock_services_of
from coding.actions.require import require
from coding.actions.transitions import of
from coding.models import Service, ServiceLine, ServiceOrigin, ServiceState, User
from reviews.actions.answers import lock_to_code
from reviews.actions.rounds import end_round
from reviews.actions.service_lines import give_lines, let_go_suggested
from reviews.actions.services import check_undecided, open_service
from reviews.actions.standing import Step, settle
from reviews.models import RoundEnd
from reviews.transitions import SERVICE

JOIN = of(SERVICE, "join")


def split(actor: User, service: Service, lines: Collection[int], reason: str) -> Service:
    """Open a second service of the same rule set beside one, with these of its lines (by their ids), or with none.

    What was decided on the first stands as far as it stood; it keeps one of its lines at least, if it has any.
    """
    require(actor, JOIN.permission, "split services")
    with transaction.atomic():
        locked = lock_to_code(actor, service)
        if locked.rule_set is None:
            raise Conflict(
                "No rule set codes this: its line is a service of its own already. Reload the page."
            )

        own = list(locked.lines.standing())
        leaving = _leaving(own, set(lines))
        opened = open_service(
            locked.encounter, locked.rule_set, ServiceOrigin.SPLIT, actor, from_service=locked
        )
        moved = give_lines(ServiceLine.objects.filter(pk__in=lines), opened)
        entry = trail.Entry(
            "service.split",
            opened,
            locked.encounter,
            before={"service": locked.number, "lines": [str(line) for line in own]},
            after={"service": opened.number, "lines": [str(line) for line in leaving]},
            reason=reason.strip(),
            rows=[opened, *moved],
        )
        trail.record_all(actor, [entry])
    return opened


def _leaving(own: Sequence[ServiceLine], chosen: Collection[int]) -> list[ServiceLine]:
    """The chosen ones of a service's lines. Raises Conflict where one is not its own, and where none would be left."""
    leaving = [line for line in own if line.pk in chosen]
    if len(leaving) != len(chosen):
        raise Conflict("Some of these lines are not with this service any more. Reload the page.")
    if own and len(leaving) == len(own):
        raise Conflict(
            "Leave one line with the service: it would have none, and the other one all."
        )
    return leaving


def join(actor: User, service: Service, into: Service, reason: str) -> None:
    """Let another service of the same rule set answer for a service's lines; the service is withdrawn with that."""
    require(actor, JOIN.permission, "join services")
    with transaction.atomic():
        if service.encounter_id != into.encounter_id:
            raise Conflict("The two services are of two encounters. Join services of one.")
        # In the order of their ids, as everybody locks services: below they are locked already.
        lock_services_of(service.encounter)
        locked = lock_to_code(actor, service)
        other = lock_to_code(actor, into)
        has_one_rule_set = locked.rule_set is not None and locked.rule_set_id == other.rule_set_id
        if locked == other or not has_one_rule_set:
            raise Conflict("Only two services of one rule set are joined. Move one of them first.")
        check_undecided(locked)

        lines = [str(line) for line in locked.lines.standing()]
        moved = give_lines(locked.lines.all(), other)
        entry = trail.Entry(
            JOIN.event,
            locked,
            locked.encounter,
            before={"service": locked.number, "lines": lines},
            after={"service": other.number},
            reason=reason.strip(),
            rows=[*moved, *end_round(locked, RoundEnd.OVERTAKEN)],
        )
        settled = settle(JOIN.verb, [Step(locked, ServiceState.WITHDRAWN)])
        let_go_suggested(locked)
        trail.record_all(actor, [entry, *settled])
