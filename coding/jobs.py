"""How background work is claimed, done and finished, so that a worker may die at any instant.

A chunk is claimed by a conditional change on the database's own clock (workers' clocks are never asked),
computed with no transaction open, and written in one short transaction that first checks that this attempt
still holds the lease. Whoever lost the lease writes nothing. Counters are counted from rows.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Now
from django.utils import timezone

from coding import trail
from coding.models import ChunkState, Job, JobChunk, JobState, User

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
# A chunk that was lost or refused this often needs a person to look at it.
MOST_ATTEMPTS = 5
# A pump stops after this time, so that a deployment drains its workers quickly.
PUMP_SECONDS = 15

trail.register({"job.cancelled": "Background job cancelled", "job.failed": "Background job failed"})


class ClockTime(Now):
    """The database's clock at this instant; PostgreSQL's NOW() would be the transaction's start."""

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """PostgreSQL's running clock."""
        return self.as_sql(compiler, connection, template="CLOCK_TIMESTAMP()", **extra)


class Handler(Protocol):
    """What a kind of job does with its chunks."""

    def compute(self, chunk: JobChunk) -> Any:
        """The results of a chunk; called with no transaction open, perhaps more than once."""

    def write(self, chunk: JobChunk, results: Any) -> None:
        """Store the results; called in the transaction that also marks the chunk as done."""

    def finish(self, job: Job) -> None:
        """Called once, in the transaction that closes the job as done."""


handlers: dict[str, Handler] = {}


def start(kind: str, actor: User, payloads: list[tuple[int, Any]]) -> Job:
    """A running job with one chunk for each ``(number of items, payload)``. Call it inside the verb's transaction."""
    job = Job.objects.create(kind=kind, created_by=actor)
    JobChunk.objects.bulk_create(
        JobChunk(job=job, number=number, size=size, payload=payload)
        for number, (size, payload) in enumerate(payloads, start=1)
    )
    return job


def cancel(actor: User, job: Job) -> bool:
    """Stop a running job; what was written stays, nothing more is written. False if it had ended already."""
    with transaction.atomic():
        stopped = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
            state=JobState.CANCELLED, finished_at=timezone.now()
        )
        if stopped:
            trail.record(actor, "job.cancelled", job)
    return bool(stopped)


def claimable() -> Q:
    """Chunks of running jobs that nobody holds, or whose holder's lease ran out."""
    return Q(job__state=JobState.RUNNING) & (
        Q(state=ChunkState.PENDING) | Q(state=ChunkState.LEASED, lease_until__lt=ClockTime())
    )


def has_work() -> bool:
    """Whether a chunk waits to be claimed."""
    return JobChunk.objects.filter(claimable()).exists()


def claim() -> JobChunk | None:
    """Take the next chunk under a lease, least tried and lowest numbers first so that jobs share the workers."""
    with transaction.atomic():
        chunk = (
            JobChunk.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(claimable())
            .order_by("attempt", "number", "job_id")
            .first()
        )
        if chunk is None:
            return None
        if chunk.attempt >= MOST_ATTEMPTS:
            JobChunk.objects.filter(pk=chunk.pk).update(
                state=ChunkState.FAILED, lease_until=None, error=chunk.error or "lost its worker too often"
            )
            return claim()
        JobChunk.objects.filter(pk=chunk.pk).update(
            state=ChunkState.LEASED, attempt=F("attempt") + 1, lease_until=ClockTime() + LEASE
        )
        chunk.refresh_from_db()
    return chunk


def held(chunk: JobChunk) -> Q:
    """The chunk as long as this attempt holds it and its job still runs."""
    return Q(pk=chunk.pk, attempt=chunk.attempt, state=ChunkState.LEASED, job__state=JobState.RUNNING)


@contextmanager
def heartbeat(chunk: JobChunk) -> Iterator[None]:
    """Renew the lease every third of its time while the chunk is computed."""
    stopped = threading.Event()

    def renew() -> None:
        try:
            while not stopped.wait(LEASE.total_seconds() / 3):
                if not JobChunk.objects.filter(held(chunk)).update(lease_until=ClockTime() + LEASE):
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def work_on(chunk: JobChunk) -> bool:
    """Compute a claimed chunk and write it if the lease is still ours; False where another attempt holds it."""
    handler = handlers[chunk.job.kind]
    try:
        with heartbeat(chunk):
            results = handler.compute(chunk)
        with transaction.atomic():
            if JobChunk.objects.select_for_update(of=("self",)).filter(held(chunk)).first() is None:
                return False
            handler.write(chunk, results)
            JobChunk.objects.filter(pk=chunk.pk).update(state=ChunkState.DONE, lease_until=None, error="")
    except Exception as error:
        # The text of an exception may quote a patient's data: its type and place must do.
        log.error("chunk_failed", chunk=chunk.pk, attempt=chunk.attempt, error=type(error).__qualname__)
        give_back(chunk, error)
        return False
    return True


def give_back(chunk: JobChunk, error: Exception) -> None:
    """Let another attempt try; the lease simply runs out if the database cannot be reached now."""
    JobChunk.objects.filter(held(chunk)).update(
        state=ChunkState.PENDING, lease_until=None, error=type(error).__qualname__[:200]
    )


def pump() -> int:
    """Work on chunks until there are none or the time is up; the number of chunks written."""
    deadline = time.monotonic() + PUMP_SECONDS
    written = 0
    while time.monotonic() < deadline and (chunk := claim()) is not None:
        written += work_on(chunk)
    close_finished()
    return written


def close_finished() -> None:
    """Close the running jobs none of whose chunks is pending or leased."""
    unfinished = Q(chunks__state__in=[ChunkState.PENDING, ChunkState.LEASED])
    for job in Job.objects.filter(state=JobState.RUNNING).exclude(unfinished):
        with transaction.atomic():
            failed = job.chunks.filter(state=ChunkState.FAILED).exists()
            closed = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
                state=JobState.FAILED if failed else JobState.DONE, finished_at=timezone.now()
            )
            if closed and failed:
                trail.record(None, "job.failed", job)
            elif closed:
                handlers[job.kind].finish(job)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come, counted from its chunks' rows. Items are what the job works on."""

    job: Job
    total: int
    done: int
    failed: int

    @property
    def percent(self) -> int:
        """Done items of a hundred; 100 for a job without items."""
        return 100 * self.done // self.total if self.total else 100


def progress(job: Job) -> Progress:
    """Count a job's items."""
    job.refresh_from_db()
    sums = job.chunks.aggregate(
        total=Sum("size", default=0),
        done=Sum("size", filter=Q(state=ChunkState.DONE), default=0),
        failed=Sum("size", filter=Q(state=ChunkState.FAILED), default=0),
    )
    return Progress(job, sums["total"], sums["done"], sums["failed"])
