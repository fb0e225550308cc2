"""Verbs on rulings: adjudicate one case, or the cases of a cluster."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import lock_service, lock_services
from coding.actions.require import require
from coding.actions.signatures import Signed, sign
from coding.actions.transitions import of
from coding.models import Meaning, Service, ServiceLine, ServiceState, User
from coding.signing.confirmation import Confirmation
from reviews.actions.adjudications import (
    Adjudication,
    asks_provider,
    check_not_stale,
    kinds_for,
    query_of,
    ruling_on,
    settled_unread,
)
from reviews.actions.cases import check_held, check_may_judge, lock_cases, lock_held
from reviews.actions.defects import defects_of
from reviews.actions.standing import Step, settle
from reviews.judging.alike import alike
from reviews.judging.blind import sight_of
from reviews.judging.judges import not_coded_by
from reviews.models import (
    OPEN_STATES,
    CaseCluster,
    CaseRoute,
    CaseState,
    ProviderQuery,
    ReviewCase,
    RouteReason,
    RuleDefect,
    Ruling,
    RulingKind,
)
from reviews.signed import ruling_content
from reviews.transitions import CASE

RULE = of(CASE, "rule")

CORRECTED = "The source corrected this encounter meanwhile. Read it again before you rule."
ASKS_ABOUT_ONE = "A query asks about one patient. Open the cases and ask in each."
# Cases of a cluster that one call rules on: what a page can wait for.
MOST_CASES = 500


@dataclass(frozen=True, slots=True)
class Ruled:
    """How many cases were ruled on, and how many are left because others coded or hold them or there were too many."""

    cases: int
    left: int


def rule(
    actor: User,
    case: ReviewCase,
    adjudication: Adjudication,
    confirmation: Confirmation | None = None,
) -> Ruling:
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
        [ruling] = _rule_all(
            actor, [locked], {service.pk: service}, adjudication, confirmation, by=""
        )
    return ruling


def _check_as_seen(
    actor: User, case: ReviewCase, locked: ReviewCase, service: Service, adjudication: Adjudication
) -> None:
    """Refuse a ruling on a case that is not as the person saw it, or that the case does not allow."""
    if service.encounter.revision != case.service.encounter.revision:
        raise Conflict(CORRECTED)
    if sight_of(actor).hides_codes(locked):
        raise Conflict(
            "This case is ruled on blind: code it before you see what others found. Open it again."
        )
    if locked.suggestion_id != case.suggestion_id:
        raise Conflict(
            "The rules say something else by now: by a newer version, or on other facts. Read the case again."
        )
    if adjudication.kind not in kinds_for(locked):
        raise Conflict(
            "This ruling is not offered for the case. Reload it, and choose another one."
        )


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
        unread = to_judge_unread(alike(case).filter(pk__in=others), actor)
        to_settle = settled_unread(unread, adjudication.kind)
        chosen = _services_by_case(to_settle, MOST_CASES - 1)

        services = lock_services([case.service_id, *chosen.values()])
        locked = {row.pk: row for row in lock_cases([case.pk, *chosen])}
        check_held(actor, locked[case.pk])
        _check_as_seen(actor, case, locked[case.pk], services[case.service_id], adjudication)

        # What was claimed, corrected or taken back while the locks were waited for is left out.
        still = {case.pk, *to_settle.filter(pk__in=locked).values_list("pk", flat=True)}
        ready = [row for key, row in locked.items() if key in still]
        rulings = _rule_all(
            actor, ready, services, adjudication, confirmation, by="with alike cases"
        )
    asked_for = {case.pk, *others}
    return Ruled(len(rulings), left=len(asked_for) - len(rulings))


def rule_cluster(
    actor: User,
    cluster: CaseCluster,
    adjudication: Adjudication,
    confirmation: Confirmation | None = None,
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
        chosen = _services_by_case(to_settle, MOST_CASES)

        services = lock_services(chosen.values())
        cases = lock_cases(list(chosen))

        # What was claimed, corrected or taken back while the locks were waited for is left out.
        still = set(to_settle.filter(pk__in=list(chosen)).values_list("pk", flat=True))
        ready = [case for case in cases if case.pk in still]
        rulings = _rule_all(
            actor, ready, services, adjudication, confirmation, by="with its cluster"
        )
        left = ReviewCase.objects.filter(routes__cluster=cluster, state__in=OPEN_STATES).count()
    return Ruled(len(rulings), left)


def _services_by_case(cases: QuerySet[ReviewCase], most: int) -> dict[int, int]:
    """Of the first of some cases the services, by id: services are locked before their cases."""
    return dict(cases.order_by("pk").values_list("pk", "service")[:most])


def to_rule(cluster: CaseCluster, actor: User) -> QuerySet[ReviewCase]:
    """The queued cases of a cluster that the actor may judge unread: not coded by them, not corrected."""
    return to_judge_unread(ReviewCase.objects.filter(routes__cluster=cluster), actor)


def to_judge_unread(cases: QuerySet[ReviewCase], actor: User) -> QuerySet[ReviewCase]:
    """Those of some cases that are queued, and that the actor may judge unread: not coded by them, not corrected.

    Under blind review those that they coded themselves before.
    """
    corrected = CaseRoute.objects.filter(case=OuterRef("pk"), reason=RouteReason.CORRECTED)
    queued = cases.filter(state=CaseState.QUEUED).exclude(Exists(corrected))
    unread = not_coded_by(actor, queued)

    sight = sight_of(actor)
    if sight.is_blind:
        return unread.filter(decision__in=sight.coded)
    return unread


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
            check_not_stale(case)

    rulings, opened = _store(actor, cases, services, adjudication)
    contents = [ruling_content(ruling) for ruling in rulings]
    signed = sign(actor, Meaning.RULING, contents, confirmation)
    pairs = list(zip(cases, rulings, strict=True))
    queries = _ask(actor, pairs, adjudication)
    moved = ReviewCase.objects.filter(pk__in=[case.pk for case in cases], state__in=RULE.start)
    moved.update(state=CaseState.RESOLVED, holder=actor)

    entries = [_entry(case, ruling, signed, by) for case, ruling in pairs]
    entries += [_asked(case, queries[case.pk]) for case in cases if case.pk in queries]
    entries += opened
    entries += settle(RULE.verb, _steps(pairs, queries))
    trail.record_all(actor, entries)
    return rulings


def _steps(pairs: Iterable[tuple[ReviewCase, Ruling]], queries: Collection[int]) -> list[Step]:
    """What was ruled on is final, but for the cases, by id, whose provider is asked."""
    steps = []
    for case, ruling in pairs:
        if case.pk in queries:
            steps.append(Step(case.service, ServiceState.AWAITING_PROVIDER))
        else:
            steps.append(Step(case.service, ServiceState.FINAL, rests_on=ruling))
    return steps


def _store(
    actor: User, cases: Sequence[ReviewCase], services: Iterable[int], adjudication: Adjudication
) -> tuple[list[Ruling], list[trail.Entry]]:
    """The rulings, in the order of the cases, and what the trail is to hold of the defects that they open."""
    defects: dict[int, RuleDefect] = {}
    opened: list[trail.Entry] = []
    if adjudication.kind is RulingKind.RULE_DEFECT:
        defects, opened = defects_of(actor, cases, adjudication.reason)
    lines = _standing_lines(services)
    rulings = []
    for case in cases:
        submitted = lines.get(case.service_id, [])
        rulings.append(ruling_on(actor, case, adjudication, submitted, defects.get(case.pk)))
    return Ruling.objects.bulk_create(rulings), opened


def _ask(
    actor: User, pairs: Iterable[tuple[ReviewCase, Ruling]], adjudication: Adjudication
) -> dict[int, ProviderQuery]:
    """The queries to providers that rulings ask, by the ids of their cases."""
    queries = {}
    for case, ruling in pairs:
        if asks_provider(case, adjudication.kind):
            queries[case.pk] = query_of(actor, case, ruling, adjudication)
    ProviderQuery.objects.bulk_create(queries.values())
    return queries


def _standing_lines(services: Iterable[int]) -> dict[int, list[ServiceLine]]:
    """The lines that are still submitted, by service: in one query for all cases of a cluster."""
    lines = defaultdict(list)
    for line in ServiceLine.objects.standing().filter(service__in=list(services)):
        lines[line.service_id].append(line)
    return lines


def _entry(case: ReviewCase, ruling: Ruling, signed: Signed, by: str) -> trail.Entry:
    after = {
        "service": case.service.number,
        "ruling": ruling.get_kind_display(),
        "finds": ruling.words,
        **signed.in_trail(ruling),
    }
    if by:
        after["how"] = by
    rows = [case, ruling, *signed.rows(ruling)]
    return trail.Entry(
        RULE.event, case, case.service.encounter, after=after, reason=ruling.reason, rows=rows
    )


def _asked(case: ReviewCase, query: ProviderQuery) -> trail.Entry:
    after = {"service": case.service.number}
    return trail.Entry("query.asked", case, case.service.encounter, after=after, rows=[query])
