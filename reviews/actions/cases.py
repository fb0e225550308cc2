"""Verbs on the supervisor queue: claim, release, acknowledge."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.locks import locked
from coding.actions.require import require
from coding.actions.transitions import Transition, of
from coding.models import User
from reviews.judging.judges import coders_of
from reviews.models import CaseState, ReviewCase
from reviews.transitions import CASE

CLAIM = of(CASE, "claim")
RELEASE = of(CASE, "release")
ACKNOWLEDGE = of(CASE, "acknowledge")


def claim(actor: User, case: ReviewCase) -> None:
    """Take a case out of the queue. Of two who claim at once one gets it; the other is told who.

    Claiming what one holds already, as a double click does, changes nothing.
    """
    require(actor, CLAIM.permission, "claim review cases")
    check_may_judge(actor, case)
    with transaction.atomic():
        if ReviewCase.objects.filter(pk=case.pk, state=CaseState.CLAIMED, holder=actor).exists():
            return
        # No lock: of two who update a queued case, one finds no row to update.
        move(case, CLAIM, holder=actor)
        _record(actor, CLAIM, case)


def may_judge(actor: User, case: ReviewCase) -> bool:
    """Whether a person may hold a case: not who coded it, nor who made the ruling objected to."""
    if actor.pk in (case.coder_id, case.first_supervisor_id):
        return False
    return actor.pk not in coders_of(case)


def check_may_judge(actor: User, case: ReviewCase) -> None:
    """Refuse whoever may not hold the case, saying why."""
    if case.first_supervisor_id == actor.pk:
        raise NotAllowed("The objection is to your ruling. Another supervisor decides it.")
    if not may_judge(actor, case):
        raise NotAllowed(
            "You coded this case, or a line that it names. Another supervisor rules on it."
        )


def release(actor: User, case: ReviewCase) -> None:
    """Put a case that one holds back into the queue."""
    require(actor, RELEASE.permission, "release review cases")
    with transaction.atomic():
        lock_held(actor, case)
        move(case, RELEASE, holder=None)
        _record(actor, RELEASE, case)


def acknowledge(actor: User, case: ReviewCase) -> None:
    """The coder has read the ruling."""
    if case.coder_id != actor.pk:
        raise NotAllowed("Only the coder of a case acknowledges its ruling.")
    with transaction.atomic():
        move(case, ACKNOWLEDGE, holder=case.holder)
        _record(actor, ACKNOWLEDGE, case)


def acknowledge_all(actor: User, cases: Sequence[UUID]) -> int:
    """The coder has read the rulings of these cases; how many. One that was read meanwhile is left out."""
    with transaction.atomic():
        own = ReviewCase.objects.filter(coder=actor, public_id__in=cases)
        now = locked(own, "service__encounter", "holder")
        unread = [case for case in now if case.state == CaseState.RESOLVED]
        for case in unread:
            move(case, ACKNOWLEDGE, holder=case.holder)
        trail.record_all(actor, [_entry(ACKNOWLEDGE, case) for case in unread])
    return len(unread)


def take_back_case(case: ReviewCase) -> None:
    """End a queued case because its decision is taken back. Part of a verb. Of taking back and claiming one wins."""
    move(case, of(CASE, "take back"), holder=None)


def lock_cases(keys: Sequence[int]) -> list[ReviewCase]:
    """These cases, locked until the transaction ends, as they are now."""
    related = (
        "holder",
        "coder",
        "decision",
        "suggestion__document",
        "objects_to",
        "first_supervisor",
    )
    return locked(ReviewCase.objects.filter(pk__in=keys), *related)


def lock_held(actor: User, case: ReviewCase) -> ReviewCase:
    """A case that the person holds, locked. Raises Conflict if they do not."""
    [held] = lock_cases([case.pk])
    check_held(actor, held)
    return held


def check_held(actor: User, case: ReviewCase) -> None:
    """Refuse whoever does not hold a locked case, saying where it is."""
    if case.state != CaseState.CLAIMED or case.holder != actor:
        raise Conflict(f"You do not hold this case: {where(case)}. Reload it to see where it is.")


def move(case: ReviewCase, transition: Transition[CaseState], holder: User | None) -> None:
    """Take a case where a transition leads it, if it is still where that begins. Raises Conflict if not."""
    [end] = transition.end
    values: dict[str, object] = {"state": end, "holder": holder}
    if end == CaseState.CLAIMED:
        # The time of whoever gets it begins anew, and they are reminded once themselves.
        values |= {"held_since": timezone.now(), "reminded_at": None}
    if not ReviewCase.objects.filter(pk=case.pk, state__in=transition.start).update(**values):
        now = ReviewCase.objects.select_related("holder").get(pk=case.pk)
        raise Conflict(
            f"You cannot {transition.verb} this case any more: {where(now)}. Reload it to see where it is."
        )


def where(case: ReviewCase) -> str:
    """Where a case stands, in words."""
    if case.state == CaseState.CLAIMED and case.holder:
        return f"{case.holder.name} has it"
    return f"it is {case.get_state_display().lower()}"


def _record(actor: User, transition: Transition[CaseState], case: ReviewCase) -> None:
    """What a person did with a case, for the trail."""
    trail.record_all(actor, [_entry(transition, case)])


def _entry(transition: Transition[CaseState], case: ReviewCase) -> trail.Entry:
    service = case.service
    return trail.Entry(
        transition.event, case, service.encounter, after={"service": service.number}, rows=[case]
    )
