"""When scheduled work is due, and how a piece of it stands on the page of operation."""

from datetime import UTC, datetime, timedelta

import pytest

from coding.models import ScheduledRun
from coding.work.scheduled import Daily, Every, Scheduled, Standing, _standing

NOW = datetime(2026, 5, 4, 12, 0, 30, 5, tzinfo=UTC)
HALF_PAST_TWO = Daily(2, 30)


@pytest.fixture(autouse=True)
def _clock_of_utc(settings):
    settings.TIME_ZONE = "UTC"


def at(hour, minute=0, day=4):
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "latest"),
    [
        (at(2, 29), at(2, 30, day=3)),
        (at(2, 30), at(2, 30)),
        (at(23, 59), at(2, 30)),
        (NOW, at(2, 30)),
    ],
)
def test_daily_work_was_due_last_at_its_time_today_or_yesterday(now, latest):
    assert HALF_PAST_TWO.latest(now) == latest


def test_it_says_when_it_is_done_in_words():
    assert str(HALF_PAST_TWO) == "every day at 02:30"
    assert str(Daily(14, 5)) == "every day at 14:05"
    assert str(Every(60)) == "every 60 seconds"


# How it stands -------------------------------------------------------------------------------------


def standing(when=HALF_PAST_TWO, **run):
    work = Scheduled("piece", "A piece of work", when, lambda: "")
    row = ScheduledRun(key="piece", **run)
    row.now = NOW
    return _standing(work, row)


def begun(at_time, **more):
    return standing(begun_at=at_time, **more).state


def test_what_nobody_ever_began_is_overdue():
    work = Scheduled("piece", "A piece of work", HALF_PAST_TWO, lambda: "")
    assert (_standing(work, None).state, standing().state) == ("overdue", "overdue")
    assert _standing(work, None).run.key == "piece"


def test_it_runs_until_it_ends_and_then_is_done_or_failed():
    assert begun(at(2, 30)) == "running"
    assert begun(at(2, 30), ended_at=at(2, 31), failed=False) == "done"
    assert begun(at(2, 30), ended_at=at(2, 31), failed=True) == "failed"


def test_one_time_that_was_missed_is_not_overdue_yet_and_the_second_is():
    assert begun(at(2, 30, day=3), ended_at=at(3, day=3)) == "done"
    assert begun(at(2, 29, day=3), ended_at=at(3, day=3)) == "overdue"


def test_work_of_every_minute_is_overdue_after_two():
    every_minute = Every(60)
    ended = {"ended_at": NOW}
    just = standing(every_minute, begun_at=NOW - timedelta(seconds=119), **ended)
    late = standing(every_minute, begun_at=NOW - timedelta(seconds=121), **ended)
    assert (just.state, late.state) == ("done", "overdue")


def test_work_that_is_lost_counts_as_overdue_and_not_as_running():
    assert begun(at(2, 29, day=2)) == "overdue"


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ({}, "Running"),
        ({"ended_at": NOW}, "Done"),
        ({"ended_at": NOW, "failed": True}, "Failed"),
    ],
)
def test_its_state_has_a_word_for_people(run, words):
    own = Standing(None, ScheduledRun(**run), overdue=False)
    assert own.label == words
    assert Standing(None, ScheduledRun(**run), overdue=True).label == "Overdue"
