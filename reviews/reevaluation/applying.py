"""Apply a run: bring each final code that it contradicts to a supervisor, some hundred at a time.

A service that is final gets a review case. One whose case is open already gets the run as one more reason, and the
case what the new version says. Whatever happens between, a run tells of a service once: the database refuses a second
route from it.
"""

from operator import attrgetter
from typing import Any, NamedTuple

from django.utils import timezone

from coding import trail
from coding.actions.locks import lock_services
from coding.importing.kept_codes import Kept, keep
from coding.models import (
    FactProfile,
    Job,
    JobChunk,
    JobState,
    Service,
    ServiceState,
    Suggestion,
    User,
)
from coding.rules import suggesting
from coding.work import leases
from reviews.actions.opening import add_reason
from reviews.actions.opening import opened as tell_opened
from reviews.actions.standing import Step, settle
from reviews.models import (
    OPEN_STATES,
    CaseCluster,
    CaseRoute,
    CodingDecision,
    ReevaluationRun,
    ReviewCase,
    RouteReason,
)
from reviews.reevaluation.scope import to_open

APPLY = "reevaluation_apply"
CHUNK_CASES = 200


class Change(NamedTuple):
    """What makes cases alike: the old outcome, the new one and the final code."""

    old: str
    new: str
    final: str


class _Contradicted(NamedTuple):
    """A service without an open case whose final code the run contradicts, and what the rules say now."""

    service: Service
    suggestion: Suggestion | None
    cluster: CaseCluster


def begin_applying(actor: User, run: ReevaluationRun) -> None:
    """Let the workers open the cases. Part of a verb's transaction; does nothing while they are at it."""
    if run.apply_job and run.apply_job.state in (JobState.RUNNING, JobState.PAUSED):
        return
    keys = to_open(run).values_list("pk", flat=True)
    chunks = list(leases.in_chunks(keys, CHUNK_CASES))
    run.apply_job = leases.start(APPLY, actor, chunks)
    run.applied_by = actor
    run.save(update_fields=["apply_job", "applied_by"])
    services = sum(size for size, _ in chunks)
    trail.record(actor, "run.applying", run, after={"services": services})


class Apply:
    """Brings the services of a chunk to the supervisors."""

    def compute(self, chunk: JobChunk) -> dict[int, Suggestion | None]:
        """What the rules make of each profile now, with its trace, as a case shows it."""
        run = ReevaluationRun.objects.select_related("document", "version").get(
            apply_job=chunk.job_id
        )
        profiles = FactProfile.objects.filter(services__in=chunk.payload).distinct().order_by("pk")
        suggestions: dict[int, Suggestion | None] = {}
        for portion in leases.portions(chunk, list(profiles), attrgetter("pk")):
            for profile in portion:
                suggestions[profile.pk] = suggesting.suggest(profile, run.document)
        return suggestions

    def write(self, chunk: JobChunk, results: dict[int, Suggestion | None]) -> None:
        """Tell the open cases, and open those that are missing."""
        run = ReevaluationRun.objects.select_related("version", "applied_by").get(
            apply_job=chunk.job_id
        )
        locked = lock_services(chunk.payload)
        suggested = [profile for profile, suggestion in results.items() if suggestion]
        # Read once more under the locks: what was ruled on or corrected since planning is left.
        waiting = list(to_open(run).filter(pk__in=chunk.payload, profile__in=suggested))
        clusters = _clusters(run, waiting)
        open_cases = _open_cases(waiting)

        entries: list[trail.Entry] = []
        contradicted: list[_Contradicted] = []
        for flip in waiting:
            service = locked[flip.pk]
            suggestion = results[flip.profile_id]
            cluster = clusters[_change(flip)]
            case = open_cases.get(flip.pk)
            if case is None:
                contradicted.append(_Contradicted(service, suggestion, cluster))
                continue
            case.service = service
            entry = add_reason(case, RouteReason.RULE_CHANGE, suggestion, run=run, cluster=cluster)
            if entry is not None:
                entries.append(entry)

        entries += _open(run, contradicted)
        steps = [Step(row.service, ServiceState.IN_REVIEW) for row in contradicted]
        entries += settle("apply run", steps)
        trail.record_all(run.applied_by, entries)

    def finish(self, job: Job) -> None:
        """Note that the run is applied."""
        run = ReevaluationRun.objects.get(apply_job=job)
        run.applied_at = timezone.now()
        run.save(update_fields=["applied_at"])
        trail.record(None, "run.applied", run, after={"cases": run.routes.count()})


def _change(service: Any) -> Change:
    return Change(service.old_report, service.new_report, service.final_report)


def _clusters(run: ReevaluationRun, services: list[Any]) -> dict[Change, CaseCluster]:
    clusters: dict[Change, CaseCluster] = {}
    for change in dict.fromkeys(map(_change, services)):
        clusters[change], _ = CaseCluster.objects.get_or_create(run=run, **change._asdict())
    return clusters


def _open_cases(services: list[Any]) -> dict[int, ReviewCase]:
    """By service, locked after the services as everywhere."""
    keys = [service.pk for service in services]
    open_cases = ReviewCase.objects.filter(service__in=keys, state__in=OPEN_STATES)
    locked = open_cases.order_by("pk").select_for_update(no_key=True)
    return {case.service_id: case for case in locked}


def _open(run: ReevaluationRun, contradicted: list[_Contradicted]) -> list[trail.Entry]:
    """A case for each service whose final code the run contradicts; their opening for the trail."""
    decisions = _latest_decisions([row.service.pk for row in contradicted])
    kept = []
    cases = []
    for row in contradicted:
        if row.suggestion:
            kept.append(Kept(row.service.encounter_id, row.service.pk, row.suggestion.code))
        decision = decisions[row.service.pk]
        cases.append(
            ReviewCase(
                service=row.service,
                decision=decision,
                coder_id=decision.coder_id,
                suggestion=row.suggestion,
            )
        )
    keep(kept)
    ReviewCase.objects.bulk_create(cases)

    routes = []
    for case, row in zip(cases, contradicted, strict=True):
        routes.append(
            CaseRoute(case=case, reason=RouteReason.RULE_CHANGE, run=run, cluster=row.cluster)
        )
    CaseRoute.objects.bulk_create(routes)
    return tell_opened([(route.case, [route]) for route in routes])


def _latest_decisions(services: list[int]) -> dict[int, CodingDecision]:
    decisions = CodingDecision.objects.filter(service__in=services).order_by("round")
    # The last one of a service stays.
    return {decision.service_id: decision for decision in decisions}
