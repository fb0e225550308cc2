"""What load balancers ask: whether the web process runs, and whether all that it needs is there."""

from datetime import timedelta

import pytest
from django.conf import settings as now
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F
from django.utils import timezone

from coding.models import Job, JobChunk, ScheduledRun
from coding.operation import readiness
from coding.work import leases, scheduled, signs
from tests import factories
from tests.coding.test_sweeper import a_job

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _busy_machine(monkeypatch):
    """The servers of the tests have time to answer; that a frozen one is not waited for is seen where it is frozen."""
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 60)


@pytest.fixture
def ready(transactional_db):
    """A worker lives, and scheduled work is done."""
    signs.give()
    ScheduledRun.objects.create(key=scheduled.ANCHOR, succeeded_at=timezone.now())


def test_a_process_that_runs_says_so_without_asking_any_server(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert response["Content-Type"] == "text/plain"


def test_where_all_is_there_one_line_says_so(client, ready):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready")


def test_on_a_new_copy_nothing_works_yet_and_each_is_named(client, transactional_db):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"not ready: no worker; anchor not written of late"


def test_a_worker_that_gave_no_sign_of_late_is_away(client, ready):
    signs.WorkerSign.objects.update(seen_at=timezone.now() - HOUR)
    assert client.get("/readyz").content == b"not ready: no worker"


def test_work_that_waits_too_long_for_a_worker_is_told(client, ready):
    job = a_job()
    assert client.get("/readyz").status_code == 200
    Job.objects.filter(pk=job.pk).update(
        created_at=F("created_at") - HOUR, running_since=F("running_since") - HOUR
    )
    assert client.get("/readyz").content == b"not ready: a job waits too long"


@pytest.mark.parametrize("state", ["paused", "done", "cancelled"])
def test_work_of_a_job_that_does_not_run_waits_for_nobody(db, state):
    job = a_job()
    Job.objects.filter(pk=job.pk).update(state=state, running_since=F("running_since") - HOUR)
    assert readiness.work_waits_for() == timedelta()


def test_a_long_job_that_is_served_again_and_again_does_not_wait(db):
    job = a_job()
    Job.objects.filter(pk=job.pk).update(
        created_at=F("created_at") - HOUR, running_since=F("running_since") - HOUR
    )
    JobChunk.objects.filter(job=job, number=1).update(state="done")
    leases.claim()
    assert readiness.work_waits_for() < HOUR


def test_a_database_that_is_away_is_told_in_two_words(client, ready, monkeypatch):
    # All threads share these; the one that asks opens a connection of its own each time.
    for name, value in {"NAME": "/nowhere/of-a-patient", "PORT": "1"}.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready: database away")


def test_a_database_that_was_not_migrated_to_this_release_is_told(client, ready, monkeypatch):
    missing = [(Migration("9999_of_this_release", "coding"), False)]
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: missing)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready: migrations missing")


def test_a_broker_that_is_away_is_told_in_two_words(client, ready, settings, tmp_path):
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0" if now.REDIS_URL else ""
    settings.BROKER_DIR = tmp_path / "gone"
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready: broker away")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_load_balancers_ask_without_tls_and_leave_no_session_behind(
    client, ready, settings, address
):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    assert client.get("/encounters/").url.startswith("https://")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_they_are_asked_and_told_nothing(client, ready, address):
    assert client.post(address).status_code == 405


def test_nothing_of_a_patient_is_told(client, people, transactional_db):
    factories.upload(people, b"nonsense", source="his")
    assert factories.CANARY.encode() not in client.get("/readyz").content
