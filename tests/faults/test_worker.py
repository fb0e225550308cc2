"""Workers that are killed, frozen or without a broker: nothing is lost, nothing is done twice, no page waits."""

import os
import signal
import socket
import subprocess

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from coding.actions import uploads
from coding.models import AuditEvent, ChunkState, Encounter, JobState, RowState, Upload
from coding.work import leases
from coding.work.celery import hint
from reviews.actions import runs
from reviews.actions.runs import Scope
from reviews.models import ReevaluationRun
from tests import factories
from tests.faults.workers import wait_until

# Two portions of the check, four of the import.
ROWS = 4_000
LEASE = {"JOB_LEASE_SECONDS": "2"}


def state_of(job):
    return type(job).objects.values_list("state", flat=True).get(pk=job.pk)


@pytest.fixture
def received(people, hip):
    """An upload of many rows that nobody has checked yet."""
    header = "external_id,patient_reference,date_of_service,place_of_service,provider,note\n"
    rows = "".join(f"F-{n},P-{n},2026-05-31,11,Dr. Falk,Left hip.\n" for n in range(ROWS))
    received = factories.upload(people, (header + rows).encode(), hip.rule_set)
    # The look at its columns, after which the check waits.
    leases.work_on(leases.claim())
    received.refresh_from_db()
    return received


@pytest.fixture
def upload(people, received):
    """The upload checked, its import started and nobody working on it yet."""
    while leases.has_work():
        leases.pump()
    uploads.start_import(people["coder"], received)
    return Upload.objects.select_related("import_job").get(pk=received.pk)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_checks_a_file_takes_each_row_up_once(received, worker):
    for portions in (1, 2):
        process = worker(**LEASE)
        done = received.check_job.chunks.filter(state=ChunkState.DONE)
        wait_until(
            lambda done=done, least=portions: (
                done.count() >= least or state_of(received.check_job) == "done"
            )
        )
        os.killpg(process.pid, signal.SIGKILL)
    worker(**LEASE)
    wait_until(lambda: state_of(received.check_job) == JobState.DONE)
    assert list(received.rows.values_list("number", flat=True)) == list(range(1, ROWS + 1))
    assert set(received.rows.values_list("state", flat=True)) == {RowState.NEW}


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_again_and_again_loses_nothing_and_does_nothing_twice(upload, worker):
    for _ in range(2):
        process = worker(**LEASE)
        before = Encounter.objects.count()
        wait_until(
            lambda before=before: (
                Encounter.objects.count() > before or state_of(upload.import_job) == "done"
            )
        )
        os.killpg(process.pid, signal.SIGKILL)
    worker(**LEASE)
    wait_until(lambda: state_of(upload.import_job) == JobState.DONE)
    assert Encounter.objects.filter(source="his").count() == ROWS
    assert upload.rows.filter(state=RowState.IMPORTED).count() == ROWS
    events = AuditEvent.objects.filter(event="upload.rows_imported").values_list(
        "after__new", flat=True
    )
    assert sum(events) == ROWS
    assert AuditEvent.objects.filter(event="upload.imported").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_frozen_past_its_lease_and_thawed_writes_nothing_twice(upload, worker):
    frozen = worker(**LEASE)
    wait_until(lambda: Encounter.objects.exists())
    os.killpg(frozen.pid, signal.SIGSTOP)
    if settings.REDIS_URL:
        worker(**LEASE)
        wait_until(lambda: state_of(upload.import_job) == JobState.DONE)
    else:
        # A process frozen while it writes keeps SQLite's only write lock: others wait until it is thawed.
        wait_until(
            lambda: not upload.import_job.chunks.filter(lease_until__gt=timezone.now()).exists()
        )
    os.killpg(frozen.pid, signal.SIGCONT)
    wait_until(lambda: state_of(upload.import_job) == JobState.DONE)
    assert Encounter.objects.filter(source="his").count() == ROWS


@pytest.mark.django_db(transaction=True)
def test_work_is_done_although_every_hint_was_lost(people, hip, worker, monkeypatch):
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    monkeypatch.setattr("coding.work.celery.pump.apply_async", lambda **options: None)
    worker()
    run = runs.plan(people["supervisor"], hip, Scope())
    wait_until(lambda: factories.fresh(run).job is not None)
    runs.launch(people["supervisor"], factories.fresh(run))
    wait_until(lambda: state_of(factories.fresh(run).job) == JobState.DONE)
    assert run.parts.count() == 1


@pytest.mark.django_db(transaction=True)
def test_duplicate_hints_do_nothing_twice(people, hip, worker):
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    run = factories.planned(people, hip)
    runs.launch(people["supervisor"], run)
    assert all(hint() for _ in range(50))
    worker()
    wait_until(lambda: state_of(run.job) == JobState.DONE)
    assert run.parts.count() == 1


FROZEN_BROKER = """
import django
django.setup()
from coding.work.celery import hint
print(hint())
"""


@pytest.mark.parametrize("answers", [True, False], ids=["frozen", "missing"])
def test_a_broker_that_is_frozen_or_missing_blocks_nobody(answers):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if answers:
            # It takes the connection and then says nothing, as a stopped Redis does.
            silent.listen()
        environment = {**os.environ, "REDIS_URL": f"redis://127.0.0.1:{silent.getsockname()[1]}/0"}
        command = [os.sys.executable, "-c", FROZEN_BROKER]
        # Left as it comes, the client would wait for a frozen broker for ever.
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=600, check=True
        )
    assert done.stdout.split()[-1] == "False"


def test_a_page_that_starts_a_job_is_served_without_a_broker(people, hip, client, monkeypatch):
    def refuse(**options):
        raise ConnectionError("no broker")

    monkeypatch.setattr("coding.work.celery.pump.apply_async", refuse)
    client.force_login(people["supervisor"])
    data = {
        "idempotency_key": "6e1f5b2c-7a0e-4b43-9d39-0f5f3a0f3b11",
        "version": hip.pk,
        "mode": "dry_run",
    }
    response = client.post(reverse("new-run"), data, follow=True)
    assert response.status_code == 200
    assert ReevaluationRun.objects.count() == 1
