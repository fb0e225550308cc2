"""More scenarios: poison, people who steer, deployments, a full disk, and rules that change meanwhile."""

import signal
import time
from contextlib import contextmanager
from datetime import date

from django.db import connection

from coding.actions import rule_sets
from coding.models import Suggestion
from reviews.actions import runs
from tests import factories
from tests.faults import tally
from tests.faults.stage import POISONED, Row, timed
from tests.faults.stored import BAD, POISON
from tests.faults.workers import wait_until

CHUNK_SECONDS = 0.5
RESULTS = ("reviews_runpart", "reviews_runchange")
MIDDLE = 12


def poison(stage):
    """A profile that kills the process that decides it, among one in a hundred that are bad."""
    worker, starts = stage.worker(POISONED), 1
    run = stage.launch()
    begun = time.monotonic()
    while not run.has_ended() and time.monotonic() - begun < 200:
        if not worker.is_alive:
            worker.kill()
            worker, starts = stage.worker(POISONED), starts + 1
        time.sleep(0.2)
    run.end()
    seconds = time.monotonic() - begun
    bad = Suggestion.objects.filter(profile__facts__treatment=BAD).count()
    [killer] = Suggestion.objects.filter(profile__facts__treatment=POISON).values_list(
        "pk", flat=True
    )
    errors, given_up = len(tally.problems(run.run)), tally.quarantined(run.run)
    yield stage.integrity("G8", f"a poisonous profile and {bad} bad ones", run)
    innocent = len(set(given_up) - {killer})
    figure = f"{errors} errors of {bad + 1}; {innocent} innocent of {len(given_up)} given up"
    met = errors == bad + 1 and given_up == [killer]
    yield Row("G8", "errors; innocent suggestions given up", figure, f"{bad + 1}; 0", met)
    yield timed(
        "G8", f"the run as a whole; the worker was started {starts} times", seconds, 120, "end"
    )


def paused_and_cancelled(stage):
    """Paused, resumed and paused again; another run cancelled."""
    stage.worker()
    run = stage.launch()
    run.reach(MIDDLE)
    paused, after_pause = _stop(runs.pause, stage, run)
    runs.resume(stage.supervisor, factories.fresh(run.run))
    resumed = run.next_part()
    run.end()
    yield stage.integrity("G9", "paused for 3 s, then resumed", run)
    yield timed(
        "G9",
        "from Pause to its answer, after which nothing is written",
        paused,
        CHUNK_SECONDS + 1,
        "stop",
    )
    yield timed("G9", "from Resume to the next chunk", resumed, CHUNK_SECONDS + 2)
    other = stage.launch()
    other.reach(MIDDLE)
    cancelled, after_cancel = _stop(runs.cancel, stage, other)
    yield timed("G9", "from Cancel to its answer", cancelled, CHUNK_SECONDS + 1, "stop")
    figure = f"{after_pause} and {after_cancel}"
    yield Row(
        "G9",
        "chunks written after Pause and after Cancel",
        figure,
        "0 and 0",
        not after_pause + after_cancel,
    )


def _stop(verb, stage, run):
    """How long the verb took, and how many chunks were written in the three seconds after it."""
    begun = time.monotonic()
    verb(stage.supervisor, factories.fresh(run.run))
    taken, parts = time.monotonic() - begun, run.parts()
    time.sleep(3)
    return taken, run.parts() - parts


def deployed(stage):
    """A worker told to end just after it began, three times, and a new one each time."""
    worker = stage.worker()
    run = stage.launch()
    exits = []
    for parts in (2, 22, 42):
        run.reach(parts)
        begun = time.monotonic()
        worker.process.send_signal(signal.SIGTERM)
        old, worker = worker, stage.worker()
        old.process.wait()
        exits.append(time.monotonic() - begun)
    run.end()
    yield stage.integrity("G10", "SIGTERM three times, a new worker each time", run)
    yield timed("G10", "slowest exit", max(exits), 10, "exit")


def full_disk(stage):
    """The disk that the results are written to is full for six seconds."""
    stage.worker()
    with stage.postgres.small_disk() as place, _results_on(place):
        run = stage.launch()
        run.reach(MIDDLE)
        filler = place / "filler"
        with filler.open("wb", buffering=0) as file:
            _fill(file)
        wait_until(lambda: run.run.job.chunks.filter(setbacks__gt=0).exists())
        time.sleep(6)
        refusals = max(run.run.job.chunks.values_list("setbacks", flat=True))
        filler.unlink()
        room = time.time()
        seconds = run.next_part()
        end = run.ended_after(room)
        test = f"disk of the results full for 6 s; a chunk was refused {refusals} times at most"
        yield stage.integrity("G4", test, run)
        yield timed("G4", "from room to the next chunk", seconds, 30)
        yield timed("G4", "from room to the end of the run", end, 60, "end")


@contextmanager
def _results_on(place):
    """The tables of the results on a disk of their own."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
        try:
            for table in RESULTS:
                cursor.execute(f"ALTER TABLE {table} SET TABLESPACE small")
            yield
        finally:
            for table in RESULTS:
                cursor.execute(f"ALTER TABLE {table} SET TABLESPACE pg_default")
            cursor.execute("DROP TABLESPACE small")


def _fill(file):
    """Write until there is no room, to the last page."""
    for size in (1 << 20, 1 << 12):
        try:
            while True:
                file.write(b"\0" * size)
        except OSError:
            continue


def changed_rules(stage):
    """The run's version edited, published and retired while it runs."""
    version = factories.draft_without_harness(stage.people, stage.published)
    stage.worker()
    run = stage.launch(version)
    author, approver = stage.people["rule author"], stage.people["rule approver"]
    run.reach(5)
    version.rules.filter(rule_id="R34").update(title="Another title")
    rule_sets.save(author, version)
    run.reach(10)
    version.refresh_from_db()
    factories.publish(stage.people, version, date(2026, 2, 1))
    run.reach(15)
    rule_sets.retire(approver, version)
    run.end()
    version.refresh_from_db()
    assert version.document_id != run.run.document_id
    yield stage.integrity("", "its version edited, published and retired during the run", run)
