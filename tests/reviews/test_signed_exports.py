"""Files of patients' data: handed out to whoever signs for them, with the hash of what they hold."""

import csv
import hashlib
import io

import pytest
from django.urls import reverse

from coding.models import AuditEvent, RowState, Signature
from reviews.models import ReportExport
from tests import factories
from tests.signing import signatures_under, signed


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


@pytest.fixture
def final(people, hip, settings):
    encounter = factories.encounter(people, hip, diagnoses=("Q65.02",))
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    settings.SIGN_AGAIN = True
    return encounter


@pytest.fixture
def run(people, hip, settings):
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    done = factories.finished(people, factories.draft_without_harness(people, hip))
    settings.SIGN_AGAIN = True
    return done


def test_a_report_goes_out_with_the_password_only(supervisor, final):
    address = reverse("export-report", args=[final.public_id])
    for data, problem in (
        ({}, "Write your password"),
        (signed({}, "wrong horse"), "This is not your password."),
    ):
        refused = supervisor.post(address, data)
        assert refused.status_code == 422
        assert problem in refused.text
    assert not ReportExport.objects.exists()


def test_its_file_and_its_page_say_who_signed_and_the_hash_of_the_report(people, supervisor, final):
    response = supervisor.post(reverse("export-report", args=[final.public_id]), signed({}))
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    export = ReportExport.objects.get()
    assert (row["signed_by"], row["signed_as"]) == (people["supervisor"].name, "supervisor")
    assert (row["signature_meaning"], row["content_sha256"]) == (
        "export of patients' data",
        export.report.content_hash,
    )
    [signature] = signatures_under(export)
    assert row["signed_at"] == f"{signature.signed_at:%Y-%m-%dT%H:%M:%SZ}"
    page = supervisor.get(reverse("report", args=[final.public_id])).text
    assert f"content sha256 <code>{export.report.content_hash}</code>" in page


def test_each_export_is_signed_for_itself(supervisor, final):
    address = reverse("export-report", args=[final.public_id])
    supervisor.post(address, signed({}))
    assert supervisor.post(address, {}).status_code == 422
    assert supervisor.post(address, signed({})).status_code == 200
    assert Signature.objects.filter(meaning="export").count() == 2


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_hash_that_is_signed_for_a_runs_changes_is_that_of_the_very_file(supervisor, run, form):
    address = reverse("export-run", args=[run.public_id, form])
    assert "1 service that" in supervisor.get(address).text
    file = b"".join(supervisor.post(address, signed({})).streaming_content)
    sha256 = hashlib.sha256(file).hexdigest()
    assert AuditEvent.objects.get(event="run.exported").after["sha256"] == sha256
    assert sha256 in supervisor.get(run.get_absolute_url()).text


def test_opening_the_page_of_an_export_hands_nothing_out(supervisor, run):
    response = supervisor.get(
        reverse("export-run", args=[run.public_id, "csv"]), {"ending": "error"}
    )
    assert "0 services" in response.text
    assert f"{reverse('run-changes', args=[run.public_id])}?ending=error" in response.text
    assert not AuditEvent.objects.filter(event="run.exported").exists()


def test_a_rejected_part_is_signed_for(people, client, settings):
    header = b"external_id,patient_reference,date_of_service,place_of_service,provider,note\n"
    upload = factories.upload(people, header + b"1,2,2026-05-05,11,Dr. X,bad\n")
    upload.rows.create(number=1, state=RowState.REJECTED, errors=[])
    settings.SIGN_AGAIN = True
    client.force_login(people["coder"])
    address = reverse("rejected-rows", args=[upload.public_id])
    assert "1 item of the upload from his" in client.get(address).text
    assert client.post(address, signed({}, "wrong horse")).status_code == 422
    file = b"".join(client.post(address, signed({})).streaming_content)
    event = AuditEvent.objects.get(event="upload.rejected_taken")
    assert event.after["sha256"] == hashlib.sha256(file).hexdigest()
    assert len(signatures_under(upload)) == 1
