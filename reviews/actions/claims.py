"""Verbs on who holds a case: claim the next one, give one to a named supervisor, let claims lapse."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.require import people_who_may, require
from coding.actions.transitions import of
from coding.models import User
from reviews.actions.cases import check_may_judge, claim, lock_cases, may_judge, move, where
from reviews.judging.judges import coders_of
from reviews.models import Absence, CaseState, ReviewCase
from reviews.transitions import CASE

CLAIM, HAND_OVER, LAPSE = of(CASE, "claim"), of(CASE, "hand over"), of(CASE, "lapse")

# Somebody else may take the first one at the same moment, and the one after it.
TRIES = 20
# Claims that one run of the scheduled work looks at.
MOST_CLAIMS = 500


def claim_next(actor: User, waiting: QuerySet[ReviewCase]) -> ReviewCase | None:
    """Claim the first of these cases that is still free; None if none is. Two who ask at once get two cases."""
    require(actor, CLAIM.permission, "claim review cases")
    for _ in range(TRIES):
        case = waiting.first()
        if case is None:
            return None
        try:
            claim(actor, case)
        except Conflict:
            continue
        return case
    raise Conflict("Others are claiming the same cases at this moment. Try it again.")


def supervisors() -> QuerySet[User]:
    """Everybody who may be given cases, by name."""
    return people_who_may(HAND_OVER.permission)


def present(judges: QuerySet[User]) -> QuerySet[User]:
    """Those of some people who are not away today."""
    return judges.exclude(pk__in=Absence.objects.today().values("person"))


def judges_of(case: ReviewCase) -> QuerySet[User]:
    """Who may be given a case, the one with the fewest cases first, who is away last.

    ``held`` counts their cases, ``is_away`` says whether they are away today.
    """
    holds = Count("held_cases", filter=Q(held_cases__state=CaseState.CLAIMED), distinct=True)
    left_out = [case.coder_id, case.holder_id, case.first_supervisor_id]
    others = supervisors().exclude(pk__in=[key for key in left_out if key is not None])
    others = others.exclude(pk__in=coders_of(case))
    is_away = Exists(Absence.objects.today().filter(person=OuterRef("pk")))
    return others.annotate(held=holds, is_away=is_away).order_by(
        "is_away", "held", "last_name", "first_name", "pk"
    )


def hand_over(actor: User, case: ReviewCase, to: User, reason: str) -> None:
    """Give a case to a named supervisor, out of the queue or from whoever holds it.

    Nobody chooses who judges what they may not judge themselves. ``case`` is as the person saw it. Raises Conflict if
    it is in other hands by now, ValidationError, by field, for somebody who may not judge it.
    """
    require(actor, HAND_OVER.permission, "give review cases to supervisors")
    check_may_judge(actor, case)
    if not (to.is_active and to.has_perm(HAND_OVER.permission) and may_judge(to, case)):
        raise ValidationError(
            {"to": f"{to.name} may not rule on this case. Choose another supervisor."}
        )
    with transaction.atomic():
        [now] = lock_cases([case.pk])
        if (now.state, now.holder_id) != (case.state, case.holder_id):
            raise Conflict(f"The case is in other hands by now: {where(now)}. Reload it.")
        before = {"held by": now.holder.name if now.holder else None}
        move(now, HAND_OVER, holder=to)
        after = {"service": case.service.number, "held by": to.name}
        encounter = case.service.encounter
        trail.record(
            actor,
            HAND_OVER.event,
            now,
            encounter=encounter,
            before=before,
            after=after,
            reason=reason.strip(),
            rows=[now],
        )


def lapse_claims() -> str:
    """Put cases back that were held too long, or whose holder is away or has no account any more. Done at its time."""
    longest = timezone.now() - timedelta(hours=settings.CLAIM_HOURS)
    away = Absence.objects.today().values("person")
    lapses = Q(held_since__lt=longest) | Q(holder__is_active=False) | Q(holder__in=away)
    held = ReviewCase.objects.filter(lapses, state=CaseState.CLAIMED)
    longest_first = held.order_by(F("held_since").asc(nulls_first=True))
    keys = list(longest_first.values_list("pk", flat=True)[:MOST_CLAIMS])

    lapsed = 0
    for key in keys:
        lapsed += _lapse(key, lapses)
    return f"{lapsed} claims lapsed"


def _lapse(key: int, lapses: Q) -> bool:
    """Put one case back, unless its holder ruled on it, or it came to somebody else, meanwhile."""
    with transaction.atomic():
        [case] = lock_cases([key])
        if not ReviewCase.objects.filter(lapses, pk=key, state=CaseState.CLAIMED).exists():
            return False
        trail.record_all(None, [put_back(case)])
    return True


def put_back(case: ReviewCase, reason: str = "") -> trail.Entry:
    """Put a claimed case back into the queue, though its holder does not: part of a verb, whose trail tells it."""
    before = {"held by": case.holder.name if case.holder else None}
    move(case, LAPSE, holder=None)
    after = {"service": case.service.number}
    encounter = case.service.encounter
    return trail.Entry(
        LAPSE.event, case, encounter, before=before, after=after, reason=reason, rows=[case]
    )
