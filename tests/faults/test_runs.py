"""Runs whose workers are killed, frozen, poisoned and misled: they find what an undisturbed run finds, once."""

import os
import random
import signal
import time

import pytest
import redis
from django.conf import settings

from coding.models import ChunkState, JobState, Suggestion
from coding.work.celery import hint
from reviews.actions import runs
from tests import factories
from tests.faults import tally
from tests.faults.stored import BAD, POISON
from tests.faults.workers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def ends_as_undisturbed(watched, undisturbed):
    watched.end()
    run = watched.run
    assert run.job.state == JobState.DONE
    assert tally.ended(run) == undisturbed
    assert (tally.lost(run), tally.doubled(run), tally.unfinished(run)) == (0, 0, 0)


def test_workers_killed_at_random_points_change_nothing(launched, slow_worker):
    watched, undisturbed = launched
    chance = random.Random(1)
    for _ in range(2):
        worker = slow_worker()
        watched.next_part()
        time.sleep(chance.uniform(0, 1))
        worker.kill()
    slow_worker()
    ends_as_undisturbed(watched, undisturbed)


@pytest.mark.servers
def test_a_killed_process_of_the_pool_changes_nothing(launched, slow_worker):
    watched, undisturbed = launched
    worker = slow_worker()
    watched.next_part()
    for child in worker.children():
        os.kill(child, signal.SIGKILL)
    ends_as_undisturbed(watched, undisturbed)
    assert tally.wasted(watched.run) > 0


@pytest.mark.servers
def test_an_emptied_redis_changes_nothing(launched, slow_worker):
    watched, undisturbed = launched
    slow_worker()
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for parts in (0, 2, 4):
            watched.reach(parts)
            client.flushall()
    ends_as_undisturbed(watched, undisturbed)


@pytest.mark.servers
def test_a_worker_thawed_when_another_has_its_chunks_writes_none_of_them(launched, slow_worker):
    watched, undisturbed = launched
    frozen = slow_worker()
    watched.next_part()
    frozen.send(signal.SIGSTOP)
    slow_worker()
    chunks = watched.run.job.chunks
    wait_until(lambda: chunks.filter(state=ChunkState.LEASED, attempt__gt=1).exists())
    frozen.send(signal.SIGCONT)
    ends_as_undisturbed(watched, undisturbed)


def test_a_profile_that_kills_its_worker_is_given_up_alone(launched, slow_worker):
    watched, undisturbed = launched
    for _ in range(10):
        worker = slow_worker("tests.faults.poisoned")
        wait_until(lambda worker=worker: watched.has_ended() or not worker.is_alive)
        if watched.has_ended():
            break
    ends_as_undisturbed(watched, undisturbed)
    [killer] = Suggestion.objects.filter(profile__facts__treatment=POISON).values_list(
        "pk", flat=True
    )
    bad = Suggestion.objects.filter(profile__facts__treatment=BAD).values_list("pk", flat=True)
    assert tally.quarantined(watched.run) == [killer]
    problems = dict(tally.problems(watched.run))
    assert problems.keys() == {killer, *bad}
    assert "process" in problems[killer]


def test_nothing_is_written_while_a_run_is_paused(people, launched, slow_worker):
    watched, undisturbed = launched
    slow_worker()
    watched.next_part()
    runs.pause(people["supervisor"], watched.run)
    stays_as_it_is(watched)
    runs.resume(people["supervisor"], watched.run)
    ends_as_undisturbed(watched, undisturbed)


def test_nothing_is_written_after_a_run_was_cancelled(people, launched, slow_worker):
    watched, _ = launched
    slow_worker()
    watched.next_part()
    runs.cancel(people["supervisor"], watched.run)
    stays_as_it_is(watched)
    assert factories.fresh(watched.run).job.state == JobState.CANCELLED


def stays_as_it_is(watched):
    parts = watched.parts()
    time.sleep(1.5)
    assert watched.parts() == parts


def test_two_sweepers_and_a_shower_of_hints_compute_nothing_twice(launched, slow_worker):
    watched, undisturbed = launched
    for _ in range(2):
        slow_worker(processes=1)
    assert all(hint() for _ in range(200))
    ends_as_undisturbed(watched, undisturbed)
    assert tally.wasted(watched.run) == 0
