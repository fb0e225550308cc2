"""Jobs: a chunk is done once whatever happens to its worker, and the database's rows tell the truth."""

import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from coding.actions import jobs as steer
from coding.actions.errors import Conflict
from coding.models import AuditEvent, ChunkState, Job, JobChunk, JobState
from coding.work import celery, leases
from coding.work.progress import progress
from tests.races import at_once

LONG_AGO = "2026-01-01T00:00:00Z"


class Recorder:
    """A kind of job that notes what it was asked to do; ``fails`` makes it raise."""

    def __init__(self):
        self.computed, self.written, self.finished, self.fails = [], [], [], False

    def compute(self, chunk):
        self.computed.append(chunk.number)
        if self.fails:
            raise ValueError("CANARY-7719 is not a number")
        return chunk.number

    def write(self, chunk, results):
        self.written.append(results)

    def finish(self, job):
        self.finished.append(job.pk)


@pytest.fixture
def recorder(monkeypatch):
    handler = Recorder()
    monkeypatch.setitem(leases.handlers(), "test", handler)
    return handler


@pytest.fixture
def job(people, recorder):
    with transaction.atomic():
        return leases.start("test", people["supervisor"], [(10, "a"), (10, "b"), (5, "c")])


def lose(chunk):
    """The worker that holds a chunk is gone for longer than its lease."""
    JobChunk.objects.filter(pk=chunk.pk).update(lease_until=LONG_AGO)


def test_a_pump_does_every_chunk_and_closes_the_job(job, recorder):
    assert leases.pump() == 3
    assert recorder.written == [1, 2, 3]
    assert recorder.finished == [job.pk]
    assert progress(job).percent == 100


def test_progress_is_counted_from_the_rows(job):
    leases.work_on(leases.claim())
    now = progress(job)
    assert (now.done, now.total, now.percent, now.state) == (10, 25, 40, "Running")
    assert now.rate > 0
    assert now.seconds_left is not None


def test_a_job_that_no_worker_has_looked_at_is_queued(job):
    now = progress(job)
    assert (now.state, now.rate, now.seconds_left) == ("Queued", 0, None)


def test_a_held_chunk_is_not_claimed_by_another(job):
    assert [leases.claim().number for _ in range(3)] == [1, 2, 3]
    assert leases.claim() is None


def test_a_lost_chunk_is_claimed_again_and_its_first_holder_writes_nothing(job, recorder):
    zombie = leases.claim()
    lose(zombie)
    leases.work_on(leases.claim())
    leases.work_on(leases.claim())
    leases.work_on(leases.claim())
    assert leases.work_on(zombie) is False
    assert sorted(recorder.written) == [1, 2, 3]


def test_a_chunk_that_is_lost_again_and_again_waits_for_a_person(job, recorder):
    for _ in range(leases.MOST_SETBACKS):
        JobChunk.objects.exclude(number=1).update(state=ChunkState.DONE)
        lose(leases.claim())
    leases.pump()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert JobChunk.objects.get(number=1).error == "lost its worker too often"
    assert not recorder.finished
    assert AuditEvent.objects.filter(event="job.failed").count() == 1


def test_an_error_is_kept_as_its_kind_and_never_as_its_text(job, recorder, caplog):
    recorder.fails = True
    leases.pump()
    assert set(JobChunk.objects.values_list("error", flat=True)) == {"ValueError"}
    assert "CANARY" not in caplog.text
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_nothing_is_written_after_a_cancel(people, job, recorder):
    held = leases.claim()
    steer.cancel(people["supervisor"], job)
    assert leases.work_on(held) is False
    assert leases.pump() == 0
    assert recorder.written == []
    with pytest.raises(Conflict, match="it is cancelled"):
        steer.cancel(people["supervisor"], job)


def test_a_paused_job_writes_nothing_until_it_is_resumed(people, job, recorder):
    held = leases.claim()
    steer.pause(people["supervisor"], job)
    assert leases.work_on(held) is False
    assert leases.pump() == 0
    steer.resume(people["supervisor"], job)
    assert leases.pump() == 3
    assert recorder.written == [2, 3, 1]
    assert AuditEvent.objects.filter(event__in=["job.paused", "job.resumed"]).count() == 2


def test_a_planned_job_waits_until_it_is_launched(people, recorder):
    with transaction.atomic():
        job = leases.start("test", people["supervisor"], [(1, "a")], JobState.PLANNED)
    assert leases.pump() == 0
    steer.launch(people["supervisor"], job)
    assert leases.pump() == 1
    with pytest.raises(Conflict, match="it is done"):
        steer.launch(people["supervisor"], job)


def test_what_failed_can_be_tried_again(people, job, recorder):
    recorder.fails = True
    leases.pump()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    recorder.fails = False
    steer.resume(people["supervisor"], job)
    assert leases.pump() == 3
    assert recorder.finished == [job.pk]


def test_jobs_share_the_workers_whenever_they_were_started(people, recorder):
    with transaction.atomic():
        first = leases.start("test", people["supervisor"], [(1, "a")] * 4)
    begun = [leases.claim().job_id, leases.claim().job_id]
    with transaction.atomic():
        second = leases.start("test", people["supervisor"], [(1, "a")] * 4)
    begun += [leases.claim().job_id for _ in range(4)]
    assert begun == [first.pk, first.pk, second.pk, first.pk, second.pk, first.pk]


