"""Whether all that Concord needs is there: database with its migrations, broker, workers, anchor of the audit trail.

Each server is asked in a thread of its own: one that is frozen costs the answer its time, and one thread until it
thaws. Who asks meanwhile waits for the same answer. Nothing in the answers is private.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.db.models.functions import Coalesce, Greatest

from coding.models import Job, JobChunk, JobState, ScheduledRun
from coding.work import leases, signs
from coding.work.leases import ClockTime
from coding.work.scheduled import ANCHOR

# A load balancer is answered within a second.
PATIENCE_SECONDS = 0.8
# The anchor is written every ``AUDIT_ANCHOR_SECONDS``, by a runner that looks every half minute.
ANCHOR_MAY_LAG = timedelta(seconds=3 * settings.AUDIT_ANCHOR_SECONDS + 60)
WAITS_TOO_LONG = timedelta(seconds=settings.JOB_WAITS_TOO_LONG_SECONDS)


def problems() -> list[str]:
    """What is away, in few words each; empty where Concord is ready. Answers within a second."""
    asked = {name: _ask(name) for name in QUESTIONS}
    wait(asked.values(), timeout=PATIENCE_SECONDS)
    failures: list[str] = []
    for name, answer in asked.items():
        failures += answer.result() if answer.done() else [f"{name} does not answer"]
    return failures


def of_database() -> list[str]:
    """What the database says of itself, of the workers and of the anchor."""
    try:
        return _of_work() if _is_migrated() else ["migrations missing"]
    except Exception:
        return ["database away"]
    finally:
        connection.close()


def _is_migrated() -> bool:
    """Whether every migration of this release was applied: without its tables pages would fail."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _of_work() -> list[str]:
    failures = []
    if not signs.living():
        failures.append("no worker")
    if work_waits_for() > WAITS_TOO_LONG:
        failures.append("a job waits too long")
    if not ScheduledRun.objects.filter(
        key=ANCHOR, succeeded_at__gt=ClockTime() - ANCHOR_MAY_LAG
    ).exists():
        failures.append("anchor not written of late")
    return failures


def work_waits_for() -> timedelta:
    """How long the running job that is behind most has waited for a worker; none where no work waits."""
    since = Greatest(Coalesce("served_at", "created_at"), Coalesce("running_since", "created_at"))
    with_work = JobChunk.objects.filter(leases.claimable()).values("job_id")
    waiting = Job.objects.filter(state=JobState.RUNNING, pk__in=with_work)
    longest = waiting.aggregate(longest=Max(ClockTime() - since))["longest"]
    return longest or timedelta()


def of_broker() -> list[str]:
    """Whether messages can be sent."""
    try:
        if settings.REDIS_URL:
            tls = settings.REDIS_TLS if settings.REDIS_URL.startswith("rediss://") else {}
            patience = dict.fromkeys(settings.REDIS_PATIENCE, PATIENCE_SECONDS / 2)
            with redis.Redis.from_url(settings.REDIS_URL, **patience, **tls) as client:
                client.ping()
        elif not Path(settings.BROKER_DIR, "messages").is_dir():
            return ["broker away"]
    except Exception:
        return ["broker away"]
    return []


QUESTIONS: dict[str, Callable[[], list[str]]] = {"database": of_database, "broker": of_broker}

_threads = ThreadPoolExecutor(len(QUESTIONS), thread_name_prefix="readiness")
_asked: dict[str, Future[list[str]]] = {}
_one_at_a_time = threading.Lock()


def _ask(name: str) -> Future[list[str]]:
    """The answer that is being waited for already, or a new one."""
    with _one_at_a_time:
        if name not in _asked or _asked[name].done():
            _asked[name] = _threads.submit(QUESTIONS[name])
        return _asked[name]
