"""Verbs on review cases: claim, release, rule, acknowledge."""

from dataclasses import dataclass

from django.db import transaction

from coding import trail
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.require import require
from coding.decision import OutcomeKind
from coding.models import Encounter, EncounterStatus, User
from reviews.models import FinalCode, ReviewCase, Ruling, RulingKind
from reviews.transitions import TRANSITIONS, CaseState, CaseVerb

CORRECTED = "The source corrected this encounter meanwhile. Read it again before you rule."


@dataclass(frozen=True, slots=True)
class Finding:
    """What a supervisor finds. Outcome, code and modifiers matter where the kind leaves them open."""

    kind: RulingKind
    reason: str
    outcome: OutcomeKind = OutcomeKind.CODE
    code: str = ""
    modifiers: tuple[str, ...] = ()


def claim(actor: User, case: ReviewCase) -> None:
    """Take a case out of the queue. Of two who claim at once one gets it; the other is told who.

    Claiming what one holds already, as a double click does, changes nothing.
    """
    require(actor, "reviews.rule_on_reviewcase", "claim review cases")
    if case.coder_id == actor.pk:
        raise NotAllowed("You coded this case. Another supervisor rules on it.")
    with transaction.atomic():
        if ReviewCase.objects.filter(pk=case.pk, state=CaseState.CLAIMED, holder=actor).exists():
            return
        _move(case, CaseVerb.CLAIM, holder=actor)
        trail.record(actor, "case.claimed", case, encounter=case.encounter)


def release(actor: User, case: ReviewCase) -> None:
    """Put a case that one holds back into the queue."""
    require(actor, "reviews.rule_on_reviewcase", "release review cases")
    with transaction.atomic():
        _check_held_by(actor, case)
        _move(case, CaseVerb.RELEASE, holder=None)
        trail.record(actor, "case.released", case, encounter=case.encounter)


def rule(actor: User, case: ReviewCase, finding: Finding) -> Ruling:
    """Adjudicate a case that one holds: the final code is set and the coder sees the ruling."""
    require(actor, "reviews.rule_on_reviewcase", "rule on review cases")
    if case.coder_id == actor.pk:
        raise NotAllowed("You coded this case. Another supervisor rules on it.")
    with transaction.atomic():
        # The encounter before its case, in the order in which an import takes them.
        encounter = Encounter.objects.select_for_update().get(pk=case.encounter_id)
        if encounter.revision != case.encounter.revision:
            raise Conflict(CORRECTED)
        locked = _check_held_by(actor, case)
        _move(locked, CaseVerb.RULE, holder=actor)
        outcome, code, modifiers = found(locked, finding)
        ruling = Ruling.objects.create(
            case=locked,
            supervisor=actor,
            coder=locked.coder,
            kind=finding.kind,
            outcome=outcome,
            code=code,
            modifiers=modifiers,
            reason=finding.reason,
        )
        before = FinalCode.objects.current().filter(encounter=locked.encounter).first()
        FinalCode.objects.current().filter(encounter=locked.encounter).update(superseded=True)
        final = FinalCode.objects.create(
            encounter=locked.encounter, outcome=outcome, code=code, modifiers=modifiers, ruling=ruling
        )
        Encounter.objects.filter(pk=locked.encounter_id).update(status=EncounterStatus.FINAL)
        trail.record(
            actor,
            "case.ruled",
            locked,
            encounter=locked.encounter,
            before={"final code": str(before) if before else None},
            after={"ruling": ruling.get_kind_display(), "final code": str(final)},
            reason=finding.reason,
        )
    return ruling


def found(case: ReviewCase, finding: Finding) -> tuple[str, str, list[str]]:
    """The outcome, code and modifiers that a finding leads to."""
    decision, suggestion = case.decision, case.suggestion
    match finding.kind:
        case RulingKind.CODER_UPHELD:
            return decision.outcome, decision.code, decision.modifiers
        case RulingKind.RULES_UPHELD:
            return suggestion.outcome, suggestion.code, suggestion.modifiers
        case RulingKind.PROVIDER_QUERY:
            return OutcomeKind.PROVIDER_QUERY.value, "", []
        case _:
            return finding.outcome.value, finding.code, list(finding.modifiers)


def acknowledge(actor: User, case: ReviewCase) -> None:
    """The coder has read the ruling."""
    if case.coder_id != actor.pk:
        raise NotAllowed("Only the coder of a case acknowledges its ruling.")
    with transaction.atomic():
        _move(case, CaseVerb.ACKNOWLEDGE, holder=case.holder)
        trail.record(actor, "case.acknowledged", case, encounter=case.encounter)


def _check_held_by(actor: User, case: ReviewCase) -> ReviewCase:
    locked = (
        ReviewCase.objects.select_for_update(of=("self",))
        .select_related("holder", "coder", "encounter", "decision", "suggestion")
        .get(pk=case.pk)
    )
    if locked.state != CaseState.CLAIMED or locked.holder != actor:
        raise Conflict(f"You do not hold this case: {where(locked)}. Reload it to see where it is.")
    return locked


def _move(case: ReviewCase, verb: CaseVerb, holder: User | None) -> None:
    expected, to = TRANSITIONS[verb]
    if not ReviewCase.objects.filter(pk=case.pk, state=expected).update(state=to, holder=holder):
        now = ReviewCase.objects.select_related("holder").get(pk=case.pk)
        raise Conflict(f"You cannot {verb} this case any more: {where(now)}. Reload it to see where it is.")


def where(case: ReviewCase) -> str:
    """Where a case stands, in words."""
    if case.state == CaseState.CLAIMED and case.holder:
        return f"{case.holder.name} has it"
    return f"it is {case.get_state_display().lower()}"
