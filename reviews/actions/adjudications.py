"""What a supervisor finds on a case: which rulings it allows, and what each lets be reported or asked."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from coding.actions.errors import Conflict
from coding.decision import Line, OutcomeKind
from coding.decision.modifiers import in_order
from coding.models import ServiceLine, Suggestion, User
from reviews.actions.codes import check_code, check_further_lines, submitted_units
from reviews.coding_form.evidence import facts_to_ask, stale_answers_of
from reviews.models import (
    ENDS,
    Cause,
    CodingDecision,
    ProviderQuery,
    ReviewCase,
    RuleDefect,
    Ruling,
    RulingKind,
    Severity,
)
from reviews.queries import wording


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What a supervisor finds. Outcome, code and what goes with it matter where the kind leaves them open.

    ``question`` is what the provider is asked, where the ruling asks one; without it the reason is the question.
    ``note`` is for the coder, beside the reason; ``severity`` and ``cause`` are of the error, where there is one.
    """

    kind: RulingKind
    reason: str
    outcome: OutcomeKind = OutcomeKind.CODE
    code: str = ""
    modifiers: tuple[str, ...] = ()
    units: int = 1
    further_lines: tuple[Line, ...] = ()
    confirmed: bool = False
    question: str = ""
    severity: Severity | None = None
    cause: Cause | None = None
    note: str = ""


def settled_unread(cases: QuerySet[ReviewCase], kind: RulingKind) -> QuerySet[ReviewCase]:
    """The cases that a ruling of this kind settles: none in which it would ask a provider, or somebody to look."""
    match kind:
        case RulingKind.CODER_UPHELD:
            return cases.filter(decision__outcome__in=ENDS)
        case RulingKind.RULES_UPHELD:
            return cases.filter(suggestion__outcome__in=ENDS)
        case RulingKind.RULE_DEFECT:
            return cases.exclude(suggestion=None)
    return cases


def kinds_for(case: ReviewCase) -> list[RulingKind]:
    """The rulings that a case allows, in the order in which they are offered.

    Upholding that somebody shall look at it decides nothing; so does upholding the rules where none judges.
    """
    kinds = {RulingKind.OTHER_CODE, RulingKind.NEITHER, RulingKind.PROVIDER_QUERY}
    if case.decision.outcome != OutcomeKind.SUPERVISOR_REVIEW:
        kinds.add(RulingKind.CODER_UPHELD)
    if case.suggestion is not None:
        kinds.add(RulingKind.RULE_DEFECT)
        if case.suggestion.outcome != OutcomeKind.SUPERVISOR_REVIEW:
            kinds.add(RulingKind.RULES_UPHELD)
    return [kind for kind in RulingKind if kind in kinds]


def offered_for(case: ReviewCase) -> list[RulingKind]:
    """Those of them that would be taken: on answers that a corrected note does not bear the rules are not upheld."""
    kinds = kinds_for(case)
    was_corrected = case.service.encounter.revision > 1
    if RulingKind.RULES_UPHELD in kinds and was_corrected and stale_answers_of(case.service):
        kinds.remove(RulingKind.RULES_UPHELD)
    return kinds


def asks_provider(case: ReviewCase, kind: RulingKind) -> bool:
    """Whether a ruling of this kind asks the provider instead of making something final."""
    if kind == RulingKind.PROVIDER_QUERY:
        return True
    if kind == RulingKind.CODER_UPHELD:
        return case.decision.outcome == OutcomeKind.PROVIDER_QUERY
    if kind == RulingKind.RULES_UPHELD and case.suggestion is not None:
        return case.suggestion.outcome == OutcomeKind.PROVIDER_QUERY
    return False


def check_not_stale(case: ReviewCase) -> None:
    """The rules cannot be upheld on answers that the corrected text does not support."""
    if stale_answers_of(case.service):
        raise Conflict(
            "The rules speak on answers that the corrected note contradicts or no longer supports. "
            "Return the case to its coder, or find another code."
        )


def ruling_on(
    actor: User,
    case: ReviewCase,
    adjudication: Adjudication,
    lines: list[ServiceLine],
    defect: RuleDefect | None,
) -> Ruling:
    ruling = Ruling(
        case=case,
        supervisor=actor,
        coder=case.coder,
        kind=adjudication.kind,
        reason=adjudication.reason.strip(),
        severity=adjudication.severity or "",
        cause=adjudication.cause or "",
        note=adjudication.note.strip(),
        defect=defect,
        revision=case.service.encounter.revision,
    )
    _report(ruling, adjudication, lines)
    return ruling


def _report(ruling: Ruling, adjudication: Adjudication, lines: list[ServiceLine]) -> None:
    """Let a ruling say what is reported from now on: the coder's word, the rules' or the supervisor's own."""
    decision, suggestion = ruling.case.decision, ruling.case.suggestion
    ruling.units = decision.units
    ruling.diagnosis_codes = decision.diagnosis_codes
    match adjudication.kind:
        case RulingKind.CODER_UPHELD:
            _take_over(ruling, decision)
            if decision.code and not decision.agrees:
                # A list that lacks it may have been loaded since; where there is none, both looked it up.
                _check_codes(ruling, ruling.case, confirmed=True)
        case RulingKind.RULES_UPHELD if suggestion is not None:
            _take_over(ruling, suggestion)
            ruling.units = submitted_units(suggestion.code, lines, suggestion.modifiers)
        case RulingKind.PROVIDER_QUERY:
            ruling.outcome = OutcomeKind.PROVIDER_QUERY.value
        case RulingKind.NEITHER:
            ruling.outcome = OutcomeKind.NO_FAMILY_CODE.value
        case _:
            _report_own(ruling, adjudication)


def _take_over(ruling: Ruling, reported: CodingDecision | Suggestion) -> None:
    ruling.outcome = reported.outcome
    ruling.code = reported.code
    ruling.modifiers = in_order(reported.modifiers)
    ruling.further_lines = reported.further_lines


def _report_own(ruling: Ruling, adjudication: Adjudication) -> None:
    ruling.outcome = adjudication.outcome.value
    ruling.modifiers = in_order(adjudication.modifiers)
    ruling.units = adjudication.units
    if adjudication.outcome is OutcomeKind.CODE:
        ruling.code = adjudication.code
        ruling.further_lines = [list(line) for line in adjudication.further_lines]
        _check_codes(ruling, ruling.case, confirmed=adjudication.confirmed)


def _check_codes(ruling: Ruling, case: ReviewCase, *, confirmed: bool) -> None:
    """Refuse codes that do not exist; those that the rules or the coder named for the case are known."""
    day = case.service.day
    named = list(case.decision.further_lines)
    if case.suggestion:
        named += case.suggestion.further_lines
    check_code(ruling.code, ruling.modifiers, day, confirmed=confirmed)
    check_further_lines(ruling.code, ruling.further_lines, named, day, confirmed=confirmed)


def query_of(
    actor: User, case: ReviewCase, ruling: Ruling, adjudication: Adjudication
) -> ProviderQuery:
    text = adjudication.question.strip() or ruling.reason
    refused = wording.refused(text)
    if refused:
        raise ValidationError(
            {
                "question": f"A question to a provider names no {', no '.join(refused)}. Ask without it."
            }
        )
    return ProviderQuery(
        service=case.service,
        round=case.service.round,
        ruling=ruling,
        facts=facts_to_ask(case),
        text=text,
        asked_by=actor,
        asked_at=timezone.now(),
    )
