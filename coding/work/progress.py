"""How far a job has come, counted from its chunks' rows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, Sum

from coding.models import ChunkState, Job, JobState
from coding.work.leases import ClockTime


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of the items that the job works on; ``rate`` is in items a second since it was last started."""

    job: Job
    total: int
    done: int
    failed: int
    rate: float
    begun: bool

    @property
    def percent(self) -> int:
        """Done items of a hundred; 100 for a job without items."""
        return 100 * self.done // self.total if self.total else 100

    @property
    def seconds_left(self) -> int | None:
        """At the present rate; None where it is not known."""
        if self.job.state != JobState.RUNNING or not self.rate:
            return None
        return round((self.total - self.done - self.failed) / self.rate)

    @property
    def state(self) -> str:
        """The state as people see it: a running job that no worker has looked at yet is queued."""
        queued = self.job.state == JobState.RUNNING and not self.begun
        return "Queued" if queued else self.job.get_state_display()


def progress(job: Job) -> Progress:
    """Count a job's items."""
    clock = Job.objects.annotate(now=ClockTime()).values_list("now", flat=True)
    now: datetime = clock.get(pk=job.pk)
    job.refresh_from_db()
    since = job.running_since or now

    done = Q(state=ChunkState.DONE)
    sums = job.chunks.aggregate(
        total=Sum("size", default=0),
        done=Sum("size", filter=done, default=0),
        failed=Sum("size", filter=Q(state=ChunkState.FAILED), default=0),
        lately=Sum("size", filter=done & Q(done_at__gte=since), default=0),
        attempts=Max("attempt", default=0),
    )
    seconds = (now - since).total_seconds()
    return Progress(
        job,
        sums["total"],
        sums["done"],
        sums["failed"],
        rate=sums["lately"] / seconds if seconds > 0 else 0,
        begun=sums["attempts"] > 0,
    )