class Careful(Recorder):
    """Works on the numbers of its chunk; ``deadly`` ones end the process."""

    deadly = frozenset()

    def compute(self, chunk):
        done = []
        for portion in leases.portions(chunk, chunk.payload, int):
            if self.deadly.intersection(portion):
                raise KeyboardInterrupt
            done += portion
        return done


@pytest.fixture
def careful(people, monkeypatch):
    handler = Careful()
    monkeypatch.setitem(leases.handlers(), "test", handler)
    with transaction.atomic():
        leases.start("test", people["supervisor"], [(5, [1, 2, 3, 4, 5])])
    return handler


def work_until_killed():
    """One attempt at the chunk, whose worker may die of it."""
    chunk = leases.claim()
    try:
        return leases.work_on(chunk)
    except KeyboardInterrupt:
        lose(chunk)
        return None


def test_an_item_that_kills_its_worker_twice_is_left_out_and_the_others_are_done(careful):
    careful.deadly = {3, 5}
    while not work_until_killed():
        pass
    chunk = JobChunk.objects.get()
    assert careful.written == [[1, 2, 4]]
    assert (chunk.state, chunk.quarantined) == (ChunkState.DONE, [3, 5])


def test_a_worker_that_was_killed_from_outside_puts_no_item_into_quarantine(careful):
    for innocent in (2, 4, 1):
        careful.deadly = {innocent}
        assert work_until_killed() is None
    careful.deadly = frozenset()
    assert work_until_killed() is True
    assert careful.written == [[1, 2, 3, 4, 5]]
    assert JobChunk.objects.get().quarantined == []


def test_an_attempt_that_lost_its_lease_notes_no_more_items(careful):
    careful.deadly = {1}
    work_until_killed()
    zombie = leases.claim()
    lose(zombie)
    leases.claim()
    assert leases.work_on(zombie) is False
    assert JobChunk.objects.get().trying is None


def test_the_database_refuses_a_lease_without_an_end(job):
    with pytest.raises(IntegrityError), transaction.atomic():
        JobChunk.objects.update(state=ChunkState.LEASED, lease_until=None)


def test_a_job_that_was_not_all_written_is_not_called_done(job, recorder):
    def refuse(job):
        raise RuntimeError("the sum is wrong")

    recorder.finish = refuse
    leases.pump()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


@pytest.mark.django_db(transaction=True)
def test_eight_claims_at_once_get_eight_different_chunks(people, recorder):
    with transaction.atomic():
        leases.start("test", people["supervisor"], [(1, "x")] * 8)
    claimed = at_once(8, lambda _: leases.claim())
    assert sorted(chunk.number for chunk in claimed) == list(range(1, 9))


@pytest.mark.django_db(transaction=True)
def test_a_chunk_that_takes_longer_than_its_lease_is_kept_by_the_heartbeat(
    monkeypatch, people, recorder
):
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=0.9))
    with transaction.atomic():
        leases.start("test", people["supervisor"], [(1, "x")])
    seen = []

    def slowly(chunk):
        time.sleep(2)
        seen.append(leases.claim())

    monkeypatch.setattr(recorder, "compute", slowly)
    assert leases.pump() == 1
    assert seen == [None]


@pytest.mark.django_db(transaction=True)
def test_a_process_tries_one_chunk_that_lost_its_worker_at_a_time(monkeypatch, people, recorder):
    with transaction.atomic():
        leases.start("test", people["supervisor"], [(1, "x")] * 4)
    JobChunk.objects.update(careful=True)
    under_way, together = [], []

    def try_its_items(chunk):
        under_way.append(chunk.number)
        time.sleep(0.05)
        together.append(len(under_way))
        under_way.remove(chunk.number)

    monkeypatch.setattr(recorder, "compute", try_its_items)
    chunks = [leases.claim() for _ in range(4)]
    at_once(4, lambda number: leases.work_on(chunks[number]))

    assert together == [1, 1, 1, 1]


def test_a_worker_that_finds_work_asks_the_next_one_to_join_in(job, recorder, monkeypatch):
    sent = []
    monkeypatch.setattr(celery, "hint", lambda: sent.append(len(recorder.written)) or True)
    celery.pump()
    assert sent == [0]
    celery.pump()
    assert sent == [0]


def test_a_worker_that_cannot_ask_the_next_one_goes_on_itself(job, recorder, monkeypatch):
    def one_chunk():
        leases.work_on(leases.claim())

    monkeypatch.setattr(celery, "hint", lambda: False)
    monkeypatch.setattr(leases, "pump", one_chunk)
    celery.pump()
    assert recorder.written == [1, 2, 3]


def test_a_lost_hint_is_sent_again_and_a_dead_broker_is_no_excuse(job, recorder, monkeypatch):
    monkeypatch.setattr(celery, "hint", lambda: False)
    celery.Sweeper().sweep()
    assert recorder.written == [1, 2, 3]


def test_hints_that_bring_nothing_make_the_sweeper_do_the_work(job, recorder, monkeypatch):
    monkeypatch.setattr(celery, "hint", lambda: True)
    sweeper = celery.Sweeper()
    for _ in range(celery.PATIENCE):
        sweeper.sweep()
    assert recorder.written == []
    sweeper.sweep()
    assert recorder.written == [1, 2, 3]
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
