"""Verbs on coding decisions: decide, take back."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.locks import lock_service
from coding.actions.require import require
from coding.actions.transitions import of
from coding.decision import Line, OutcomeKind
from coding.decision.modifiers import in_order
from coding.importing.kept_codes import keep_of
from coding.models import (
    Answer,
    RuleSetVersion,
    Service,
    ServiceLine,
    ServiceOrigin,
    ServiceState,
    Suggestion,
    User,
)
from coding.rules import profiles, rulebook, suggesting
from coding.rules.note_reading import NoteReading
from reviews.actions import sampling
from reviews.actions.answers import lock_to_code
from reviews.actions.cases import take_back_case
from reviews.actions.codes import (
    check_code,
    check_further_lines,
    pointed_diagnoses,
    submitted_units,
)
from reviews.actions.opening import open_case
from reviews.actions.rounds import end_round, open_first_round, open_round
from reviews.actions.service_lines import let_go_earlier
from reviews.actions.standing import Step, settle
from reviews.coding_form.given import answers_of, keep_given
from reviews.coding_form.guided import seen as seen_of
from reviews.coding_form.guided import table_of, version_of
from reviews.models import (
    Choice,
    CodingDecision,
    CodingRound,
    FinalCode,
    ReportExport,
    ReviewCase,
    RoundEnd,
    RoundReason,
    RouteReason,
    Ruling,
)
from reviews.reevaluation import shadows
from reviews.transitions import SERVICE

DECIDE = of(SERVICE, "decide")
TAKE_BACK = of(SERVICE, "take back")

OUTCOME_OF = {
    Choice.OTHER_CODE: OutcomeKind.CODE,
    Choice.KEEP: OutcomeKind.CODE,
    Choice.NOTHING: OutcomeKind.NO_FAMILY_CODE,
    Choice.PROVIDER_QUERY: OutcomeKind.PROVIDER_QUERY,
    Choice.SUPERVISOR_REVIEW: OutcomeKind.SUPERVISOR_REVIEW,
}
RULES_ASK = {
    OutcomeKind.PROVIDER_QUERY: RouteReason.RULES_ASK_PROVIDER,
    OutcomeKind.SUPERVISOR_REVIEW: RouteReason.RULES_ASK_SUPERVISOR,
    OutcomeKind.NO_FAMILY_CODE: RouteReason.NO_FAMILY_CODE,
}
CODER_ASKS = {
    Choice.PROVIDER_QUERY: RouteReason.CODER_ASKS_PROVIDER,
    Choice.SUPERVISOR_REVIEW: RouteReason.CODER_ASKS_SUPERVISOR,
}
CODER_DIFFERS = {
    Choice.OTHER_CODE: RouteReason.OTHER_CODE,
    Choice.NOTHING: RouteReason.NOTHING_REPORTED,
    **CODER_ASKS,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a coder decides. The code and what goes with it matter for another code, the reason for a departure.

    ``confirmed``: a code could not be checked, as no list is loaded for the day, and the coder looked it up.
    """

    choice: Choice
    code: str = ""
    modifiers: tuple[str, ...] = ()
    reason: str = ""
    units: int = 1
    further_lines: tuple[Line, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """What lay before the coder: answers, version and suggestion; nothing where no rule set judges.

    ``units`` are those with which the suggestion is accepted.
    """

    answers: dict[str, Answer]
    version: RuleSetVersion | None = None
    suggestion: Suggestion | None = None
    units: int = 1


def decide(actor: User, service: Service, judgement: Judgement, seen: str = "") -> CodingDecision:
    """Record a coder's decision on the suggestion that they saw (``GuidedForm.seen``), or on a line without one.

    Agreement with a code finalises it, as keeping a line does that no rule set codes and that none coded before;
    anything else opens a review case. Raises ValidationError for a code that is not known, by field.
    """
    require(actor, DECIDE.permission, "make coding decisions")
    with transaction.atomic():
        locked = lock_to_code(actor, service)
        basis = _basis(locked, seen)
        rows = open_first_round(actor, locked)
        rows += keep_given(actor, locked, basis.answers)

        decision, checked = _store(actor, locked, basis, judgement)
        reasons = routes(basis, decision) or sampling.reasons_to_look(decision)
        if not checked:
            reasons.append(RouteReason.UNLISTED_CODE)
        rows += end_round(locked, RoundEnd.DECIDED)

        earlier = locked.suggestion
        _assign(actor, locked, basis)
        keep_of(locked, [decision.code])
        let_go_earlier(locked, earlier)

        entries = [_entry(decision, locked, basis, [decision, *rows])]
        if reasons:
            entries += open_case(decision, reasons, basis.suggestion)
            step = Step(locked, ServiceState.IN_REVIEW)
        else:
            step = Step(locked, ServiceState.FINAL, rests_on=decision)
        entries += settle(DECIDE.verb, [step])

        # Before the trail: its head is locked by whoever writes, and everybody waits for it.
        shadows.evaluate(decision)
        trail.record_all(actor, entries)
    return decision


def _basis(service: Service, seen: str) -> Basis:
    """What the rules make of the answers as they are now. Raises Conflict if it is not what the coder saw."""
    if service.rule_set is None:
        return Basis({})
    version = version_of(service)
    table = table_of(version)
    reading = NoteReading.of(version, service.encounter.note)
    answers = answers_of(service, table, reading)
    facts = rulebook.facts_of(answers, table)
    if seen_of(table, facts) != seen:
        raise Conflict(
            "The suggestion is not the one that you saw: an answer or the rules changed. Look again."
        )
    if version.document is None:
        raise LookupError(f"{version} has no document.")
    profile = profiles.intern_profile(service.rule_set, facts)
    suggestion = suggesting.suggest(profile, version.document)
    if suggestion is None:
        raise Conflict("There is no suggestion yet. Answer the open questions first.")
    lines = list(service.lines.standing())
    units = submitted_units(suggestion.code, lines, suggestion.modifiers)
    return Basis(answers, version, suggestion, units)


def _store(
    actor: User, service: Service, basis: Basis, judgement: Judgement
) -> tuple[CodingDecision, bool]:
    """The decision, and whether its code could be checked."""
    decision = CodingDecision(
        service=service,
        coding_round=CodingRound.objects.get(service=service, number=service.round),
        round=service.round,
        suggestion=basis.suggestion,
        version=basis.version,
        coder=actor,
        choice=judgement.choice,
        reason=judgement.reason.strip(),
    )
    checked = _report(decision, service, basis, judgement)
    if basis.suggestion is not None:
        decision.agrees = decision.in_short == basis.suggestion.reported
    decision.save()
    return decision, checked


def _report(decision: CodingDecision, service: Service, basis: Basis, judgement: Judgement) -> bool:
    """Write what the choice reports into the decision; whether its code could be checked."""
    lines = list(service.lines.standing())
    decision.units = judgement.units
    decision.diagnosis_codes = pointed_diagnoses(service, lines)
    if judgement.choice is Choice.ACCEPT:
        # A rule set's own codes are always known.
        _accept(decision, basis)
        return True

    decision.outcome = OUTCOME_OF[judgement.choice].value
    if judgement.choice is Choice.KEEP:
        _keep(decision, basis, lines)
    elif judgement.choice is Choice.OTHER_CODE:
        _report_other(decision, judgement)

    if decision.outcome != OutcomeKind.CODE:
        return True
    return _is_checked(decision, service, basis, confirmed=judgement.confirmed)


def _accept(decision: CodingDecision, basis: Basis) -> None:
    suggestion = basis.suggestion
    if suggestion is None:
        raise Conflict("No rule set codes this: there is no suggestion to accept.")
    decision.outcome = suggestion.outcome
    decision.code = suggestion.code
    decision.modifiers = in_order(suggestion.modifiers)
    decision.further_lines = suggestion.further_lines
    decision.units = basis.units


def _keep(decision: CodingDecision, basis: Basis, lines: list[ServiceLine]) -> None:
    if basis.suggestion is not None or len(lines) != 1:
        raise Conflict("There is no single submitted line to keep here. Choose another decision.")
    [line] = lines
    decision.code = line.code
    decision.units = line.units
    decision.modifiers = in_order(line.modifiers)


def _report_other(decision: CodingDecision, judgement: Judgement) -> None:
    decision.code = judgement.code
    if judgement.code:
        decision.modifiers = in_order(judgement.modifiers)
        decision.further_lines = [list(line) for line in judgement.further_lines]


def _is_checked(
    decision: CodingDecision, service: Service, basis: Basis, *, confirmed: bool
) -> bool:
    """Whether what is reported could be checked. Raises ValidationError for what is not known, by field."""
    code, day = decision.code, service.day
    suggested = basis.suggestion.further_lines if basis.suggestion else []
    # Both are checked in any case: a field of either may be refused.
    code_checked = check_code(code, decision.modifiers, day, confirmed=confirmed)
    lines_checked = check_further_lines(
        code, decision.further_lines, suggested, day, confirmed=confirmed
    )
    return code_checked and lines_checked


def _assign(actor: User, service: Service, basis: Basis) -> None:
    service.assigned_to = actor
    service.suggestion = basis.suggestion
    service.profile = basis.suggestion.profile if basis.suggestion else None
    service.version = basis.version
    service.save(update_fields=["assigned_to", "suggestion", "profile", "version"])


def _entry(
    decision: CodingDecision, service: Service, basis: Basis, rows: list[Model]
) -> trail.Entry:
    return trail.Entry(
        DECIDE.event,
        decision,
        service.encounter,
        after={
            "service": service.number,
            "round": decision.round,
            "choice": decision.get_choice_display(),
            "code": str(decision),
            "suggested": str(basis.suggestion) if basis.suggestion else None,
        },
        reason=decision.reason,
        rows=rows,
    )


def routes(basis: Basis, decision: CodingDecision) -> list[RouteReason]:
    """Why a decision goes to the queue; empty where both agree on a code, or a line without rules is kept."""
    if basis.suggestion is None:
        return _routes_of_line(decision)
    reasons = []
    # Other units of the suggested code are another report, though the codes agree.
    has_other_units = decision.choice == Choice.OTHER_CODE and decision.units != basis.units
    if has_other_units or not decision.agrees:
        reasons.append(CODER_DIFFERS[Choice(decision.choice)])
    outcome = OutcomeKind(basis.suggestion.outcome)
    if outcome in RULES_ASK:
        reasons.append(RULES_ASK[outcome])
    if any(answer.reason for answer in basis.answers.values()):
        reasons.append(RouteReason.AGAINST_NOTE)
    return reasons


def _routes_of_line(decision: CodingDecision) -> list[RouteReason]:
    choice = Choice(decision.choice)
    if choice in CODER_ASKS:
        return [CODER_ASKS[choice]]
    submitted = decision.service.lines.standing().exists()
    if not submitted or not settings.REVIEW_CHANGED_LINES:
        return []
    if choice is not Choice.KEEP:
        return [RouteReason.LINE_CHANGED]
    return [RouteReason.MOVED_OUT] if _left_its_rules(decision.service) else []


def _left_its_rules(service: Service) -> bool:
    """Whether a coder took its lines away from the rules that judged them: that is no way round a supervisor."""
    before = service.from_service if service.origin == ServiceOrigin.MOVED else None
    return before is not None and before.rule_set_id is not None


def take_back(actor: User, service: Service) -> None:
    """Undo one's own decision: while its case is queued, or, where it made a code final, while it is not ``bound``.

    What is bound, or what a supervisor ruled on, stays in whatever case it is looked at again. Its answers stay; a new
    round is open.
    """
    require(actor, TAKE_BACK.permission, "take decisions back")
    with transaction.atomic():
        locked = lock_service(service)
        decision = CodingDecision.objects.filter(service=locked, round=locked.round).first()
        if decision is None:
            raise Conflict(
                "There is no decision to take back. Reload the page to see where the service stands."
            )
        _check_own(actor, decision)
        case = _take_back_case_of(decision)

        rounds = CodingRound.objects.filter(pk=decision.coding_round_id)
        rounds.update(ended=RoundEnd.TAKEN_BACK)
        ended = rounds.get()
        opened = open_round(actor, locked, RoundReason.TAKEN_BACK)

        entry = trail.Entry(
            TAKE_BACK.event,
            decision,
            locked.encounter,
            before={"service": locked.number, "round": decision.round, "code": str(decision)},
            rows=[ended, *opened, *case],
        )
        was_final = FinalCode.objects.current().filter(decision=decision).exists()
        entries = settle(TAKE_BACK.verb, [Step(locked, ServiceState.TO_CODE, taken_back=was_final)])
        trail.record_all(actor, [entry, *entries])


def _check_own(actor: User, decision: CodingDecision) -> None:
    """Refuse to take back what another coder decided, or what others rest on by now."""
    if decision.coder_id != actor.pk:
        raise NotAllowed("Only the coder who decided takes a decision back.")
    if bound([decision]):
        raise Conflict(
            "It was exported, or its day is over. A supervisor decides what becomes of it."
        )


def _take_back_case_of(decision: CodingDecision) -> list[ReviewCase]:
    """The case that waits for a ruling on a decision, ended; none where the decision was final at once.

    Raises Conflict if somebody holds it, or if a supervisor ruled on the decision in an earlier one.
    """
    case = ReviewCase.objects.filter(decision=decision).order_by("-pk").first()
    if case is None:
        return []
    take_back_case(case)
    if Ruling.objects.filter(case__decision=decision).exists():
        raise Conflict("A supervisor has ruled on this decision. Object to the ruling instead.")
    return [case]


def bound(decisions: Collection[CodingDecision]) -> set[int]:
    """Of these decisions, by id, those that made a code final and were exported since, or are of an earlier day."""
    encounters = {decision.service.encounter_id for decision in decisions}
    exports = ReportExport.objects.filter(report__encounter__in=encounters)
    by_encounter = exports.values_list("report__encounter")
    last_export = dict(by_encounter.annotate(Max("exported_at")))

    finals = FinalCode.objects.filter(decision__in=decisions)
    made_final = set(finals.values_list("decision", flat=True))

    today = timezone.localdate()
    late = set()
    for decision in decisions:
        exported_at = last_export.get(decision.service.encounter_id)
        is_exported = exported_at is not None and exported_at > decision.decided_at
        if is_exported or timezone.localdate(decision.decided_at) < today:
            late.add(decision.pk)
    return late & made_final
