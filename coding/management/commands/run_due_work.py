"""``manage.py run_due_work``: do the scheduled work that is due, once or again and again."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from coding.work import scheduled

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """Runs what is due under claims in the database; several runners do each piece once. It needs no broker."""

    help = (
        "Do the scheduled work that is due: once, from cron or a timer, or in a loop with --every."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How often."""
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="look again after so many seconds"
        )

    def handle(self, *args: Any, every: int | None, **options: Any) -> None:
        """Run once, or until SIGTERM."""
        if every is None:
            done = scheduled.run_due()
            self.stdout.write(f"done: {', '.join(done) or 'nothing was due'}")
            return
        stopping = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stopping.set())
        while not stopping.is_set():
            self.look()
            stopping.wait(every)

    def look(self) -> None:
        """One look; a database that is away ends no runner."""
        close_old_connections()
        try:
            scheduled.run_due()
        except Exception as error:
            log.error("due_work_not_run", error=type(error).__qualname__)
