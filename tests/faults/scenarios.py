"""The fault scenarios, each a generator of the table's rows."""

import os
import random
import signal
import time
import uuid

import redis as redis_client
from django.test import Client
from django.urls import reverse

from coding.models import ChunkState
from coding.work.celery import hint
from reviews.models import ReevaluationRun
from tests import factories
from tests.faults import steering, tally
from tests.faults.stage import LEASE, SWEEP, Row, timed
from tests.faults.watched import Watched
from tests.faults.workers import wait_until

CHUNK_SECONDS = 0.5
RECOVERY = LEASE + 2 * SWEEP + CHUNK_SECONDS
MIDDLE = 12


def killed_child(stage):
    """A process of the pool, killed mid-chunk; then all of them when nothing but their chunks is left."""
    worker = stage.worker()
    run = stage.launch()
    run.reach(MIDDLE)
    os.kill(worker.children()[0], signal.SIGKILL)
    wait_until(lambda: not run.chunks(ChunkState.PENDING) and run.chunks(ChunkState.LEASED) > 1)
    for child in worker.children():
        os.kill(child, signal.SIGKILL)
    seconds = run.end()
    test = "pool process killed mid-chunk; all of them at the last chunks"
    yield stage.integrity("G1", test, run)
    yield timed("G1", "from the last kill to the end of the run", seconds, RECOVERY)


def killed_workers(stage):
    """The whole worker, killed at ten random points."""
    run, recoveries = _killed(stage, 10, lambda: None)
    seconds = run.end()
    yield stage.integrity("G2", f"whole worker killed {len(recoveries)} times", run)
    yield _slowest("G2", recoveries)
    yield timed("G2", "from the last kill to the end of the run", seconds, 120, "end")


def killed_with_redis(stage):
    """The worker and Redis, killed together eight times."""

    def also_redis():
        stage.redis.kill()
        stage.redis.start()

    run, recoveries = _killed(stage, 8, also_redis)
    seconds = run.end()
    yield stage.integrity("G2", f"worker and Redis killed together {len(recoveries)} times", run)
    yield _slowest("G2", recoveries)
    yield timed("G2", "from the last kill to the end of the run", seconds, 120, "end")


def _killed(stage, times, also):
    chance = random.Random(times)
    worker = stage.worker()
    run = stage.launch()
    recoveries = []
    while len(recoveries) < times and not run.has_ended():
        time.sleep(chance.uniform(0.2, 1.6))
        worker.kill()
        also()
        begun = time.monotonic()
        worker = stage.worker()
        run.next_part()
        recoveries.append(time.monotonic() - begun)
    return run, recoveries


def _slowest(goal, recoveries):
    # A new worker needs some three seconds until it is ready.
    return timed(
        goal, "slowest of them until the next chunk was written", max(recoveries), RECOVERY + 3
    )


def redis_lost(stage):
    """Redis killed without persistence, and back after five seconds."""
    stage.worker()
    run = stage.launch()
    run.reach(MIDDLE)
    stage.redis.kill()
    fault, before = time.time(), run.parts()
    browser = _browser(stage)
    slowest, other = _start(browser, stage)
    time.sleep(max(0, fault + 5 - time.time()))
    meanwhile = run.parts() - before
    stage.redis.start()
    seconds = run.ended_after(fault)
    yield stage.integrity(
        "G3", f"Redis killed, back after 5 s ({meanwhile} chunks written meanwhile)", run
    )
    yield timed("G3", "from the kill to the end of the run", seconds, 60, "end")
    yield timed("G3", "web request that starts a run, Redis missing", slowest, 2, "slowest")
    _launch(browser, other)
    other = Watched(other)
    other.end()
    yield stage.integrity("G3", "the run started while Redis was missing", other)


def redis_emptied(stage):
    """FLUSHALL, again and again."""
    stage.worker()
    run = stage.launch()
    with redis_client.Redis.from_url(stage.redis.url) as client:
        for parts in range(5, 50, 5):
            run.reach(parts)
            client.flushall()
    seconds = run.next_part()
    run.end()
    yield stage.integrity("G3", "FLUSHALL nine times", run)
    yield timed("G3", "from the last one to the next chunk", seconds, RECOVERY)


