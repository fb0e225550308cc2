"""Scheduled work: what is due is done once, whoever runs it, and without any broker."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from coding.models import ScheduledRun
from coding.work import scheduled, signs
from coding.work.scheduled import Daily, Every, Scheduled
from tests.races import at_once

DAY = timedelta(days=1)


class Piece:
    """A piece of work that counts how often it is done, and can be made to fail."""

    def __init__(self):
        self.done = 0
        self.fails = False

    def __call__(self):
        if self.fails:
            raise ValueError("CANARY of a patient")
        self.done += 1
        return f"done {self.done} times"


@pytest.fixture
def piece(monkeypatch):
    piece = Piece()
    daily = Scheduled("piece", "A piece of work", Daily(2, 30), piece)
    monkeypatch.setattr(scheduled, "table", lambda: (daily,))
    return piece


def last_run():
    return ScheduledRun.objects.get(key="piece")


def let_pass(time):
    """As if the last run was so long ago."""
    ScheduledRun.objects.filter(begun_at__isnull=False).update(begun_at=F("begun_at") - time)
    ScheduledRun.objects.filter(ended_at__isnull=False).update(ended_at=F("ended_at") - time)


def test_what_was_never_done_is_due_and_its_result_is_kept(db, piece):
    assert scheduled.run_due() == ["piece"]
    run = last_run()
    assert (run.result, run.failed) == ("done 1 times", False)
    assert run.begun_at <= run.ended_at == run.succeeded_at


def test_what_was_done_is_not_due_again_until_its_time_has_come(db, piece):
    scheduled.run_due()
    assert scheduled.run_due() == []
    let_pass(DAY)
    assert scheduled.run_due() == ["piece"]
    assert piece.done == 2


def test_work_that_fails_is_told_by_its_kind_of_error_alone_and_tried_again_soon(db, piece, caplog):
    scheduled.run_due()
    let_pass(DAY)
    piece.fails = True
    scheduled.run_due()
    run = last_run()
    assert (run.result, run.failed) == ("ValueError", True)
    assert run.succeeded_at < run.ended_at
    assert "CANARY" not in caplog.text
    piece.fails = False
    assert scheduled.run_due() == []
    let_pass(scheduled.TRY_AGAIN_AFTER + timedelta(seconds=1))
    scheduled.run_due()
    assert not last_run().failed


def test_work_whose_runner_was_killed_is_left_alone_for_an_hour_and_then_done(db, piece):
    scheduled.run_due()
    let_pass(DAY)
    ScheduledRun.objects.update(begun_at=timezone.now(), ended_at=None)
    assert scheduled.run_due() == []
    let_pass(scheduled.LOST_AFTER + timedelta(minutes=1))
    assert scheduled.run_due() == ["piece"]


def test_two_runners_at_once_do_it_once(transactional_db, piece):
    done = at_once(4, lambda _: scheduled.run_due())
    assert sorted(done) == [[], [], [], ["piece"]]
    assert piece.done == 1


def test_daily_work_keeps_the_clock_of_the_department(settings):
    settings.TIME_ZONE = "America/Chicago"
    timezone.activate(ZoneInfo("America/Chicago"))
    at_seven_utc = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
    latest = Daily(2, 30).latest(at_seven_utc)
    timezone.deactivate()
    assert latest.astimezone(UTC) == datetime(2026, 5, 3, 7, 30, tzinfo=UTC)


def test_work_of_every_minute_is_due_a_minute_after_it_was_begun():
    now = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
    assert now - Every(60).latest(now) == timedelta(minutes=1)


def test_work_that_nobody_did_for_two_of_its_spans_is_overdue(db, piece):
    assert scheduled.standings()[0].overdue
    scheduled.run_due()
    assert not scheduled.standings()[0].overdue
    let_pass(2 * DAY)
    assert scheduled.standings()[0].overdue


def test_the_command_does_what_is_due_and_says_what_it_did(db, piece, capsys):
    call_command("run_due_work")
    assert capsys.readouterr().out == "done: piece\n"
    call_command("run_due_work")
    assert capsys.readouterr().out == "done: nothing was due\n"


def test_workers_that_are_long_gone_are_forgotten(db):
    signs.give()
    assert signs.forget_gone() == 0
    signs.WorkerSign.objects.update(seen_at=timezone.now() - 2 * DAY)
    assert signs.living() == 0
    assert signs.forget_gone() == 1
