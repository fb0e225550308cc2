"""What supervisors did in the demo, by the verbs that people use."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from coding.decision import OutcomeKind
from coding.models import ServiceState, User
from coding.signing.confirmation import at_console
from reviews.actions import cases, comments, precedents, routing, rulings, second_codings
from reviews.actions.adjudications import Adjudication
from reviews.coding_form.evidence import deciding_facts
from reviews.models import (
    CaseState,
    Cause,
    CodingDecision,
    ReviewCase,
    RouteReason,
    Ruling,
    RulingKind,
    Severity,
)


def supervise(people: Mapping[str, User]) -> None:
    """What supervisors did: a ruling that became a precedent, a rule defect, a comment, a second coding, an absence."""
    supervisor, other = people["supervisor"], people["supervisor2"]
    _make_precedent(supervisor)
    _comment_on_query(supervisor)
    _find_defect(other)

    agreed = CodingDecision.objects.filter(
        coder=people["coder"], agrees=True, service__state=ServiceState.FINAL
    )
    second_codings.ask(supervisor, agreed.earliest("pk"), people["coder2"])

    today = timezone.localdate()
    first_day, last_day = today + timedelta(days=14), today + timedelta(days=21)
    routing.enter_absence(supervisor, other, first_day, last_day, supervisor)


def _make_precedent(supervisor: User) -> None:
    """Uphold a coder where the rules left it to a supervisor, and keep that ruling."""
    in_a_gap = _routed(RouteReason.OTHER_CODE).filter(
        suggestion__outcome=OutcomeKind.SUPERVISOR_REVIEW.value
    )
    case = in_a_gap.select_related("suggestion__document").earliest("pk")
    upheld = Adjudication(
        RulingKind.CODER_UPHELD, "The note bears it.", note="Quote the passage next time."
    )
    ruling = _rule(supervisor, case, upheld)
    deciding = deciding_facts(case.suggestion) if case.suggestion else set()
    precedents.record(
        supervisor, ruling, deciding, "The coder's code stands.", "Policy of the department."
    )


def _comment_on_query(supervisor: User) -> None:
    case = _routed(RouteReason.RULES_ASK_PROVIDER).earliest("pk")
    comments.comment(supervisor, case, "Is there an operative report that says it?", case.coder)


def _find_defect(supervisor: User) -> None:
    """Find a rule wrong that leaves to a supervisor what has no code, if any case is of one."""
    gaps = _routed(RouteReason.RULES_ASK_SUPERVISOR).filter(state=CaseState.QUEUED)
    undisputed = gaps.exclude(routes__reason=RouteReason.OTHER_CODE)
    case = undisputed.select_related("service__rule_set").order_by("pk").first()
    if case is None:
        return
    wrong = Adjudication(
        RulingKind.RULE_DEFECT,
        "It leaves this out.",
        OutcomeKind.NO_FAMILY_CODE,
        severity=Severity.MATERIAL,
        cause=Cause.RULE,
    )
    _rule(supervisor, case, wrong)


def _routed(reason: RouteReason) -> QuerySet[ReviewCase]:
    """The cases with this among their reasons."""
    cases = ReviewCase.objects.filter(routes__reason=reason)
    return cases.select_related("service__encounter", "coder")


def _rule(supervisor: User, case: ReviewCase, adjudication: Adjudication) -> Ruling:
    cases.claim(supervisor, case)
    return rulings.rule(supervisor, case, adjudication, at_console(supervisor))
