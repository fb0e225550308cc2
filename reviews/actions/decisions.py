"""Verbs on coding decisions: decide."""

from dataclasses import dataclass

from django.db import transaction

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.decision import OutcomeKind
from coding.models import Encounter, EncounterStatus, RuleSetVersion, Suggestion, User
from coding.models.reported import in_short
from coding.rules import rulebook
from reviews.models import CaseRoute, Choice, CodingDecision, FinalCode, ReevaluationRun, ReviewCase, RouteReason
from reviews.reevaluation import shadows


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a coder decides. Code and modifiers matter for another code only; the reason for all but accepting."""

    choice: Choice
    code: str = ""
    modifiers: tuple[str, ...] = ()
    reason: str = ""


def decide(
    actor: User, encounter: Encounter, version: RuleSetVersion, judgement: Judgement, seen: int
) -> CodingDecision:
    """Record a coder's decision on the suggestion that they saw (its id).

    Agreement with a code finalises it; a disagreement, or an outcome that is not a code, opens a review case.
    """
    require(actor, "reviews.add_codingdecision", "make coding decisions")
    with transaction.atomic():
        locked = _claim(actor, encounter)
        suggestion = _suggestion(locked, version)
        if suggestion.pk != seen:
            raise Conflict("The suggestion is not the one that you saw: an answer or the rules changed. Look again.")
        decision = _store(actor, locked, version, suggestion, judgement)
        reasons = routes(suggestion, decision)
        status = EncounterStatus.IN_REVIEW if reasons else EncounterStatus.FINAL
        Encounter.objects.filter(pk=locked.pk).update(status=status, assigned_to=actor, suggestion=suggestion)
        trail.record(
            actor,
            "decision.made",
            decision,
            encounter=locked,
            after={"choice": decision.choice, "code": str(decision), "suggested": str(suggestion)},
            reason=decision.reason,
        )
        if reasons:
            open_case(actor, decision, reasons, suggestion)
        else:
            finalise(actor, decision)
        shadows.evaluate(decision)
    return decision


def _claim(actor: User, encounter: Encounter) -> Encounter:
    locked = (
        Encounter.objects.select_for_update(of=("self",)).select_related("assigned_to", "profile").get(pk=encounter.pk)
    )
    if locked.status != EncounterStatus.TO_CODE:
        raise Conflict("This encounter has been decided already. Reload it to see the decision.")
    if locked.assigned_to not in (None, actor):
        raise Conflict(f"{locked.assigned_to.name} is coding this encounter. Choose another one in the worklist.")
    if locked.revision != encounter.revision:
        raise Conflict("The source corrected this encounter while you coded it. Read it again before you decide.")
    return locked


def _suggestion(encounter: Encounter, version: RuleSetVersion) -> Suggestion:
    if encounter.profile is None or version.document is None:
        raise Conflict("There is no suggestion yet. Answer the questions first.")
    suggestion = rulebook.suggest(encounter.profile, version.document)
    if suggestion is None:
        raise Conflict("There is no suggestion yet. Answer the open questions first.")
    return suggestion


def _store(
    actor: User, encounter: Encounter, version: RuleSetVersion, suggestion: Suggestion, judgement: Judgement
) -> CodingDecision:
    match judgement.choice:
        case Choice.ACCEPT:
            outcome, code, modifiers = suggestion.outcome, suggestion.code, suggestion.modifiers
        case Choice.OTHER_CODE:
            outcome, code, modifiers = OutcomeKind.CODE.value, judgement.code, list(judgement.modifiers)
        case Choice.PROVIDER_QUERY:
            outcome, code, modifiers = OutcomeKind.PROVIDER_QUERY.value, "", []
        case Choice.SUPERVISOR_REVIEW:
            outcome, code, modifiers = OutcomeKind.SUPERVISOR_REVIEW.value, "", []
    return CodingDecision.objects.create(
        encounter=encounter,
        suggestion=suggestion,
        version=version,
        coder=actor,
        choice=judgement.choice,
        outcome=outcome,
        code=code,
        modifiers=modifiers,
        reason=judgement.reason,
        agrees=in_short(outcome, code, modifiers) == suggestion.reported,
    )


RULES_ASK = {
    OutcomeKind.PROVIDER_QUERY: RouteReason.RULES_ASK_PROVIDER,
    OutcomeKind.SUPERVISOR_REVIEW: RouteReason.RULES_ASK_SUPERVISOR,
    OutcomeKind.NO_FAMILY_CODE: RouteReason.NO_FAMILY_CODE,
}
CODER_ASKS = {
    Choice.OTHER_CODE: RouteReason.OTHER_CODE,
    Choice.PROVIDER_QUERY: RouteReason.CODER_ASKS_PROVIDER,
    Choice.SUPERVISOR_REVIEW: RouteReason.CODER_ASKS_SUPERVISOR,
}


def routes(suggestion: Suggestion, decision: CodingDecision) -> list[RouteReason]:
    """Why a decision goes to the queue; empty where coder and rules agree on a code."""
    from_rules = RULES_ASK.get(OutcomeKind(suggestion.outcome))
    from_coder = None if decision.agrees else CODER_ASKS.get(Choice(decision.choice))
    return [reason for reason in (from_coder, from_rules) if reason]


def open_case(
    actor: User,
    decision: CodingDecision,
    reasons: list[RouteReason],
    suggestion: Suggestion,
    run: ReevaluationRun | None = None,
) -> ReviewCase:
    """Put a decision into the supervisor queue. Part of a verb's transaction."""
    case = ReviewCase.objects.create(
        encounter=decision.encounter, decision=decision, coder=decision.coder, suggestion=suggestion, run=run
    )
    CaseRoute.objects.bulk_create(CaseRoute(case=case, reason=reason) for reason in reasons)
    trail.record(
        actor,
        "case.opened",
        case,
        encounter=decision.encounter,
        after={"reasons": [reason.label for reason in reasons]},
    )
    return case


def finalise(actor: User, decision: CodingDecision) -> FinalCode:
    """Make an agreeing decision's code the final one. Part of a verb's transaction."""
    final = FinalCode.objects.create(
        encounter=decision.encounter,
        outcome=decision.outcome,
        code=decision.code,
        modifiers=decision.modifiers,
        decision=decision,
    )
    trail.record(actor, "code.finalised", final, encounter=decision.encounter, after={"code": str(final)})
    return final
