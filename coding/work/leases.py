"""How background work is claimed, done and finished, so that a worker may die at any instant.

A chunk is claimed by a conditional change on the database's own clock (workers' clocks are never asked),
computed with no transaction open, and written in one short transaction that first checks that this attempt
still holds the lease. Whoever lost the lease writes nothing. Counters are counted from rows.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol, TypeVar

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from coding import trail
from coding.models import ChunkState, Job, JobChunk, JobState, User

log = structlog.get_logger(__name__)

Item = TypeVar("Item")

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
# A chunk that was lost or refused this often needs a person to look at it.
MOST_SETBACKS = 10
# A pump stops after this time, so that a deployment drains its workers quickly.
PUMP_SECONDS = 5


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


def in_chunks(keys: Iterable[int], size: int) -> Iterator[tuple[int, list[int]]]:
    """The payloads of chunks of at most so many ids each, as ``start`` takes them."""
    rest = iter(keys)
    while chunk := list(islice(rest, size)):
        yield len(chunk), chunk


@lru_cache
def handlers() -> dict[str, Handler]:
    """The handler of every kind of job, as the setting names it: what handles a job may stand in a higher app."""
    kinds: dict[str, Handler] = import_string(settings.JOB_KINDS)
    return kinds


def start(
    kind: str,
    actor: User | None,
    payloads: Iterable[tuple[int, Any]],
    state: JobState = JobState.RUNNING,
) -> Job:
    """A job with one chunk for each ``(number of items, payload)``. Call it inside the verb's transaction."""
    since = ClockTime() if state == JobState.RUNNING else None
    job = Job.objects.create(kind=kind, created_by=actor, state=state, running_since=since)
    chunks = []
    for number, (size, payload) in enumerate(payloads, start=1):
        chunks.append(JobChunk(job=job, number=number, size=size, payload=payload))
    JobChunk.objects.bulk_create(chunks)
    return job


def claimable() -> Q:
    """Chunks of running jobs that nobody holds, or whose holder's lease ran out."""
    is_free = Q(state=ChunkState.PENDING)
    has_run_out = Q(state=ChunkState.LEASED, lease_until__lt=ClockTime())
    return Q(job__state=JobState.RUNNING) & (is_free | has_run_out)


def has_work() -> bool:
    """Whether a chunk waits to be claimed."""
    return JobChunk.objects.filter(claimable()).exists()


def claim() -> JobChunk | None:
    """Take the next chunk under a lease: of the job that waited longest, its least tried and lowest first."""
    chunk = _take()
    while chunk is not None and chunk.state == ChunkState.FAILED:
        chunk = _take()
    if chunk is not None:
        # Apart from the claim, whose lock on the chunk must not wait for somebody who steers the job.
        Job.objects.filter(pk=chunk.job_id).update(served_at=ClockTime())
    return chunk


def _take() -> JobChunk | None:
    """The next chunk, leased; or failed, where its workers were lost or refused it too often."""
    with transaction.atomic():
        waited_longest = F("job__served_at").asc(nulls_first=True)
        in_turn = JobChunk.objects.filter(claimable()).order_by(
            waited_longest, "attempt", "number", "job_id"
        )
        # What another worker is claiming at this moment is passed over, not waited for.
        free = in_turn.select_for_update(skip_locked=True, of=("self",))
        chunk = free.select_related("job").first()
        if chunk is None:
            return None

        if chunk.state == ChunkState.LEASED:
            _note_loss(chunk)
        has_failed = chunk.setbacks >= MOST_SETBACKS
        chunk.state = ChunkState.FAILED if has_failed else ChunkState.LEASED
        chunk.attempt += 1
        JobChunk.objects.filter(pk=chunk.pk).update(
            state=chunk.state,
            attempt=chunk.attempt,
            lease_until=None if has_failed else ClockTime() + LEASE,
            error=chunk.error,
            setbacks=chunk.setbacks,
            careful=chunk.careful,
            trying=chunk.trying,
            suspect=chunk.suspect,
            quarantined=chunk.quarantined,
        )
    return chunk


def _note_loss(chunk: JobChunk) -> None:
    """Take down that a chunk's worker was lost, and on which item if that is known."""
    chunk.error = chunk.error or "lost its worker too often"
    chunk.setbacks += 1
    chunk.careful = True
    if chunk.trying is not None and chunk.trying == chunk.suspect:
        # The second worker that the same item ended. Without it the chunk begins afresh.
        chunk.quarantined = [*chunk.quarantined, chunk.trying]
        chunk.setbacks = 0
        chunk.suspect = None
    else:
        chunk.suspect = chunk.trying
    chunk.trying = None


