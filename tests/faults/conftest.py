"""A run over bad and good suggestions, what it finds undisturbed, and workers to be killed."""

import signal
from contextlib import suppress

import pytest

from reviews.actions import runs
from reviews.reevaluation import planning
from tests import factories
from tests.conftest import database_url
from tests.faults import tally
from tests.faults.stored import CHUNK, store
from tests.faults.watched import Watched
from tests.faults.workers import Worker

SUGGESTIONS = 600


@pytest.fixture
def slow_worker(transactional_db):
    """Starts workers that decide slowly, under a short lease."""
    started = []

    def start(app="tests.faults.slow", processes=2):
        own = {"DATABASE_URL": database_url(), "JOB_LEASE_SECONDS": "2"}
        started.append(Worker(app, own, processes))
        return started[-1]

    yield start
    for worker in started:
        with suppress(ProcessLookupError):
            worker.send(signal.SIGCONT)
        worker.kill()


@pytest.fixture
def planned(people, hip, monkeypatch):
    """A planned run, and what an undisturbed one found."""
    monkeypatch.setattr(planning, "CHUNK_SUGGESTIONS", CHUNK)
    store(hip, SUGGESTIONS)
    draft = factories.draft_without_harness(people, hip)
    undisturbed = factories.finished(people, draft)
    run = factories.planned(people, draft)
    assert run.job.chunks.count() == SUGGESTIONS // CHUNK
    return run, tally.ended(undisturbed)


@pytest.fixture
def launched(people, planned):
    """The planned run, launched, and what an undisturbed one found."""
    run, undisturbed = planned
    runs.launch(people["supervisor"], run)
    return Watched(run), undisturbed
