"""Claiming work: which chunk is next, what a claim writes down, and what is done with one that did not end well."""

import pytest
from django.db import transaction
from django.utils import timezone

from coding.models import AuditEvent, ChunkState, Job, JobChunk, JobState, RuleSet
from coding.work import leases
from coding.work.payloads import Range

LONG_AGO = "2026-01-01T00:00:00Z"


class Kind:
    """A kind of job that writes a rule set for each chunk; ``refuses`` names the step that raises."""

    refuses = ""

    def step(self, name):
        if self.refuses == name:
            raise ValueError("CANARY-7719")

    def compute(self, chunk):
        self.step("compute")
        return list(leases.portions(chunk, chunk.payload, int))

    def write(self, chunk, results):
        RuleSet.objects.create(key=f"k{chunk.number}", name=str(results))
        self.step("write")

    def finish(self, job):
        RuleSet.objects.create(key=f"finished-{job.pk}", name="finished")


@pytest.fixture
def kind(monkeypatch):
    handler = Kind()
    monkeypatch.setitem(leases.handlers(), "test", handler)
    return handler


def a_job(*payloads, state=JobState.RUNNING):
    with transaction.atomic():
        return leases.start("test", None, [(len(payload), payload) for payload in payloads], state)


def chunk_of(job, number=1):
    return JobChunk.objects.select_related("job").get(job=job, number=number)


def lose(chunk):
    JobChunk.objects.filter(pk=chunk.pk).update(lease_until=LONG_AGO)


def written():
    return dict(RuleSet.objects.filter(key__startswith="k").values_list("key", "name"))


def test_a_job_has_its_chunks_numbered_from_one_with_what_each_is_told(db):
    job = a_job([1, 2], Range(3, 9))
    chunks = list(job.chunks.order_by("number").values_list("number", "size", "payload", "state"))
    assert chunks == [(1, 2, [1, 2], "pending"), (2, 2, [3, 9], "pending")]
    assert Range(*chunk_of(job, 2).payload) == Range(first=3, last=9)


def test_a_job_that_runs_knows_since_when_and_a_planned_one_does_not(db):
    running, planned = a_job([1]), a_job([1], state=JobState.PLANNED)
    running.refresh_from_db()
    assert running.running_since is not None
    assert planned.running_since is None


@pytest.mark.parametrize("state", [state for state in JobState if state != JobState.RUNNING])
def test_only_a_running_job_has_work(db, state):
    a_job([1], state=state)
    assert not leases.has_work()
    assert leases.claim() is None


def test_a_claim_is_written_down_with_its_attempt_and_its_end(db):
    job = a_job([1])
    leases.claim()
    chunk = chunk_of(job)
    assert (chunk.state, chunk.attempt, chunk.setbacks, chunk.careful) == (
        ChunkState.LEASED,
        1,
        0,
        False,
    )
    assert chunk.lease_until > timezone.now() + leases.LEASE / 2
    assert chunk.job.served_at is not None
    assert not leases.has_work()


def test_what_was_tried_least_comes_first(db):
    job = a_job([1], [2], [3])
    first = leases.claim()
    leases.give_back(first, ValueError("x"))
    assert [leases.claim().number for _ in range(3)] == [2, 3, 1]
    assert chunk_of(job).attempt == 2


def test_a_lease_that_still_runs_is_no_work_and_one_that_ran_out_is(db):
    a_job([1])
    held = leases.claim()
    assert not leases.has_work()
    lose(held)
    assert leases.has_work()
    again = leases.claim()
    assert (again.pk, again.attempt, again.setbacks, again.careful) == (held.pk, 2, 1, True)


def test_a_chunk_that_is_done_says_when_and_no_longer_what_went_wrong_before(db, kind):
    job = a_job([1])
    lose(leases.claim())
    assert leases.work_on(leases.claim()) is True
    chunk = chunk_of(job)
    assert (chunk.state, chunk.error, chunk.lease_until) == (ChunkState.DONE, "", None)
    assert chunk.done_at is not None


@pytest.mark.parametrize("step", ["compute", "write"])
def test_what_raises_is_given_back_and_nothing_of_it_is_written(db, kind, step):
    kind.refuses = step
    job = a_job([1])
    assert leases.work_on(leases.claim()) is False
    chunk = chunk_of(job)
    assert (chunk.state, chunk.setbacks, chunk.error, chunk.lease_until) == (
        ChunkState.PENDING,
        1,
        "ValueError",
        None,
    )
    assert written() == {}


def test_an_attempt_that_lost_its_lease_gives_nothing_back(db):
    job = a_job([1])
    zombie = leases.claim()
    lose(zombie)
    holder = leases.claim()
    leases.give_back(zombie, ValueError("x"))
    assert chunk_of(job).state == ChunkState.LEASED
    assert chunk_of(job).attempt == holder.attempt


def test_a_chunk_that_failed_keeps_the_others_from_nothing(db, kind):
    job = a_job([1], [2])
    JobChunk.objects.filter(job=job, number=1).update(setbacks=leases.MOST_SETBACKS)
    assert leases.pump() == 1
    job.refresh_from_db()
    assert (job.state, chunk_of(job).state, chunk_of(job, 2).state) == ("failed", "failed", "done")
    assert written() == {"k2": "[[2]]"}
    assert not RuleSet.objects.filter(key=f"finished-{job.pk}").exists()
    event = AuditEvent.objects.get(event="job.failed")
    assert (event.subject_id, event.actor_name) == (str(job.public_id), "Concord")


def test_a_job_without_chunks_is_finished_at_once(db, kind):
    job = a_job()
    leases.close_finished()
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert job.finished_at is not None
    assert RuleSet.objects.filter(key=f"finished-{job.pk}").exists()


def test_what_does_not_run_is_not_closed_though_all_is_done(db, kind):
    job = a_job([1])
    JobChunk.objects.filter(job=job).update(state=ChunkState.DONE)
    Job.objects.filter(pk=job.pk).update(state=JobState.PAUSED)
    leases.close_finished()
    job.refresh_from_db()
    assert job.state == JobState.PAUSED


def test_the_items_of_a_chunk_are_worked_on_all_at_once(db, kind):
    a_job([7, 8, 9])
    leases.work_on(leases.claim())
    assert written() == {"k1": "[[7, 8, 9]]"}


def test_they_are_worked_on_one_by_one_once_a_worker_was_lost(db, kind):
    a_job([7, 8, 9])
    lose(leases.claim())
    leases.work_on(leases.claim())
    assert written() == {"k1": "[[7], [8], [9]]"}


def test_an_item_is_noted_before_it_is_worked_on_and_none_when_all_are_done(db):
    job = a_job([7, 8])
    lose(leases.claim())
    noted = [
        (item, chunk_of(job).trying) for [item] in leases.portions(leases.claim(), [7, 8], int)
    ]
    assert noted == [(7, 7), (8, 8)]
    assert chunk_of(job).trying is None


def test_an_item_in_quarantine_is_passed_over(db):
    job = a_job([7, 8, 9])
    JobChunk.objects.filter(job=job).update(careful=True, quarantined=[8])
    assert list(leases.portions(leases.claim(), [7, 8, 9], int)) == [[7], [9]]


def test_whoever_lost_the_lease_is_told_so_before_the_next_item(db):
    a_job([7, 8])
    lose(leases.claim())
    zombie = leases.claim()
    items = leases.portions(zombie, [7, 8], int)
    assert next(items) == [7]
    lose(zombie)
    leases.claim()
    with pytest.raises(leases.LeaseLost):
        next(items)
