"""A canary patient reference is looked for wherever a patient's data must not come out."""

import json
import uuid
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from coding.models import AuditEvent, Encounter, JobChunk, ReceivedForm
from reviews.actions import queries, runs
from reviews.actions.runs import Scope
from reviews.models import ProviderQuery, ReviewCase, RulingKind
from tests import factories
from tests.factories import rule_set_id

CANARY = factories.CANARY


@pytest.fixture
def worked(people, hip, client, caplog):
    """A whole day's work on a patient whose reference and note bear the canary."""
    caplog.set_level("DEBUG")
    client.force_login(people["coder"])
    data = {
        "idempotency_key": uuid.uuid4(),
        "rule_set": rule_set_id(),
        "external_id": "E",
        "patient_reference": CANARY,
        "sex": "F",
    }
    data |= {
        "date_of_service": "2026-05-31",
        "place_of_service": "11",
        "provider": "Dr. Falk",
        "diagnoses": "Q65.02",
        "note": f"{CANARY} left",
    }
    factories.icd10cm("Q65.02")
    addresses = [client.post(reverse("new-encounter"), data).url]
    encounter = Encounter.objects.get()
    factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    case = ReviewCase.objects.get()
    found = client.post(reverse("find-encounters"), {"patient_reference": CANARY})
    assert encounter.external_id in found.content.decode()
    run = factories.finished(people, factories.draft_without_harness(people, hip))
    assert CANARY not in client.get(run.get_absolute_url()).content.decode()
    for page in (encounter, case):
        addresses.append(page.get_absolute_url())
        assert CANARY in client.get(page.get_absolute_url()).content.decode()
    addresses.append(run.get_absolute_url())
    return addresses + asked_and_reported(people, client, encounter, case)


def asked_and_reported(people, client, encounter, case):
    """The provider is asked about the patient and answers, somebody types and is interrupted, the visit is reported."""
    kept = {"form": f"decision:{case.service.public_id}", "reason": f"{CANARY} typed"}
    assert client.post(reverse("keep-text"), kept).status_code == 204
    factories.rule(
        people["supervisor"], case, RulingKind.PROVIDER_QUERY, question=f"Which hip of {CANARY}?"
    )
    query = ProviderQuery.objects.get()
    client.force_login(people["supervisor"])
    assert CANARY in client.get(reverse("query", args=[query.public_id])).content.decode()
    queries.answer(
        people["supervisor"], query, f"The left one of {CANARY}.", "Dr. Falk", date.today()
    )
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    exported = client.post(reverse("export-report", args=[encounter.public_id]))
    assert CANARY in exported.content.decode("utf-8-sig")
    client.force_login(people["coder"])
    pages = [reverse(name, args=[encounter.public_id]) for name in ("encounter", "report")]
    assert all(client.get(address).status_code == 200 for address in pages)
    return [*pages, query.get_absolute_url(), exported["Content-Disposition"]]


def test_it_is_in_no_address(worked):
    assert CANARY not in "".join(worked)


def test_it_is_in_no_log(worked, caplog, capfd):
    out = capfd.readouterr()
    assert CANARY not in caplog.text + out.out + out.err


def test_it_is_in_no_message_to_a_worker_and_in_no_job(worked):
    assert CANARY not in json.dumps(list(JobChunk.objects.values("payload", "error")))


def test_it_is_in_no_session_and_no_received_form(worked, client):
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert CANARY not in json.dumps(sessions, default=str)
    assert CANARY not in json.dumps(list(ReceivedForm.objects.values("leads_to")))


def test_it_is_in_no_audit_event(worked):
    assert CANARY not in json.dumps(
        list(AuditEvent.objects.values("before", "after", "reason", "subject_id"))
    )


def test_it_is_in_no_report_of_an_error(worked, client, monkeypatch, caplog, capfd):
    def fail(*args):
        raise ValueError(f"invalid literal: {CANARY}")

    monkeypatch.setattr("reviews.views.encounters.encounter_page", fail)
    client.raise_request_exception = False
    response = client.get(Encounter.objects.get().get_absolute_url())
    assert response.status_code == 500
    out = capfd.readouterr()
    assert CANARY not in response.content.decode() + out.out + out.err
    logged = [record for record in caplog.records if record.levelname == "ERROR"]
    assert logged


def test_a_message_to_a_worker_has_no_arguments(
    people, hip, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(
        "coding.work.celery.pump.apply_async", lambda *args, **options: sent.append((args, options))
    )
    with django_capture_on_commit_callbacks(execute=True):
        runs.plan(people["supervisor"], hip, Scope())
    assert sent == [((), {"retry": False, "expires": 30})]