def redis_frozen(stage):
    """Redis stopped for a minute: it takes connections and says nothing."""
    stage.worker()
    run = stage.launch()
    run.reach(MIDDLE)
    stage.redis.send(signal.SIGSTOP)
    fault = time.time()
    browser, slowest, others = _browser(stage), 0, []
    try:
        for _ in range(3):
            started, other = _start(browser, stage)
            slowest = max(slowest, started, _launch(browser, other))
            others.append(Watched(other))
        seconds = run.ended_after(fault)
        time.sleep(max(0, fault + 60 - time.time()))
    finally:
        stage.redis.send(signal.SIGCONT)
    yield stage.integrity("G3", "Redis frozen for 60 s", run)
    yield timed(
        "G3", "from the freeze to the end of the run, Redis still frozen", seconds, 60, "end"
    )
    yield timed(
        "G3", "web request that starts or launches a run, Redis frozen", slowest, 2, "slowest"
    )
    for other in others:
        other.end()
        yield stage.integrity("G3", "a run launched while Redis was frozen", other)


def _browser(stage):
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(stage.supervisor)
    return browser


def _start(browser, stage):
    """How long the page took that starts a run, and the run."""
    fields = {"idempotency_key": uuid.uuid4(), "version": stage.version.pk, "mode": "dry_run"}
    begun = time.monotonic()
    response = browser.post(reverse("new-run"), fields)
    return time.monotonic() - begun, ReevaluationRun.objects.get(
        public_id=response.url.strip("/").split("/")[-1]
    )


def _launch(browser, run):
    """How long the page took that launches a run, once it is planned."""
    wait_until(lambda: factories.fresh(run).job is not None)
    begun = time.monotonic()
    response = browser.post(reverse("launch-run", args=[run.public_id]))
    assert response.status_code == 302, response.status_code
    return time.monotonic() - begun


def crashed_database(stage):
    """PostgreSQL stopped at once, and back after six seconds."""
    stage.worker()
    run = stage.launch()
    run.reach(MIDDLE)
    stage.postgres.crash()
    time.sleep(6)
    stage.postgres.start()
    seconds = run.next_part()
    end = seconds + run.end()
    yield stage.integrity("G4", "PostgreSQL stopped with -m immediate, back after 6 s", run)
    yield timed("G4", "from its return to the next chunk", seconds, 30)
    yield timed("G4", "from its return to the end of the run", end, 60, "end")


def doubled_hints(stage):
    """Two hundred hints for the same work, and two sweepers."""
    stage.worker(processes=1)
    stage.worker(processes=1)
    run = stage.launch()
    sent = sum(hint() for _ in range(200))
    run.end()
    wasted = tally.wasted(run.run)
    yield stage.integrity("G5", f"{sent} duplicate hints, two sweepers", run)
    yield Row("G5", "chunks computed more than once", str(wasted), "0", wasted == 0)


def clocks_apart(stage):
    """Two workers whose clocks are an hour fast and an hour slow."""
    library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
    test = "workers whose clocks are an hour fast and an hour slow"
    if not os.path.exists(library):
        yield Row("G6", test, "not run: libfaketime is not installed", "0, 0, same", None)
        return
    clock = {"LD_PRELOAD": library, "DONT_FAKE_MONOTONIC": "1"}
    stage.worker(processes=1, FAKETIME="+1h", **clock)
    slow = stage.worker(processes=1, FAKETIME="-1h", **clock)
    run = stage.launch()
    run.reach(MIDDLE)
    slow.kill()
    stage.worker(processes=1, FAKETIME="-1h", **clock)
    run.end()
    yield stage.integrity("G6", f"{test}, one killed in between", run)


def thawed_worker(stage):
    """A worker frozen past its lease and thawed while another one goes on."""
    frozen = stage.worker()
    run = stage.launch()
    run.reach(MIDDLE)
    frozen.send(signal.SIGSTOP)
    held = run.chunks(ChunkState.LEASED)
    stage.worker()
    seconds = run.next_part()
    wait_until(
        lambda: (
            run.run.job.chunks.filter(state=ChunkState.LEASED, attempt__gt=1).exists()
            or run.has_ended()
        )
    )
    frozen.send(signal.SIGCONT)
    run.end()
    time.sleep(2)
    yield stage.integrity(
        "G7", f"worker frozen with {held} chunks, thawed when another one had them", run
    )
    yield timed("G7", "from the freeze to the next chunk, by another worker", seconds, RECOVERY + 3)


ALL = (
    killed_child,
    killed_workers,
    killed_with_redis,
    redis_lost,
    redis_emptied,
    redis_frozen,
    crashed_database,
    steering.full_disk,
    doubled_hints,
    clocks_apart,
    thawed_worker,
    steering.poison,
    steering.paused_and_cancelled,
    steering.deployed,
    steering.changed_rules,
)
