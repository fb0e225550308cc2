"""The list of uploads with the form for the next one: what is taken, what is refused, and where each stands."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coding.actions import uploads
from coding.models import AuditEvent, ReceivedForm, Upload
from tests import factories, incoming
from tests.incoming import checked, imported, row, table, work
from tests.intake import samples


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def send(client, content=None, name="visits.csv", **changes):
    file = SimpleUploadedFile(name, table(row()) if content is None else content)
    data = {
        "idempotency_key": uuid.uuid4(),
        "source": "his",
        "rule_set": "",
        "file": file,
        **changes,
    }
    return client.post(reverse("uploads"), data)


def errors(response):
    assert response.status_code == 422
    assert not Upload.objects.exists()
    return response.context["form"].errors


def text_of(client, **parameters):
    return " ".join(client.get(reverse("uploads"), parameters).content.decode().split())


def test_the_form_and_the_filters_have_fields_of_their_own(coder):
    """A label leads to the field of its name: no two fields of a page have one."""
    names = re.findall(r'\sid="([^"]+)"', coder.get(reverse("uploads")).text)
    assert sorted(names) == sorted(set(names))


# Sending.


def test_a_file_that_is_sent_leads_to_its_own_page(people, coder):
    response = send(coder)
    upload = Upload.objects.get()
    assert response.url == upload.get_absolute_url()
    assert (upload.source, upload.format, upload.rule_set, upload.uploaded_by) == (
        "his",
        "csv",
        None,
        people["coder"],
    )


def test_what_was_sent_is_kept_whole(coder):
    content = table(*(row(f"V-{number}", note="x" * 900) for number in range(100)))
    send(coder, content)
    upload = Upload.objects.get()
    assert upload.size == len(content)
    assert b"".join(bytes(part.content) for part in upload.parts.order_by("number")) == content


def test_the_same_form_sent_twice_is_one_upload(coder):
    key = uuid.uuid4()
    addresses = {send(coder, idempotency_key=key).url for _ in range(2)}
    assert addresses == {Upload.objects.get().get_absolute_url()}
    assert AuditEvent.objects.filter(event="upload.received").count() == 1


def test_the_name_of_a_file_is_shown_and_stands_nowhere_else_because_it_may_name_a_patient(
    coder, caplog
):
    caplog.set_level("DEBUG")
    address = send(coder, name=f"{factories.CANARY}.csv").url
    assert Upload.objects.get().file_name == f"{factories.CANARY}.csv"
    assert factories.CANARY in text_of(coder)
    elsewhere = [*AuditEvent.objects.values(), *ReceivedForm.objects.values(), address, caplog.text]
    assert factories.CANARY not in str(elsewhere)


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (samples.dft("V1"), "visits.csv", "hl7"),
        (samples.claims_file(samples.claim("V1")), "claims.txt", "x12"),
        (samples.bundle(*samples.visit_resources().values()), "bundle", "fhir"),
        (samples.ndjson(*samples.visit_resources().values()), "export.ndjson", "ndjson"),
    ],
)
def test_the_kind_of_a_file_is_told_by_what_it_holds_and_not_by_its_name(
    coder, content, name, expected
):
    send(coder, content, name)
    assert Upload.objects.get().format == expected


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("file", "", "This field is required."),
        ("idempotency_key", "", "This field is required."),
    ],
)
def test_what_is_wrong_with_the_form_is_named_at_its_field(coder, field, value, words):
    assert words in " ".join(errors(send(coder, **{field: value}))[field])


def test_a_file_without_a_byte_is_refused(coder):
    assert "The submitted file is empty." in errors(send(coder, b""))["file"]


def test_a_file_of_the_largest_size_is_taken_and_one_byte_more_is_refused(coder, settings):
    content = table(row())
    settings.UPLOAD_BYTES = len(content) - 1
    problem = " ".join(errors(send(coder, content))["file"])
    assert "The file is larger than" in problem
    assert "Split it, or ask an operator to import it." in problem
    settings.UPLOAD_BYTES = len(content)
    assert send(coder, content).status_code == 302


def test_a_refused_form_keeps_the_name_of_the_system_and_its_key(coder):
    key = uuid.uuid4()
    form = send(coder, b"\x89PNG\0", idempotency_key=key).context["form"]
    assert form["source"].value() == "his"
    assert form["idempotency_key"].value() == str(key)
    assert send(coder, idempotency_key=key).status_code == 302


# Looking.


def test_without_an_upload_the_page_says_what_to_send(coder):
    page = text_of(coder)
    assert "Nothing uploaded yet" in page
    for key in ("csv", "xlsx"):
        assert reverse("upload-template", args=[key]) in page


def test_uploads_of_everybody_are_listed_newest_first_with_who_sent_them(people, coder):
    first = checked(people, row(), source="his")
    second = uploads.receive(people["coder", 2], [table(row())], "csv", "clinic")
    assert list(coder.get(reverse("uploads")).context["page"]) == [second, first]
    page = text_of(coder)
    assert people["coder", 2].name in page
    assert "clinic" in page


def test_each_upload_says_where_it_stands(people, coder):
    factories.upload(people, incoming.FOREIGN.encode())
    imported(people, row())
    checked(people, row("V-2"))
    factories.upload(people, table(row("V-3")))
    page = text_of(coder)
    for words in ("Import: Done", "Match its columns", "Check: Done", "Check: Running"):
        assert words in page


def test_long_lists_have_a_second_page(people, coder):
    for number in range(26):
        uploads.receive(people["coder"], [b"external_id\n"], "csv", f"system-{number:02}")
    page = coder.get(reverse("uploads"), {"page": "2"}).context["page"]
    assert [upload.source for upload in page] == ["system-00"]


def test_an_auditor_sees_the_uploads_and_is_offered_none(people, coder, client):
    upload = checked(people, row())
    client.force_login(people["auditor"])
    page = text_of(client)
    assert upload.get_absolute_url() in page
    assert "Upload a file" not in page
    response = send(client)
    assert response.status_code == 403
    assert Upload.objects.count() == 1


def test_a_file_that_was_looked_at_is_listed_as_one_to_match(people, coder):
    factories.upload(people, incoming.FOREIGN.encode())
    assert "Match its columns" not in text_of(coder)
    work()
    assert "Match its columns" in text_of(coder)