def portions(
    chunk: JobChunk, items: Sequence[Item], identify: Callable[[Item], int]
) -> Iterator[Sequence[Item]]:
    """The items of a chunk to be worked on: all at once, or one by one and each noted before if a worker was lost.

    Quarantined items, which ended their workers' processes twice, are left out. Raises LeaseLost.
    """
    if not chunk.careful:
        yield items
        return
    for item in items:
        key = identify(item)
        if key in chunk.quarantined:
            continue
        if not JobChunk.objects.filter(held(chunk)).update(trying=key):
            raise LeaseLost
        yield [item]
    JobChunk.objects.filter(held(chunk)).update(trying=None)


# The threads of a process die together: of two items that it was trying, nobody could say which was to blame.
_one_careful_chunk = threading.Lock()


def _turn(chunk: JobChunk) -> AbstractContextManager[Any]:
    """Careful chunks of a process take turns; to be waited for under a heartbeat."""
    return _one_careful_chunk if chunk.careful else nullcontext()


class LeaseLost(Exception):
    """Another attempt holds the chunk, or its job was stopped: nothing more is to be done here."""


def held(chunk: JobChunk) -> Q:
    """The chunk as long as this attempt holds it and its job still runs."""
    return Q(
        pk=chunk.pk, attempt=chunk.attempt, state=ChunkState.LEASED, job__state=JobState.RUNNING
    )


def check_held(chunk: JobChunk) -> None:
    """Before what is written while a chunk is computed. Raises LeaseLost."""
    if not JobChunk.objects.filter(held(chunk)).exists():
        raise LeaseLost


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
    handler = handlers()[chunk.job.kind]
    try:
        with heartbeat(chunk), _turn(chunk):
            results = handler.compute(chunk)
        with transaction.atomic():
            mine = JobChunk.objects.select_for_update(of=("self",)).filter(held(chunk))
            if not mine.values_list("pk"):
                return False
            handler.write(chunk, results)
            JobChunk.objects.filter(pk=chunk.pk).update(
                state=ChunkState.DONE, lease_until=None, done_at=ClockTime(), error=""
            )
    except LeaseLost:
        return False
    except Exception as error:
        # The text of an exception may quote a patient's data: its type and place must do.
        log.error(
            "chunk_failed", chunk=chunk.pk, attempt=chunk.attempt, error=type(error).__qualname__
        )
        give_back(chunk, error)
        return False
    return True


def give_back(chunk: JobChunk, error: Exception) -> None:
    """Let another attempt try; the lease simply runs out if the database cannot be reached now."""
    JobChunk.objects.filter(held(chunk)).update(
        state=ChunkState.PENDING,
        lease_until=None,
        setbacks=F("setbacks") + 1,
        trying=None,
        error=type(error).__qualname__[:200],
    )


def pump() -> int:
    """Work on chunks until there are none or the time is up; the number of chunks written."""
    deadline = time.monotonic() + PUMP_SECONDS
    written = 0
    while time.monotonic() < deadline:
        chunk = claim()
        if chunk is None:
            break
        written += work_on(chunk)
    close_finished()
    return written


def close_finished() -> None:
    """Close the running jobs none of whose chunks is pending or leased."""
    unfinished = Q(chunks__state__in=[ChunkState.PENDING, ChunkState.LEASED])
    for job in Job.objects.filter(state=JobState.RUNNING).exclude(unfinished):
        try:
            _close(job)
        except Exception as error:
            # The other jobs shall not wait for it; the next sweep tries again.
            log.error("job_not_closed", job=job.pk, error=type(error).__qualname__)


def _close(job: Job) -> None:
    with transaction.atomic():
        has_failed = job.chunks.filter(state=ChunkState.FAILED).exists()
        end = JobState.FAILED if has_failed else JobState.DONE
        # Every worker looks for jobs to close: one of them finds it running.
        running = Job.objects.filter(pk=job.pk, state=JobState.RUNNING)
        if not running.update(state=end, finished_at=ClockTime()):
            return
        if has_failed:
            trail.record(None, "job.failed", job)
        else:
            handlers()[job.kind].finish(job)
