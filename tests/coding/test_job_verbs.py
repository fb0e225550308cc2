"""Steering a job: each verb acts where its table lets it begin, and nowhere else."""

import pytest
from django.db import transaction

from coding.actions import jobs
from coding.actions.errors import Conflict
from coding.actions.transitions import JOB
from coding.models import AuditEvent, ChunkState, Job, JobChunk, JobState
from coding.work import leases
from tests.transitions import begins, names, refused

VERBS = {"launch": jobs.launch, "pause": jobs.pause, "resume": jobs.resume, "cancel": jobs.cancel}


@pytest.fixture
def job(people):
    with transaction.atomic():
        return leases.start("test", people["supervisor"], [(10, "a"), (5, "b")])


def put(job, state):
    Job.objects.filter(pk=job.pk).update(state=state)
    job.refresh_from_db()
    return job


def events_of(job):
    return AuditEvent.objects.filter(subject_type="coding.job", subject_id=str(job.public_id))


def test_every_verb_of_the_table_is_here():
    assert {transition.verb for transition in JOB} == set(VERBS)


@pytest.mark.parametrize(("transition", "state"), begins(JOB), ids=names)
def test_a_verb_leads_where_its_table_says_and_is_noted(people, job, transition, state):
    before = events_of(job).count()
    VERBS[transition.verb](people["supervisor"], put(job, state))
    job.refresh_from_db()
    assert (job.state,) == transition.end
    event = events_of(job).latest("sequence")
    assert event.event == transition.event
    assert (event.before["state"], event.after["state"]) == (state.label, transition.end[0].label)
    assert events_of(job).count() == before + 1


@pytest.mark.parametrize(("transition", "state"), refused(JOB, JobState), ids=names)
def test_elsewhere_it_is_refused_says_where_the_job_stands_and_changes_nothing(
    people, job, transition, state
):
    before = events_of(job).count()
    with pytest.raises(Conflict, match=f"it is {state.label.lower()}"):
        VERBS[transition.verb](people["supervisor"], put(job, state))
    job.refresh_from_db()
    assert job.state == state
    assert events_of(job).count() == before


@pytest.mark.parametrize("verb", ["pause", "cancel"])
def test_what_workers_hold_is_taken_back_from_them(people, job, verb):
    leases.claim()
    assert JobChunk.objects.filter(job=job, state=ChunkState.LEASED).count() == 1
    VERBS[verb](people["supervisor"], job)
    chunks = JobChunk.objects.filter(job=job)
    assert {chunk.state for chunk in chunks} == {ChunkState.PENDING}
    assert {chunk.lease_until for chunk in chunks} == {None}


def test_a_page_that_is_older_than_the_job_s_state_is_told_what_is(people, job):
    seen = Job.objects.get(pk=job.pk)
    jobs.cancel(people["supervisor"], job)
    with pytest.raises(Conflict, match="cancelled"):
        jobs.pause(people["supervisor"], seen)


def test_a_cancelled_job_has_an_end_and_one_that_goes_on_has_none(people, job):
    jobs.cancel(people["supervisor"], job)
    job.refresh_from_db()
    assert job.finished_at is not None
    jobs.resume(people["supervisor"], put(job, JobState.FAILED))
    job.refresh_from_db()
    assert job.finished_at is None


def test_what_failed_is_tried_again_from_the_beginning(people, job):
    JobChunk.objects.filter(job=job).update(state=ChunkState.FAILED, setbacks=5)
    jobs.resume(people["supervisor"], put(job, JobState.FAILED))
    assert set(JobChunk.objects.filter(job=job).values_list("state", "setbacks")) == {
        (ChunkState.PENDING, 0)
    }
