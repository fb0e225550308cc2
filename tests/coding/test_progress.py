"""How far a job has come: counted from its chunks, whatever happened to them, by the database's clock."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import DateTimeField, Value

from coding.models import ChunkState, Job, JobChunk, JobState
from coding.work import leases
from coding.work.progress import progress

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    """The database's clock stands at noon."""
    monkeypatch.setattr(
        "coding.work.progress.ClockTime", lambda: Value(NOW, output_field=DateTimeField())
    )


def a_job(*sizes, state=JobState.RUNNING, since=NOW - timedelta(seconds=100)):
    with transaction.atomic():
        job = leases.start("test", None, [(size, []) for size in sizes], state)
    Job.objects.filter(pk=job.pk).update(running_since=since)
    return job


def put(job, number, state, **values):
    JobChunk.objects.filter(job=job, number=number).update(state=state, attempt=1, **values)


def done(job, number, seconds_ago=10):
    put(job, number, ChunkState.DONE, done_at=NOW - timedelta(seconds=seconds_ago))


def test_items_are_counted_not_chunks(db):
    job = a_job(90, 10)
    done(job, 2)
    now = progress(job)
    assert (now.done, now.total, now.failed, now.percent) == (10, 100, 0, 10)


def test_a_job_without_items_is_all_done(db):
    assert progress(a_job()).percent == 100
    assert progress(a_job(0)).percent == 100


@pytest.mark.parametrize(
    ("sizes", "percent"), [((999, 1), 99), ((4, 2), 66), ((1, 999), 0), ((5, 0), 100)]
)
def test_a_hundred_percent_is_told_only_when_everything_is_done(db, sizes, percent):
    job = a_job(*sizes)
    done(job, 1)
    assert progress(job).percent == percent


def test_what_failed_is_counted_apart_and_waited_for_no_longer(db):
    job = a_job(50, 30, 20)
    done(job, 1)
    put(job, 2, ChunkState.FAILED)
    now = progress(job)
    assert (now.done, now.failed) == (50, 30)
    assert now.seconds_left == 40


def test_the_rate_is_that_since_the_job_was_last_started(db):
    job = a_job(500, 100, 400)
    done(job, 1, seconds_ago=3_600)
    done(job, 2)
    now = progress(job)
    assert (now.done, now.rate, now.seconds_left) == (600, 1, 400)


def test_what_is_not_started_has_no_rate(db):
    now = progress(a_job(10, state=JobState.PLANNED, since=None))
    assert (now.rate, now.seconds_left, now.state) == (0, None, "Planned")


def test_a_job_that_was_started_at_this_instant_has_no_rate_yet(db):
    job = a_job(10, since=NOW)
    done(job, 1, seconds_ago=0)
    assert (progress(job).rate, progress(job).seconds_left) == (0, None)


@pytest.mark.parametrize(
    "state", [JobState.PAUSED, JobState.CANCELLED, JobState.DONE, JobState.FAILED]
)
def test_a_job_that_does_not_run_has_no_time_left_to_tell(db, state):
    job = a_job(10, 10)
    done(job, 1)
    Job.objects.filter(pk=job.pk).update(state=state)
    now = progress(job)
    assert (now.seconds_left, now.state) == (None, state.label)


def test_a_running_job_is_queued_until_a_worker_has_taken_something(db):
    job = a_job(10, 10)
    assert progress(job).state == "Queued"
    put(job, 1, ChunkState.PENDING)
    assert progress(job).state == "Running"


def test_it_is_told_of_the_job_as_it_is_now(db):
    job = a_job(10)
    Job.objects.filter(pk=job.pk).update(state=JobState.PAUSED)
    assert job.state == JobState.RUNNING
    assert progress(job).job.state == JobState.PAUSED


def test_another_job_s_chunks_do_not_count(db):
    job, other = a_job(10), a_job(90)
    done(other, 1)
    assert (progress(job).total, progress(job).done) == (10, 0)
