"""How cases get into the queue: by which reasons, how urgent, and whose they become. Parts of verbs."""

from collections.abc import Sequence

from coding import trail
from coding.importing.kept_codes import Kept, keep
from coding.models import Suggestion
from coding.rules import profiles, rulebook, suggesting
from reviews.actions.routing import route
from reviews.actions.service_lines import let_go_earlier
from reviews.models import (
    BACK_WITH_CODER,
    CaseCluster,
    CaseRoute,
    CodingDecision,
    ReevaluationRun,
    ReviewCase,
    RouteReason,
)


def open_case(
    decision: CodingDecision,
    reasons: Sequence[RouteReason],
    suggestion: Suggestion | None,
    revision: int | None = None,
) -> list[trail.Entry]:
    """Put a decision into the supervisor queue; the entries for the trail.

    ``revision`` is that of a correction, where one is the reason.
    """
    return opened([queue(decision, reasons, suggestion, revision)])


def queue(
    decision: CodingDecision,
    reasons: Sequence[RouteReason],
    suggestion: Suggestion | None,
    revision: int | None = None,
) -> tuple[ReviewCase, list[CaseRoute]]:
    """A new case with its reasons. ``opened`` routes it, once all is stored that says who may not judge it."""
    case = ReviewCase(
        service=decision.service, decision=decision, coder=decision.coder, suggestion=suggestion
    )
    _carry_on_rebuttal(case)
    case.save()
    routes = CaseRoute.objects.bulk_create(
        CaseRoute(case=case, reason=reason, revision=revision) for reason in reasons
    )
    return case, routes


def _carry_on_rebuttal(case: ReviewCase) -> None:
    """A rebuttal that was returned, or taken back since, is not over: whoever made the ruling does not judge it now."""
    latest = ReviewCase.objects.filter(service=case.service).order_by("pk").last()
    if latest is None or latest.state not in BACK_WITH_CODER:
        return
    case.level = latest.level
    case.objects_to = latest.objects_to
    case.first_supervisor = latest.first_supervisor
    case.objection = latest.objection


def opened(cases: Sequence[tuple[ReviewCase, Sequence[CaseRoute]]]) -> list[trail.Entry]:
    """Route new cases by the rules of the house; their opening for the trail."""
    entries = []
    reasons = {}
    for case, routes in cases:
        entries.append(_opened(case, routes))
        reasons[case] = [RouteReason(row.reason) for row in routes]
    return entries + route(reasons)


def _opened(case: ReviewCase, routes: Sequence[CaseRoute]) -> trail.Entry:
    reasons = [row.get_reason_display() for row in routes]
    after = {"service": case.service.number, "level": case.level, "reasons": reasons}
    return trail.Entry(
        "case.opened", case, case.service.encounter, after=after, rows=[case, *routes]
    )


def add_reason(
    case: ReviewCase,
    reason: RouteReason,
    suggestion: Suggestion | None,
    *,
    run: ReevaluationRun | None = None,
    cluster: CaseCluster | None = None,
    revision: int | None = None,
) -> trail.Entry | None:
    """Give an open case one more reason; None where it has it already and nothing else is said. Whose it is stays.

    ``suggestion`` is what the rules say now, or what the case has: whoever rules on it sees it.
    """
    row, is_new = CaseRoute.objects.get_or_create(
        case=case, reason=reason, run=run, revision=revision, defaults={"cluster": cluster}
    )
    says_else = suggestion != case.suggestion
    if not (is_new or says_else):
        return None
    after: dict[str, object] = {
        "service": case.service.number,
        "reasons": [row.get_reason_display()],
    }
    if says_else:
        _let_rules_say(case, suggestion)
        after["rules"] = str(suggestion) if suggestion else None
    return trail.Entry("case.routed", case, case.service.encounter, after=after, rows=[case, row])


def _let_rules_say(case: ReviewCase, suggestion: Suggestion | None) -> None:
    earlier = case.suggestion
    ReviewCase.objects.filter(pk=case.pk).update(suggestion=suggestion)
    if suggestion is not None:
        keep([Kept(case.service.encounter_id, case.service_id, suggestion.code)])
    let_go_earlier(case.service, earlier)


def rules_on(case: ReviewCase) -> Suggestion | None:
    """What the rules that an open case cites make of its service's facts by now; None while they lack an answer.

    Those of the latest run among its reasons, or those that it was decided by.
    """
    service, cited = case.service, case.suggestion
    if cited is None or service.rule_set is None:
        return service.suggestion
    facts = rulebook.facts_of(rulebook.current_answers(service), rulebook.table_of(cited.document))
    profile = profiles.intern_profile(service.rule_set, facts)
    return suggesting.suggest(profile, cited.document)
