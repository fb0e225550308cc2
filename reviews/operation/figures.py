"""The dozen figures by which somebody watches Concord, in the text format of Prometheus.

They come from the database, so each web process tells the same. Each is counted from an index.
https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from coding.models import AuditHead, ChunkState, Job, JobChunk, JobState
from coding.operation import readiness
from coding.work import leases, scheduled, signs
from reviews.models import ProviderQuery, ReplayDifference, ReplayProof, ReviewCase
from reviews.models.cases import OPEN_STATES
from reviews.models.queries import QueryState

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that goes up and down, with what it tells; by label where there are several."""

    name: str
    tells: str
    values: dict[str, float]
    label: str = ""

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it."""
        yield f"# HELP concord_{self.name} {self.tells}"
        yield f"# TYPE concord_{self.name} gauge"
        for key, value in self.values.items():
            labelled = f'{{{self.label}="{key}"}}' if self.label else ""
            yield f"concord_{self.name}{labelled} {value:g}"


def text() -> str:
    """All figures."""
    lines: list[str] = []
    for figure in (*_of_jobs(), *_of_people(), *_of_the_trail(), *_of_scheduled_work()):
        lines += figure.lines()
    return "\n".join(lines) + "\n"


def _figure(name: str, tells: str, value: float) -> Figure:
    return Figure(name, tells, {"": value})


def _of_jobs() -> Iterator[Figure]:
    waiting = JobChunk.objects.filter(leases.claimable()).count()
    waits = readiness.work_waits_for().total_seconds()
    failed_jobs = Job.objects.filter(state=JobState.FAILED).count()
    failed_parts = JobChunk.objects.filter(state=ChunkState.FAILED).count()
    yield _figure("workers", "Workers that gave a sign in the last half minute.", signs.living())
    yield _figure("parts_waiting", "Parts of running jobs that wait for a worker.", waiting)
    yield _figure(
        "job_waits_seconds", "How long the job that is behind most has waited for a worker.", waits
    )
    yield _figure("jobs_failed", "Jobs that failed.", failed_jobs)
    yield _figure(
        "parts_failed", "Parts of jobs that were lost or refused too often.", failed_parts
    )


def _of_people() -> Iterator[Figure]:
    # A state without a case has its line too: a figure that is missing is not read as 0.
    by_state = {str(state): 0.0 for state in OPEN_STATES}
    open_cases = ReviewCase.objects.filter(state__in=OPEN_STATES).order_by()
    for state, count in open_cases.values_list("state").annotate(count=Count("pk")):
        by_state[state] = float(count)
    yield Figure(
        "cases_open", "Review cases that wait for a supervisor or are with one.", by_state, "state"
    )
    open_queries = ProviderQuery.objects.filter(state=QueryState.OPEN).count()
    yield _figure("queries_open", "Provider queries without an answer.", open_queries)


def _of_the_trail() -> Iterator[Figure]:
    head = AuditHead.objects.filter(pk=1).first()
    last = ReplayProof.objects.order_by("-day").first()
    differences = ReplayDifference.objects.filter(proof=last).count() if last else 0
    yield _figure("trail_events", "Events of the audit trail.", head.count if head else 0)
    yield _figure(
        "replay_differences",
        "Stored decisions that the last replay could not make again.",
        differences,
    )
    if last and last.job.finished_at:
        proved = last.job.finished_at.timestamp()
        yield _figure("replay_proved_seconds", "When the last replay ended, in Unix time.", proved)


def _of_scheduled_work() -> Iterator[Figure]:
    ended: dict[str, float] = {}
    failing: dict[str, float] = {}
    for standing in scheduled.standings():
        succeeded: datetime | None = standing.run.succeeded_at
        ended[standing.work.key] = succeeded.timestamp() if succeeded else 0
        failing[standing.work.key] = float(standing.state in {"failed", "overdue"})
    yield Figure(
        "scheduled_work_done_seconds",
        "When it last ended well, in Unix time; 0: never.",
        ended,
        "work",
    )
    yield Figure(
        "scheduled_work_failing", "1 where it failed at last or is overdue.", failing, "work"
    )
