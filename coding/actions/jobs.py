"""Verbs on background jobs: launch, pause, resume, cancel. The verb that calls them has checked the permission.

Each first changes the job and then takes its chunks back from the workers, which waits for a write that is under
way: when the verb returns, nothing more is written.
"""

from django.db import transaction

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.transitions import JOB, Transition, of
from coding.models import ChunkState, Job, JobChunk, JobState, User
from coding.work.celery import hint_after_commit
from coding.work.leases import ClockTime


def launch(actor: User, job: Job) -> None:
    """Let the workers begin with a planned job."""
    _move(actor, job, of(JOB, "launch"))


def pause(actor: User, job: Job) -> None:
    """Stop a running job until it is resumed; what was written stays."""
    _move(actor, job, of(JOB, "pause"))


def resume(actor: User, job: Job) -> None:
    """Go on with a paused job, or try again what failed in one."""
    with transaction.atomic():
        _move(actor, job, of(JOB, "resume"))
        failed = JobChunk.objects.filter(job=job, state=ChunkState.FAILED)
        failed.update(state=ChunkState.PENDING, setbacks=0, suspect=None)


def cancel(actor: User, job: Job) -> None:
    """Stop a job for good; what was written stays."""
    _move(actor, job, of(JOB, "cancel"))


def _move(actor: User, job: Job, transition: Transition[JobState]) -> None:
    [end] = transition.end
    with transaction.atomic():
        where_it_was = Job.objects.filter(pk=job.pk, state__in=transition.start)
        if not where_it_was.update(state=end, **_times(end)):
            participle = transition.event.removeprefix("job.")
            state = Job.objects.get(pk=job.pk).get_state_display().lower()
            raise Conflict(f"It cannot be {participle}: it is {state}. Reload the page.")
        if end == JobState.RUNNING:
            hint_after_commit()
        else:
            leased = JobChunk.objects.filter(job=job, state=ChunkState.LEASED)
            leased.update(state=ChunkState.PENDING, lease_until=None, trying=None)
        before = {"state": job.get_state_display()}
        after = {"state": end.label}
        trail.record(actor, transition.event, job, before=before, after=after)


def _times(end: JobState) -> dict[str, object]:
    """When a job was started or ended, by the database's clock."""
    if end == JobState.RUNNING:
        return {"running_since": ClockTime(), "finished_at": None}
    if end == JobState.CANCELLED:
        return {"finished_at": ClockTime()}
    return {}
