"""Verbs that look at a judgement once more: return a case to its coder, object to a ruling, reopen one."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Model

from coding import trail
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.locks import lock_service
from coding.actions.require import require
from coding.actions.signatures import sign
from coding.actions.transitions import Transition, of
from coding.models import Meaning, ServiceState, User
from coding.signing.confirmation import Confirmation
from reviews.actions.cases import check_may_judge, lock_held, move
from reviews.actions.rounds import open_round
from reviews.actions.routing import route
from reviews.actions.standing import Step, settle
from reviews.coding_form.evidence import stale_answers_of
from reviews.judging import rebuttals
from reviews.models import CaseRoute, CaseState, Level, ReviewCase, RoundReason, RouteReason, Ruling
from reviews.signed import reopening_content
from reviews.transitions import CASE, SERVICE

RETURN = of(CASE, "return")
REBUT = of(SERVICE, "rebut")
REOPEN = of(SERVICE, "reopen")
NOTHING_MORE: Mapping[str, object] = {}


def return_to_coder(actor: User, case: ReviewCase, reason: str) -> None:
    """Give a case that one holds back to its coder: a new round, in which what the note contradicts is asked again."""
    require(actor, RETURN.permission, "return cases to their coders")
    with transaction.atomic():
        service = lock_service(case.service)
        locked = lock_held(actor, case)
        move(locked, RETURN, holder=actor)

        stale = stale_answers_of(service)
        opened = open_round(actor, service, RoundReason.RETURNED, ask_again=stale, case=locked)
        entry = trail.Entry(
            RETURN.event,
            locked,
            service.encounter,
            after={"service": service.number},
            reason=reason.strip(),
            rows=[locked, *opened],
        )
        entries = settle(RETURN.verb, [Step(service, ServiceState.TO_CODE)])
        trail.record_all(actor, [entry, *entries])


def rebut(actor: User, case: ReviewCase, objection: str) -> ReviewCase:
    """The coder objects to a ruling: a case of level 2, which another supervisor decides. One for each ruling."""
    require(actor, REBUT.permission, "object to rulings")
    if case.coder_id != actor.pk:
        raise NotAllowed("Only the coder of a case objects to its ruling.")
    if case.level != Level.FIRST:
        raise Conflict("A second supervisor has decided this. It stands.")
    with transaction.atomic():
        service = lock_service(case.service)
        ruling = _open_to_objection(case)
        # Who objects has read the ruling, and may have said so before.
        unread = ReviewCase.objects.filter(pk=case.pk, state=CaseState.RESOLVED)
        unread.update(state=CaseState.ACKNOWLEDGED)

        rebuttal = ReviewCase.objects.create(
            service=service,
            decision=case.decision,
            suggestion=case.suggestion,
            coder=case.coder,
            level=Level.REBUTTAL,
            objects_to=ruling,
            first_supervisor=ruling.supervisor,
            objection=objection.strip(),
        )
        entries = _put_to_queue(REBUT, rebuttal, RouteReason.REBUTTED, ruling, [case])
        trail.record_all(actor, entries)
    return rebuttal


def _open_to_objection(case: ReviewCase) -> Ruling:
    """The ruling on a case, if it is the latest one and its coder may still object."""
    _check_latest(case)
    ruling = Ruling.objects.select_related("supervisor").filter(case=case).first()
    if ruling is None:
        raise Conflict("There is no ruling yet to object to.")
    if not rebuttals.is_open(ruling):
        raise Conflict(
            f"Objections to this ruling were possible until {rebuttals.last_day(ruling)}. "
            "Ask a supervisor, in a comment on the case, to reopen it."
        )
    return ruling


def reopen(
    actor: User, ruling: Ruling, reason: str, confirmation: Confirmation | None = None
) -> ReviewCase:
    """Put a ruling to the queue once more, with a reason; what it made final stands until the next ruling.

    The case keeps its level, and what its holder may not have done before. It is signed.
    """
    require(actor, REOPEN.permission, "reopen rulings")
    with transaction.atomic():
        old = ruling.case
        service = lock_service(old.service)
        _check_latest(old)
        check_may_judge(actor, old)

        case = ReviewCase.objects.create(
            service=service,
            decision=old.decision,
            suggestion=old.suggestion,
            coder=old.coder,
            level=old.level,
            objects_to=old.objects_to,
            first_supervisor=old.first_supervisor,
            reopens=ruling,
            objection=reason.strip(),
        )
        signed = sign(actor, Meaning.REOPENING, [reopening_content(case)], confirmation)
        entries = _put_to_queue(
            REOPEN,
            case,
            RouteReason.REOPENED,
            ruling,
            rows=signed.rows(case),
            more=signed.in_trail(case),
        )
        trail.record_all(actor, entries)
    return case


def _put_to_queue(
    transition: Transition[ServiceState],
    case: ReviewCase,
    reason: RouteReason,
    ruling: Ruling,
    rows: Iterable[Model],
    more: Mapping[str, object] = NOTHING_MORE,
) -> list[trail.Entry]:
    """Have a new case wait about what a ruling settled; what the trail says of it, with ``more`` and these rows."""
    service = case.service
    waits_for = CaseRoute.objects.create(case=case, reason=reason)
    entry = trail.Entry(
        transition.event,
        case,
        service.encounter,
        before={"ruling": ruling.get_kind_display(), "found": ruling.words},
        after={"service": service.number, "level": case.level, **more},
        reason=case.objection,
        rows=[case, waits_for, *rows],
    )
    routed = route({case: [reason]})
    settled = settle(transition.verb, [Step(service, ServiceState.IN_REVIEW)])
    return [entry, *routed, *settled]


def _check_latest(case: ReviewCase) -> None:
    """Only the last word on a service is reopened or objected to."""
    if ReviewCase.objects.filter(service=case.service_id, pk__gt=case.pk).exists():
        raise Conflict("There is a newer case about this service. Open the encounter to see it.")
