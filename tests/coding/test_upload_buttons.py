"""The buttons of an upload's page, and the part of it that asks for itself while a job runs."""

import uuid

import pytest
from django.urls import reverse

from coding.models import AuditEvent, JobState, Upload
from coding.work import leases
from tests import factories, incoming
from tests.incoming import bad_row, checked, row, table, work


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def part_of(client, upload):
    """What htmx asks for again and again."""
    return client.get(upload.get_absolute_url(), headers={"HX-Request": "true"})


# The part that changes alone.


def test_the_part_that_asks_for_itself_is_no_page_of_its_own_and_no_second_event(people, coder):
    upload = checked(people, bad_row())
    part = part_of(coder, upload)
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]
    assert not AuditEvent.objects.filter(event="upload.viewed").exists()
    coder.get(upload.get_absolute_url())
    assert AuditEvent.objects.filter(event="upload.viewed").count() == 1


def test_the_part_goes_on_asking_between_the_look_and_the_check(people, coder):
    upload = factories.upload(people, table(row()))
    leases.work_on(leases.claim())
    leases.close_finished()
    assert 'hx-trigger="every 1s"' in part_of(coder, upload).content.decode()
    work()
    assert "hx-trigger" not in part_of(coder, upload).content.decode()


def test_the_part_goes_on_asking_where_the_look_ended_after_the_upload_was_read(people, coder):
    """As it was read then, it has neither a preview nor the check that the look has begun."""
    upload = factories.upload(people, table(row()))
    leases.work_on(leases.claim())
    leases.close_finished()
    Upload.objects.update(check_job=None, preview=None)
    assert 'hx-trigger="every 1s"' in part_of(coder, upload).content.decode()


# Its buttons.


@pytest.mark.parametrize(
    ("verb", "state"), [("pause", JobState.PAUSED), ("cancel", JobState.CANCELLED)]
)
def test_a_button_steers_the_job_and_leads_back_to_the_page(people, coder, verb, state):
    upload = factories.upload(people, table(row()))
    response = coder.post(reverse("steer-upload", args=[upload.public_id]), {"verb": verb})
    assert response.url == upload.get_absolute_url()
    assert incoming.now(upload).current_job.state == state


@pytest.mark.parametrize("verb", ["", "dance", "start_import"])
def test_a_verb_that_is_none_is_refused_and_steers_nothing(people, coder, verb):
    upload = factories.upload(people, table(row()))
    response = coder.post(reverse("steer-upload", args=[upload.public_id]), {"verb": verb})
    assert response.status_code == 409
    assert "Choose to pause, resume or cancel." in response.content.decode()
    assert incoming.now(upload).current_job.state == JobState.RUNNING


def test_an_import_that_is_started_twice_brings_everything_once_and_says_so(people, coder):
    upload = checked(people, row())
    address = reverse("start-import", args=[upload.public_id])
    assert coder.post(address).url == upload.get_absolute_url()
    again = coder.post(address)
    assert again.status_code == 409
    assert "The import of this upload was started already." in again.content.decode()
    work()
    assert incoming.states(upload) == ["imported"]


@pytest.mark.parametrize("name", ["upload", "rejected-rows"])
def test_an_upload_that_is_not_there_is_not_found(coder, name):
    assert coder.get(reverse(name, args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize("name", ["start-import", "steer-upload", "forget-columns"])
def test_nothing_is_done_with_an_upload_that_is_not_there(coder, name):
    assert coder.post(reverse(name, args=[uuid.uuid4()]), {"verb": "pause"}).status_code == 404


def test_the_rejected_part_is_a_file_to_keep_and_not_left_in_the_browser(people, coder):
    upload = checked(people, bad_row())
    response = coder.post(reverse("rejected-rows", args=[upload.public_id]))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        response["Content-Disposition"] == f'attachment; filename="rejected-{upload.public_id}.csv"'
    )
    assert response["Cache-Control"] == "no-store"
