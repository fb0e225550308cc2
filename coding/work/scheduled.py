"""What is done at its time: one table of it (``settings.SCHEDULED_WORK``), and one runner.

Runners may be several, and need no broker: a run is claimed by a conditional change on the database's clock, so that
each is begun once. What ended badly is tried again soon, what was lost with its runner after an hour.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from coding.models import ScheduledRun
from coding.work.leases import ClockTime

log = structlog.get_logger(__name__)

TRY_AGAIN_AFTER = timedelta(minutes=10)
LOST_AFTER = timedelta(hours=1)
# As long as its column is.
LONGEST_RESULT = 300
# The piece of work that writes the head of the audit trail outside the database.
ANCHOR = "anchor"
LABELS = {"overdue": "Overdue", "running": "Running", "failed": "Failed", "done": "Done"}


class When(Protocol):
    """When a piece of work is due."""

    def latest(self, now: datetime) -> datetime:
        """The last moment, before ``now`` or at it, at which it had to begin."""


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, by the clock of the department (``TIME_ZONE``)."""

    hour: int
    minute: int

    def latest(self, now: datetime) -> datetime:
        """Today's time, or yesterday's if that is still to come."""
        here = timezone.localtime(now)
        today = here.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return today if today <= here else today - timedelta(days=1)

    def __str__(self) -> str:
        return f"every day at {self.hour:02}:{self.minute:02}"


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, this many seconds after it was last begun."""

    seconds: int

    def latest(self, now: datetime) -> datetime:
        """One span ago."""
        return now - timedelta(seconds=self.seconds)

    def __str__(self) -> str:
        return f"every {self.seconds} seconds"


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A piece of scheduled work. ``act`` returns what came of it in words, without a patient's data."""

    key: str
    label: str
    when: When
    act: Callable[[], str]


def table() -> tuple[Scheduled, ...]:
    """All scheduled work, as the setting names it: what is done may stand in a higher app."""
    scheduled: tuple[Scheduled, ...] = import_string(settings.SCHEDULED_WORK)
    return scheduled


def run_due() -> list[str]:
    """Do what is due and nobody else has begun; the keys of what was done, well or not."""
    rows = [ScheduledRun(key=work.key) for work in table()]
    ScheduledRun.objects.bulk_create(rows, ignore_conflicts=True)

    done = []
    for work in table():
        if _claim(work):
            _run(work)
            done.append(work.key)
    return done


def _claim(work: Scheduled) -> bool:
    """Begin a piece of work, if it is due and no other runner has begun it."""
    now = _database_time()
    has_ended = Q(ended_at__isnull=False)
    never_begun = Q(begun_at=None)
    is_its_time = has_ended & Q(begun_at__lt=work.when.latest(now))
    try_again = has_ended & Q(failed=True, ended_at__lt=now - TRY_AGAIN_AFTER)
    is_lost = Q(ended_at=None, begun_at__lt=now - LOST_AFTER)
    due = never_begun | is_its_time | try_again | is_lost
    claimed = ScheduledRun.objects.filter(due, key=work.key).update(begun_at=now, ended_at=None)
    return claimed == 1


def _database_time() -> datetime:
    """The database's clock: those of runners are never asked."""
    now: datetime = ScheduledRun.objects.values_list(ClockTime(), flat=True)[0]
    return now


def _run(work: Scheduled) -> None:
    row = ScheduledRun.objects.filter(key=work.key)
    try:
        result = work.act()
    except Exception as error:
        # The text of an exception may quote a patient's data: its type must do.
        log.error("scheduled_work_failed", work=work.key, error=type(error).__qualname__)
        row.update(
            ended_at=ClockTime(), failed=True, result=type(error).__qualname__[:LONGEST_RESULT]
        )
    else:
        ended = _database_time()
        row.update(
            ended_at=ended,
            failed=False,
            result=result[:LONGEST_RESULT],
            succeeded_at=ended,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """A piece of work with its last run, to be shown."""

    work: Scheduled
    run: ScheduledRun
    overdue: bool

    @property
    def state(self) -> str:
        """How it stands: running, overdue, failed or done."""
        if self.overdue:
            return "overdue"
        if self.run.ended_at is None:
            return "running"
        return "failed" if self.run.failed else "done"

    @property
    def label(self) -> str:
        """The state in words."""
        return LABELS[self.state]


def standings() -> list[Standing]:
    """All work with its last runs. It is overdue when it was not begun for two of its spans."""
    runs = {run.key: run for run in ScheduledRun.objects.annotate(now=ClockTime())}
    return [_standing(work, runs.get(work.key)) for work in table()]


def _standing(work: Scheduled, run: ScheduledRun | None) -> Standing:
    if run is None or run.begun_at is None:
        return Standing(work, run or ScheduledRun(key=work.key), overdue=True)
    last = work.when.latest(run.now)  # type: ignore[attr-defined]
    before_last = work.when.latest(last - timedelta(microseconds=1))
    return Standing(work, run, overdue=run.begun_at < before_last)
