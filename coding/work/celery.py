"""Celery carries one message only: look in the database. It has no arguments and may be lost or doubled."""

import gc
import threading
import time

import structlog
from celery import shared_task
from celery.signals import (
    task_postrun,
    task_prerun,
    worker_process_init,
    worker_ready,
    worker_shutting_down,
)
from django.conf import settings
from django.db import close_old_connections, connection, transaction

from coding.work import leases, signs

log = structlog.get_logger(__name__)

# Sweeps with work waiting and none taken before the sweeper does the work itself.
PATIENCE = 3


@shared_task(ignore_result=True)
def pump() -> None:
    """Work on whatever waits, and ask the next worker to join in; ask again if time ran out first.

    While no message gets through, nobody could be asked: then this process goes on itself.
    """
    if leases.has_work():
        hint()
    leases.pump()
    while leases.has_work() and not hint():
        leases.pump()


def hint_after_commit() -> None:
    """Tell the workers to look, once the rows they shall find are committed."""
    transaction.on_commit(hint)


def hint() -> bool:
    """Send the message. A broker that is down or frozen costs a second, never the work: the sweeper finds it."""
    try:
        pump.apply_async(retry=False, expires=30)
    except Exception as error:
        log.warning("hint_not_sent", error=type(error).__qualname__)
        return False
    return True


class Sweeper(threading.Thread):
    """Looks after the jobs in every worker process without asking the broker.

    It sends hints for work that waits, closes finished jobs, gives the worker's sign of life, and does the work
    itself when hints cannot be sent or bring nothing.
    """

    def __init__(self) -> None:
        super().__init__(name="sweeper", daemon=True)
        self.stopping = threading.Event()
        self.fruitless = 0
        self.signed_at = float("-inf")

    def run(self) -> None:
        """Sweep until the worker shuts down; a failed sweep is logged and the next one tries again."""
        while not self.stopping.wait(settings.JOB_SWEEP_SECONDS):
            close_old_connections()
            try:
                self.sweep()
            except Exception as error:
                log.error("sweep_failed", error=type(error).__qualname__)
        connection.close()

    def sweep(self) -> None:
        """One look at the jobs."""
        if time.monotonic() - self.signed_at > signs.SIGN_SECONDS:
            signs.give()
            self.signed_at = time.monotonic()
        if not leases.has_work():
            self.fruitless = 0
        elif not hint() or self.fruitless >= PATIENCE:
            leases.pump()
        else:
            self.fruitless += 1
        leases.close_finished()


@task_prerun.connect
@task_postrun.connect
def drop_old_connections(**_: object) -> None:
    """Keep a good connection for the next message, as Django does for the next request: a new one costs 20 ms."""
    close_old_connections()


@worker_process_init.connect
def set_aside_what_stays(**_: object) -> None:
    """Tell the collector that what was loaded at the start stays: going through it takes a tenth of a second a time."""
    gc.freeze()


@worker_ready.connect
def start_sweeper(**_: object) -> None:
    """Every worker brings its sweeper."""
    sweeper = Sweeper()
    sweeper.start()
    worker_shutting_down.connect(lambda **_: sweeper.stopping.set(), weak=False)
