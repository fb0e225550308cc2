"""The sweeper and the hints: work is found whatever becomes of the broker, and a bad sweep is not the last one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from coding.models import Job, JobChunk, JobState
from coding.work import celery, leases, signs


class Counted:
    """A kind of job that counts what it wrote."""

    written = 0

    def compute(self, chunk):
        return chunk.number

    def write(self, chunk, results):
        self.written += 1

    def finish(self, job):
        pass


@pytest.fixture
def counted(monkeypatch):
    handler = Counted()
    monkeypatch.setitem(leases.handlers(), "test", handler)
    return handler


@pytest.fixture
def messages(monkeypatch):
    """What was sent to the broker."""
    sent = []
    monkeypatch.setattr(celery.pump, "apply_async", lambda **options: sent.append(options))
    return sent


@pytest.fixture
def dead_broker(monkeypatch):
    def refuse(**options):
        raise ConnectionError("redis://secret@host refused")

    monkeypatch.setattr(celery.pump, "apply_async", refuse)


def a_job(chunks=2):
    with transaction.atomic():
        return leases.start("test", None, [(1, [])] * chunks)


def test_a_hint_has_no_arguments_and_is_sent_once(messages):
    assert celery.hint() is True
    assert messages == [{"retry": False, "expires": 30}]


def test_a_broker_that_refuses_is_told_by_its_kind_of_error_alone(dead_broker, capsys, caplog):
    assert celery.hint() is False
    logged = capsys.readouterr().out + caplog.text
    assert "ConnectionError" in logged
    assert "secret" not in logged


def test_a_hint_is_sent_when_the_rows_are_there_and_not_before(
    db, messages, counted, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        a_job()
        celery.hint_after_commit()
        assert messages == []
    assert len(messages) == 1


def test_a_change_that_is_rolled_back_sends_no_hint(
    db, messages, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        celery.hint_after_commit()
        transaction.set_rollback(True)
    assert messages == []


def test_a_worker_whose_connection_was_cut_between_two_messages_takes_a_new_one(
    transactional_db, counted
):
    a_job()

    def two_messages():
        leases.claim()
        connection.connection.close()
        celery.drop_old_connections()
        try:
            return leases.pump()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as worker:
        assert worker.submit(two_messages).result() == 1


def test_a_sweep_without_work_sends_nothing_and_does_nothing(db, messages, counted):
    celery.Sweeper().sweep()
    assert messages == []
    assert counted.written == 0


def test_a_sweep_with_work_sends_a_hint_and_leaves_the_work_to_whoever_gets_it(
    db, messages, counted
):
    a_job()
    celery.Sweeper().sweep()
    assert len(messages) == 1
    assert counted.written == 0


def test_after_work_was_taken_its_patience_begins_anew(db, messages, counted):
    sweeper = celery.Sweeper()
    for _ in range(2):
        a_job()
        for _ in range(celery.PATIENCE):
            sweeper.sweep()
        leases.pump()
        sweeper.sweep()
    assert sweeper.fruitless == 0
    assert len(messages) == 2 * celery.PATIENCE


def test_a_sweep_closes_a_job_whose_last_worker_did_not_live_to_do_so(db, messages, counted):
    job = a_job()
    JobChunk.objects.filter(job=job).update(state="done")
    celery.Sweeper().sweep()
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def test_a_worker_that_sweeps_gives_a_sign_of_life(db, messages):
    assert signs.living() == 0
    celery.Sweeper().sweep()
    celery.Sweeper().sweep()
    assert signs.living() == 1


def test_a_sweep_that_fails_is_not_the_last(settings):
    settings.JOB_SWEEP_SECONDS = 0
    swept = []

    class Failing(celery.Sweeper):
        def sweep(self):
            swept.append(len(swept))
            if len(swept) == 3:
                self.stopping.set()
            raise ConnectionError("the database is away")

    sweeper = Failing()
    sweeper.start()
    sweeper.join()
    assert swept == [0, 1, 2]


def test_a_message_that_comes_when_nothing_waits_costs_nothing(db, messages, counted):
    celery.pump()
    assert messages == []
    assert counted.written == 0


def test_a_message_that_comes_twice_does_the_work_once(db, messages, counted):
    a_job(3)
    celery.pump()
    celery.pump()
    assert counted.written == 3
