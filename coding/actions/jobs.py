"""Verbs on background jobs: launch, pause, resume, cancel. The verb that calls them has checked the permission.

Each first changes the job and then takes its chunks back from the workers, which waits for a write that is under
way: when the verb returns, nothing more is written.
"""

from collections.abc import Collection

from django.db import transaction

from coding import trail
from coding.actions.errors import Conflict
from coding.models import ChunkState, Job, JobChunk, JobState, User
from coding.work.celery import hint_after_commit
from coding.work.leases import ClockTime


def launch(actor: User, job: Job) -> None:
    """Let the workers begin with a planned job."""
    _move(actor, job, "launched", [JobState.PLANNED], JobState.RUNNING)


def pause(actor: User, job: Job) -> None:
    """Stop a running job until it is resumed; what was written stays."""
    _move(actor, job, "paused", [JobState.RUNNING], JobState.PAUSED)


def resume(actor: User, job: Job) -> None:
    """Go on with a paused job, or try again what failed in one."""
    with transaction.atomic():
        _move(actor, job, "resumed", [JobState.PAUSED, JobState.FAILED], JobState.RUNNING)
        JobChunk.objects.filter(job=job, state=ChunkState.FAILED).update(
            state=ChunkState.PENDING, setbacks=0, suspect=None
        )


def cancel(actor: User, job: Job) -> None:
    """Stop a job for good; what was written stays."""
    unfinished = [JobState.PLANNED, JobState.RUNNING, JobState.PAUSED]
    _move(actor, job, "cancelled", unfinished, JobState.CANCELLED)


def _move(actor: User, job: Job, done: str, expected: Collection[JobState], to: JobState) -> None:
    with transaction.atomic():
        running = to == JobState.RUNNING
        changes = {"running_since": ClockTime(), "finished_at": None} if running else {}
        if to == JobState.CANCELLED:
            changes["finished_at"] = ClockTime()
        if not Job.objects.filter(pk=job.pk, state__in=expected).update(state=to, **changes):
            now = Job.objects.get(pk=job.pk)
            raise Conflict(f"It cannot be {done}: it is {now.get_state_display().lower()}. Reload the page.")
        if running:
            hint_after_commit()
        else:
            held = JobChunk.objects.filter(job=job, state=ChunkState.LEASED)
            held.update(state=ChunkState.PENDING, lease_until=None, trying=None)
        trail.record(actor, f"job.{done}", job, before={"state": job.get_state_display()}, after={"state": to.label})
