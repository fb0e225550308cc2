"""The runs that belong to a version: its dry run before it is submitted, and the run that its publication opens."""

from datetime import date
from types import SimpleNamespace

import pytest

from coding.models import JobState
from reviews.actions import publishing
from reviews.actions.runs import Scope
from reviews.publishing import dry_runs

PERSON = SimpleNamespace(name="Ann Author")
VERSION = SimpleNamespace(effective_from=None)
PAST, FIRST, LAST = date(2026, 3, 1), date(2026, 2, 1), date(2026, 4, 30)


def run(state=None):
    """A run whose job stands so; without one it is still planned."""
    return SimpleNamespace(job=SimpleNamespace(state=state) if state else None)


@pytest.fixture
def runs(monkeypatch):
    """Let these be the runs over all services with the version's content, the newest first."""
    return lambda *rows: monkeypatch.setattr(dry_runs, "runs_of", lambda version: list(rows))


# --- The dry run.


def test_the_newest_run_that_ended_tells_what_the_content_does(runs):
    ended, earlier, going = run(JobState.DONE), run(JobState.DONE), run(JobState.RUNNING)
    runs(going, ended, earlier)
    assert dry_runs.finished_run_of(VERSION) is ended
    runs(going, run())
    assert dry_runs.finished_run_of(VERSION) is None


def test_a_run_is_under_way_if_it_is_newer_than_all_that_ended(runs):
    going, planned, ended = run(JobState.RUNNING), run(), run(JobState.DONE)
    for newest in (going, planned):
        runs(newest, ended)
        assert dry_runs.run_under_way(VERSION) is newest
    runs(ended, going)
    assert dry_runs.run_under_way(VERSION) is None
    runs()
    assert dry_runs.run_under_way(VERSION) is None


def test_whoever_opened_any_run_that_ended_has_seen_what_the_content_does(runs, monkeypatch):
    ended, going = run(JobState.DONE), run(JobState.RUNNING)
    opened = []
    monkeypatch.setattr(dry_runs, "is_seen", lambda person, row: row in opened)
    runs(going, ended)
    assert not dry_runs.was_opened_by(PERSON, VERSION)
    # A page that was opened while it still ran showed nothing.
    opened.append(going)
    assert not dry_runs.was_opened_by(PERSON, VERSION)
    opened.append(ended)
    assert dry_runs.was_opened_by(PERSON, VERSION)


# --- The run that a publication opens.


@pytest.fixture
def scope(monkeypatch):
    """Over which days it is opened: by the day that has passed, and the first day of the defects it mends."""

    def of(*, past=None, first=None):
        monkeypatch.setattr(publishing, "_past_day", lambda version: past)
        monkeypatch.setattr(publishing.touched, "last_day", lambda version, day: LAST)
        monkeypatch.setattr(publishing.curing, "first_day_of", lambda cured: first)
        return publishing._scope_of_run(VERSION, ["a defect"] if first else [])

    return of


def test_a_publication_that_calls_nothing_in_question_opens_no_run(scope):
    assert scope() is None


def test_a_day_that_has_passed_is_looked_at_as_far_as_the_version_decides(scope):
    assert scope(past=PAST) == Scope(served_from=PAST, served_until=LAST)


def test_mended_rules_are_looked_at_from_their_first_case_on_without_an_end(scope):
    assert scope(first=FIRST) == Scope(served_from=FIRST)


@pytest.mark.parametrize(("first", "begins"), [(FIRST, FIRST), (LAST, PAST)])
def test_of_both_the_earlier_day_begins_it(scope, first, begins):
    assert scope(past=PAST, first=first) == Scope(served_from=begins)
