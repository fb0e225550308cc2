"""A file that was chosen is not lost where something else in its form is wrong."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coding.actions import uploads
from coding.actions.errors import Conflict
from coding.models import AuditEvent, KeptText, Upload
from tests import incoming
from tests.incoming import row, table, work
from tests.intake import samples

WRONG = [
    ("source", ""),
    ("source", "our his"),
    ("source", "hïs"),
    ("source", "x" * 61),
    ("rule_set", "999999"),
]


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def send(client, content=None, **changes):
    file = SimpleUploadedFile("visits.csv", table(row()) if content is None else content)
    data = {
        "idempotency_key": uuid.uuid4(),
        "source": "his",
        "rule_set": "",
        "file": file,
        **changes,
    }
    return client.post(reverse("uploads"), data)


def name(client, upload, **changes):
    data = {"idempotency_key": uuid.uuid4(), "source": "his", "rule_set": "", **changes}
    return client.post(upload.get_absolute_url(), data)


def received(client, **wrong):
    """A file that was sent with something wrong beside it."""
    response = send(client, **(wrong or {"source": ""}))
    upload = Upload.objects.get()
    assert response.url == upload.get_absolute_url()
    return upload


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_the_file_is_received_and_what_is_wrong_beside_it_is_asked_for_again(coder, field, value):
    upload = received(coder, **{field: value})
    assert (upload.source, upload.file_name) == ("", "visits.csv")
    response = coder.get(upload.get_absolute_url())
    form = response.context["form"]
    assert "you need not choose it again" in response.content.decode()
    assert field in form.errors
    assert form[field].value() == value
    assert form["source"].value() == ("his" if field == "rule_set" else value)


def test_nothing_of_it_is_read_until_its_system_is_named(coder):
    upload = received(coder)
    work()
    assert incoming.now(upload).current_job is None
    assert "Name its system" in coder.get(reverse("uploads")).content.decode()


@pytest.mark.parametrize("content", [None, samples.dft("V1")])
def test_with_its_system_it_is_checked_like_any_other(hip, coder, content):
    send(coder, content, source="")
    upload = Upload.objects.get()
    assert name(coder, upload, rule_set=hip.rule_set_id).url == upload.get_absolute_url()
    work()
    upload = incoming.now(upload)
    assert (upload.source, upload.rule_set) == ("his", hip.rule_set)
    assert upload.rows.count() == 1
    assert not KeptText.objects.exists()
    assert AuditEvent.objects.get(event="upload.source_named").after == {"source": "his"}


def test_a_wrong_name_is_told_at_its_field_and_the_file_stays(coder):
    upload = received(coder)
    response = name(coder, upload, source="our his")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["source"]
    assert incoming.now(upload).waits_for_source


def test_the_same_wrong_form_sent_twice_is_one_upload(coder):
    key = uuid.uuid4()
    addresses = {send(coder, source="", idempotency_key=key).url for _ in range(2)}
    assert addresses == {Upload.objects.get().get_absolute_url()}


def test_a_system_is_named_once(people, coder):
    upload = received(coder)
    uploads.name_source(people["coder", 2], upload, "clinic")
    assert name(coder, upload).status_code == 409
    with pytest.raises(Conflict, match="named already"):
        uploads.name_source(people["coder"], upload, "his")
    assert incoming.now(upload).source == "clinic"


def test_a_file_that_waits_can_be_cancelled_and_no_more(people, coder):
    with pytest.raises(Conflict, match="named first"):
        uploads.pause(people["coder"], received(coder))


def test_what_was_typed_is_shown_to_its_author_alone(people, client, coder):
    upload = received(coder, source="our his")
    client.force_login(people["coder", 2])
    assert "our his" not in client.get(upload.get_absolute_url()).content.decode()


def test_an_auditor_sees_that_it_waits_and_names_nothing(people, client, coder):
    upload = received(coder)
    client.force_login(people["auditor"])
    assert "Check the file" not in client.get(upload.get_absolute_url()).content.decode()
    assert name(client, upload).status_code == 403


def test_a_file_that_cannot_be_read_is_not_kept_and_the_rest_of_the_form_is(coder):
    response = send(coder, b"\x89PNG\0", source="his")
    assert response.status_code == 422
    assert response.context["form"]["source"].value() == "his"
    assert not Upload.objects.exists()
