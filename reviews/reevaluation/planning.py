"""Plan a run: count the services of each suggestion, and cut the decisions on them into chunks.

Where the version compares whole numbers at new points, the profiles that hold wider bands are first made anew from
the services' own answers; and what it newly asks of record, set-up and history is looked up for services that lack it.
"""

from collections.abc import Collection, Iterator, Sequence
from operator import attrgetter
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from coding import trail
from coding.models import Job, JobChunk, JobState, Service
from coding.rules import profiles, rulebook
from coding.work import leases
from coding.work.payloads import Range, Weighed
from reviews.actions.asked_anew import give, lacking
from reviews.models import ReevaluationRun
from reviews.reevaluation.deciding import DECIDE
from reviews.reevaluation.scope import in_scope

PLAN = "reevaluation_plan"
CHUNK_SUGGESTIONS = 12_000
CHUNK_PREPARED = 500


def preparations(run: ReevaluationRun) -> Iterator[tuple[int, Range]]:
    """The chunks of services that hold too little for the run's document; none where all hold enough."""
    wide = profiles.too_wide(run.version.rule_set, rulebook.table_of(run.document))
    keys = list(_to_prepare(run, wide).values_list("pk", flat=True))
    for part in _parts(keys, CHUNK_PREPARED):
        yield len(part), Range(part[0], part[-1])


def _to_prepare(run: ReevaluationRun, wide: Collection[str]) -> QuerySet[Service]:
    if not wide:
        return lacking(run).order_by("pk")
    answered = Service.objects.filter(rule_set=run.version.rule_set, profile__isnull=False)
    return answered.order_by("pk")


def _weighed(part: Sequence[tuple[int, int]]) -> Weighed:
    suggestions = [suggestion for suggestion, _ in part]
    services = [count for _, count in part]
    return Weighed(suggestions=suggestions, services=services)


def _parts(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


class Plan:
    """Makes profiles finer and fuller where that is needed, then counts."""

    def compute(self, chunk: JobChunk) -> None:
        """Prepare the services of a range; doing so again changes nothing."""
        run = ReevaluationRun.objects.select_related("document", "version__rule_set").get(
            plan_job=chunk.job_id
        )
        rule_set = run.version.rule_set
        table = rulebook.table_of(run.document)
        wide = profiles.too_wide(rule_set, table)
        tables = [*profiles.tables_in_use(rule_set), table]

        in_range = Q(pk__range=Range(*chunk.payload))
        lack = set(lacking(run).filter(in_range).values_list("pk", flat=True))
        related = ("rule_set", "profile", "suggestion__document")
        services = list(_to_prepare(run, wide).filter(in_range).select_related(*related))
        for portion in leases.portions(chunk, services, attrgetter("pk")):
            for service in portion:
                profiles.refine(service, wide, tables)
                if service.pk in lack:
                    # Whoever stopped the run finds nothing written later.
                    leases.check_held(chunk)
                    give(service, run, tables)

    def write(self, chunk: JobChunk, results: None) -> None:
        """Everything is written already."""

    def finish(self, job: Job) -> None:
        """Count the services in scope by suggestion, and plan their decision."""
        run = ReevaluationRun.objects.select_related("version").get(plan_job=job)
        by_suggestion = in_scope(run).order_by("suggestion_id").values_list("suggestion_id")
        plan = list(by_suggestion.annotate(services=Count("*")))
        run.services = sum(count for _, count in plan)
        run.profiles = len(plan)
        run.last_service = Service.objects.aggregate(last=Max("pk"))["last"] or 0

        chunks = [(len(part), _weighed(part)) for part in _parts(plan, CHUNK_SUGGESTIONS)]
        run.job = leases.start(DECIDE, job.created_by, chunks, JobState.PLANNED)
        run.save()
        trail.record(
            None, "run.planned", run, after={"services": run.services, "profiles": run.profiles}
        )
