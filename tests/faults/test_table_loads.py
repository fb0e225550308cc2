"""A worker that is killed while it loads a table leaves the release as it was; the next one loads all of it."""

import os
import signal

import pytest

from coding.actions import table_loads
from coding.actions.table_loads import SentFile
from coding.models import ChunkState, JobState, PairEdit, TableKind, TableRelease
from tests.faults.workers import wait_until

ROWS = 30_000
LEASE = {"JOB_LEASE_SECONDS": "2"}


def quarter():
    yield b"column1,column2,modifier_indicator,rationale\n"
    for number in range(ROWS):
        yield f"{10_000 + number // 100},{20_000 + number},1,More\n".encode()


@pytest.mark.django_db(transaction=True)
def test_a_quarter_is_loaded_wholly_or_not_at_all(people, worker):
    load = table_loads.ask(
        people["rule author"], TableKind.PAIRS, [SentFile("ptp_2024-07.csv", quarter())]
    )
    loading = load.job.chunks.order_by("-number")
    process = worker(**LEASE)
    wait_until(lambda: loading.first().state == ChunkState.LEASED)
    os.killpg(process.pid, signal.SIGKILL)
    if loading.first().state != ChunkState.DONE:
        assert not TableRelease.objects.exists()
        assert not PairEdit.objects.exists()

    worker(**LEASE)
    wait_until(lambda: type(load.job).objects.get(pk=load.job.pk).state == JobState.DONE)
    assert PairEdit.objects.count() == ROWS
    load.refresh_from_db()
    assert (load.problem, load.result) == (
        "",
        f"ptp_2024-07.csv: {ROWS:,} rows of NCCI pairs 2024 Q3 loaded; 0 had ended.",
    )
