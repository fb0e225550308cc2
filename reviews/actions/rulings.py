"""Verbs on rulings: adjudicate one case, or the cases of a cluster."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import lock_service, lock_services
from coding.actions.require import require
from coding.actions.signatures import Signed, sign
from coding.actions.transitions import of
from coding.decision import Line, OutcomeKind
from coding.models import Meaning, Service, ServiceLine, ServiceState, Suggestion, User
from coding.reference.modifiers import in_order
from coding.signing.confirmation import Confirmation
from reviews import wording
from reviews.actions.cases import check_held, check_may_judge, lock_cases, lock_held
from reviews.actions.codes import check_code, check_further_lines, submitted_units
from reviews.actions.defects import defects_of
from reviews.actions.second_codings import has_to_look
from reviews.actions.standing import Step, settle
from reviews.alike import alike
from reviews.coding_form.evidence import facts_to_ask, stale_answers_of
from reviews.judges import not_coded_by
from reviews.models import (
    OPEN_STATES,
    CaseCluster,
    CaseRoute,
    CaseState,
    Cause,
    CodingDecision,
    ProviderQuery,
    ReviewCase,
    RouteReason,
    RuleDefect,
    Ruling,
    RulingKind,
    Severity,
)
from reviews.signed import ruling_content
from reviews.transitions import CASE

RULE = of(CASE, "rule")

CORRECTED = "The source corrected this encounter meanwhile. Read it again before you rule."
ASKS_ABOUT_ONE = "A query asks about one patient. Open the cases and ask in each."
# Cases of a cluster that one call rules on: what a page can wait for.
MOST_CASES = 500


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


@dataclass(frozen=True, slots=True)
class Ruled:
    """How many cases were ruled on, and how many are left because others coded or hold them or there were too many."""

    cases: int
    left: int


def rule(actor: User, case: ReviewCase, adjudication: Adjudication, confirmation: Confirmation | None = None) -> Ruling:
    """Adjudicate a case that one holds: its final code is set, or its query is asked, and the coder sees the ruling.

    ``case`` is as the person saw it: Conflict is raised if its encounter or what the rules say has changed since.
    The ruling is signed: ``confirmation`` proves that it is the actor, here and below.
    """
    require(actor, RULE.permission, "rule on review cases")
    check_may_judge(actor, case)
    with transaction.atomic():
        service = lock_service(case.service)
        locked = lock_held(actor, case)
        _check_as_seen(actor, case, locked, service, adjudication)
        [ruling] = _rule_all(actor, [locked], {service.pk: service}, adjudication, confirmation, by="")
    return ruling


def _check_as_seen(
    actor: User, case: ReviewCase, locked: ReviewCase, service: Service, adjudication: Adjudication
) -> None:
    """Refuse a ruling on a case that is not as the person saw it, or that the case does not allow."""
    if service.encounter.revision != case.service.encounter.revision:
        raise Conflict(CORRECTED)
    if has_to_look(actor, locked):
        raise Conflict("This case is ruled on blind: code it before you see what others found. Open it again.")
    if locked.suggestion_id != case.suggestion_id:
        raise Conflict("A newer version of the rules says something else by now. Read the case again.")
    if adjudication.kind not in kinds_for(locked):
        raise Conflict("This ruling is not offered for the case. Reload it, and choose another one.")


def rule_alike(
    actor: User,
    case: ReviewCase,
    others: Collection[int],
    adjudication: Adjudication,
    confirmation: Confirmation | None = None,
) -> Ruled:
    """Adjudicate a case that one holds and queued cases that are alike to it: one signature, a ruling for each.

    ``others`` are the ids of the chosen ones. Those that somebody claimed, corrected or took back meanwhile are left,
    as are those that the actor may not judge, or that are not alike.
    """
    require(actor, RULE.permission, "rule on review cases")
    check_may_judge(actor, case)
    if adjudication.kind is RulingKind.PROVIDER_QUERY:
        raise Conflict(ASKS_ABOUT_ONE)
    with transaction.atomic():
        to_settle = settled_unread(to_judge_unread(alike(case), actor), adjudication.kind).filter(pk__in=others)
        chosen = list(to_settle.order_by("pk").values_list("pk", "service")[: MOST_CASES - 1])
        services = lock_services([case.service_id, *(service for _, service in chosen)])
        locked = {row.pk: row for row in lock_cases([case.pk, *(key for key, _ in chosen)])}
        check_held(actor, locked[case.pk])
        _check_as_seen(actor, case, locked[case.pk], services[case.service_id], adjudication)
        still = {case.pk, *to_settle.filter(pk__in=locked).values_list("pk", flat=True)}
        ready = [row for key, row in locked.items() if key in still]
        rulings = _rule_all(actor, ready, services, adjudication, confirmation, by="with alike cases")
    return Ruled(len(rulings), len(set(others)) + 1 - len(rulings))


def rule_cluster(
    actor: User, cluster: CaseCluster, adjudication: Adjudication, confirmation: Confirmation | None = None
) -> Ruled:
    """Adjudicate the queued cases of a cluster that one did not code: one finding, one signature, a ruling for each.

    Cases that somebody holds are theirs to rule on, and are left; so are those whose encounter its source corrected,
    and those of which the finding would ask a provider: they have to be read one by one.
    """
    require(actor, RULE.permission, "rule on review cases")
    if adjudication.kind is RulingKind.PROVIDER_QUERY:
        raise Conflict(ASKS_ABOUT_ONE)
    with transaction.atomic():
        to_settle = settled_unread(to_rule(cluster, actor), adjudication.kind)
        chosen = list(to_settle.order_by("pk").values_list("pk", "service")[:MOST_CASES])
        services = lock_services(service for _, service in chosen)
        cases = lock_cases([case for case, _ in chosen])
        # What was claimed, corrected or taken back while the locks were waited for is left out.
        still = set(to_settle.filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True))
        ready = [case for case in cases if case.pk in still]
        rulings = _rule_all(actor, ready, services, adjudication, confirmation, by="with its cluster")
        left = ReviewCase.objects.filter(routes__cluster=cluster, state__in=OPEN_STATES).count()
    return Ruled(len(rulings), left)


def to_rule(cluster: CaseCluster, actor: User) -> QuerySet[ReviewCase]:
    """The queued cases of a cluster that the actor may judge unread: not coded by them, not corrected."""
    return to_judge_unread(ReviewCase.objects.filter(routes__cluster=cluster), actor)


def to_judge_unread(cases: QuerySet[ReviewCase], actor: User) -> QuerySet[ReviewCase]:
    """Those of some cases that are queued, and that the actor may judge unread: not coded by them, not corrected."""
    queued = cases.filter(state=CaseState.QUEUED)
    corrected = CaseRoute.objects.filter(case=OuterRef("pk"), reason=RouteReason.CORRECTED)
    return not_coded_by(actor, queued.exclude(Exists(corrected)))


def settled_unread(cases: QuerySet[ReviewCase], kind: RulingKind) -> QuerySet[ReviewCase]:
    """The cases that a ruling of this kind settles: none in which it would ask a provider, or somebody to look."""
    settling = [OutcomeKind.CODE, OutcomeKind.NO_FAMILY_CODE]
    match kind:
        case RulingKind.CODER_UPHELD:
            return cases.filter(decision__outcome__in=settling)
        case RulingKind.RULES_UPHELD:
            return cases.filter(suggestion__outcome__in=settling)
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


def asks_provider(case: ReviewCase, kind: RulingKind) -> bool:
    """Whether a ruling of this kind asks the provider instead of making something final."""
    match kind:
        case RulingKind.PROVIDER_QUERY:
            return True
        case RulingKind.RULES_UPHELD:
            return case.suggestion is not None and case.suggestion.outcome == OutcomeKind.PROVIDER_QUERY
        case RulingKind.CODER_UPHELD:
            return case.decision.outcome == OutcomeKind.PROVIDER_QUERY
    return False


def _rule_all(
    actor: User,
    cases: Sequence[ReviewCase],
    services: dict[int, Service],
    adjudication: Adjudication,
    confirmation: Confirmation | None,
    by: str,
) -> list[Ruling]:
    """Rule on locked cases of locked services, one or many alike, under one signature."""
    for case in cases:
        case.service = services[case.service_id]
        if adjudication.kind is RulingKind.RULES_UPHELD:
            _check_not_stale(case)
    lines = _standing_lines(services)
    rule_is_wrong = adjudication.kind is RulingKind.RULE_DEFECT
    defects, opened = defects_of(actor, cases, adjudication.reason) if rule_is_wrong else ({}, [])
    rulings = Ruling.objects.bulk_create(
        _ruling(actor, case, adjudication, lines.get(case.service_id, []), defects.get(case.pk)) for case in cases
    )
    signed = sign(actor, Meaning.RULING, [ruling_content(ruling) for ruling in rulings], confirmation)
    pairs = list(zip(cases, rulings, strict=True))
    asking = [(case, ruling) for case, ruling in pairs if asks_provider(case, adjudication.kind)]
    queries = ProviderQuery.objects.bulk_create(_query(actor, case, ruling, adjudication) for case, ruling in asking)
    asked = {case.pk for case, _ in asking}
    moved = ReviewCase.objects.filter(pk__in=[case.pk for case in cases], state__in=RULE.start)
    moved.update(state=CaseState.RESOLVED, holder=actor)
    steps = [_step(case.service, None if case.pk in asked else ruling) for case, ruling in pairs]
    entries = [_entry(case, ruling, signed, by) for case, ruling in pairs]
    entries += [_asked(case, query) for (case, _), query in zip(asking, queries, strict=True)]
    entries += opened + settle(RULE.verb, steps)
    trail.record_all(actor, entries)
    return rulings


def _step(service: Service, rests_on: Ruling | None) -> Step:
    """Where a service goes: final by its ruling, or on to the provider where none makes it final."""
    end = ServiceState.FINAL if rests_on else ServiceState.AWAITING_PROVIDER
    return Step(service, end, rests_on=rests_on)


def _check_not_stale(case: ReviewCase) -> None:
    """The rules cannot be upheld on answers that the corrected text does not support."""
    if stale_answers_of(case.service):
        raise Conflict(
            "The rules speak on answers that the corrected note contradicts or no longer supports. "
            "Return the case to its coder, or find another code."
        )


def _standing_lines(services: Iterable[int]) -> dict[int, list[ServiceLine]]:
    """The lines that are still submitted, by service: in one query for all cases of a cluster."""
    lines = defaultdict(list)
    for line in ServiceLine.objects.standing().filter(service__in=list(services)):
        lines[line.service_id].append(line)
    return lines


def _ruling(
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
        case RulingKind.RULES_UPHELD if suggestion is not None:
            _take_over(ruling, suggestion)
            ruling.units = submitted_units(suggestion.code, lines)
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
    named = [*(case.suggestion.further_lines if case.suggestion else []), *case.decision.further_lines]
    check_code(ruling.code, ruling.modifiers, day, confirmed=confirmed)
    check_further_lines(ruling.code, ruling.further_lines, named, day, confirmed=confirmed)


def _query(actor: User, case: ReviewCase, ruling: Ruling, adjudication: Adjudication) -> ProviderQuery:
    text = adjudication.question.strip() or ruling.reason
    if refused := wording.refused(text):
        raise ValidationError(
            {"question": f"A question to a provider names no {', no '.join(refused)}. Ask without it."}
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


def _entry(case: ReviewCase, ruling: Ruling, signed: Signed, by: str) -> trail.Entry:
    after = {"service": case.service.number, "ruling": ruling.get_kind_display(), "finds": ruling.words}
    after |= signed.in_trail(ruling)
    if by:
        after["how"] = by
    rows = [case, ruling, *signed.rows(ruling)]
    return trail.Entry(RULE.event, case, case.service.encounter, after=after, reason=ruling.reason, rows=rows)


def _asked(case: ReviewCase, query: ProviderQuery) -> trail.Entry:
    after = {"service": case.service.number}
    return trail.Entry("query.asked", case, case.service.encounter, after=after, rows=[query])
