"""Celery workers as processes of their own, to be killed, frozen and thawed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

ROOT = Path(__file__).resolve().parent.parent.parent


class Worker:
    """A worker in a process group of its own; the pool is the one that its pair of servers has in production."""

    def __init__(self, app, environment, processes=2):
        pool = "prefork" if settings.REDIS_URL else "threads"
        command = [str(Path(sys.executable).parent / "celery"), "--app", app, "--quiet", "worker"]
        command += ["--pool", pool, "--concurrency", str(processes), "--loglevel", "critical"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        own = {
            "JOB_SWEEP_SECONDS": "1",
            "C_FORCE_ROOT": "1",
            # Lint asks them: a third of the time in which a worker starts.
            "CELERY_SKIP_CHECKS": "1",
            "LOG_LEVEL": "CRITICAL",
            **environment,
        }
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **own},
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )

    @property
    def is_alive(self):
        """Whether its main process runs."""
        return self.process.poll() is None

    def send(self, number):
        """Send a signal to the main process and its children at the same time."""
        os.killpg(self.process.pid, number)

    def kill(self):
        """End all of it at once; a pool outlives its main process for a while, and doing so again is no error."""
        with suppress(ProcessLookupError):
            self.send(signal.SIGKILL)
        self.process.wait()

    def children(self):
        """The processes of the pool."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(
            encoding="ascii"
        )
        return [int(pid) for pid in listed.split()]


def wait_until(true, seconds=600, every=0.05):
    """The seconds it took; a database that is away is asked again."""
    begun = time.monotonic()
    while not _holds(true):
        if time.monotonic() - begun > seconds:
            raise TimeoutError("It did not happen in time.")
        time.sleep(every)
    return time.monotonic() - begun


def _holds(true):
    try:
        return true()
    except Error:
        connection.close()
        return False
