"""``receive_upload``: a file of any size is taken in as the browser would take it, or refused and nothing is kept."""

import io

import pytest
from django.core.management import CommandError, call_command

from coding.models import AuditEvent, Upload, User
from tests import factories

HEADER = "external_id,patient_reference,date_of_service,place_of_service,provider,note\n"
ROW = "V-1,P-1,2026-05-04,11,Dr. Falk,Hip held.\n"


@pytest.fixture
def visits(tmp_path):
    path = tmp_path / "visits.csv"
    path.write_text(HEADER + ROW)
    return path


def receive(path, user, **options):
    out = io.StringIO()
    call_command(
        "receive_upload", path, **{"source": "his", "user": user, "stdout": out, **options}
    )
    return out.getvalue()


def refused(path, user, words, **options):
    with pytest.raises(CommandError, match=words):
        receive(path, user, **options)
    assert not Upload.objects.exists()
    assert not AuditEvent.objects.filter(event="upload.received").exists()


def test_the_command_says_how_much_it_received_and_where_to_go_on(people, visits):
    said = receive(visits, people["coder"].username)
    upload = Upload.objects.get()
    assert said == f"Received {len(HEADER + ROW)} bytes. Go on at {upload.get_absolute_url()}\n"
    assert (upload.source, upload.format, upload.rule_set) == ("his", "csv", None)
    assert upload.uploaded_by == people["coder"]
    assert AuditEvent.objects.get(event="upload.received").actor == people["coder"]


@pytest.mark.parametrize("source", ["", "his system", "his/2", "ä", "x" * 61])
def test_a_source_that_the_upload_page_would_not_take_is_refused(people, visits, source):
    words = "--source has letters, digits, - and _ only, 60 at most."
    refused(visits, people["coder"].username, words, source=source)


def test_the_longest_source_is_taken(people, visits):
    receive(visits, people["coder"].username, source="His_2-" + "x" * 54)
    assert len(Upload.objects.get().source) == 60


def test_a_user_who_is_not_there_is_refused(people, visits):
    refused(visits, "nobody", "Check --user and --rule-set.")


def test_a_coder_who_is_no_longer_active_takes_nothing_in(people, visits):
    coder = people["coder"]
    User.objects.filter(pk=coder.pk).update(is_active=False)
    refused(visits, coder.username, "You may not upload encounters")


def test_a_file_that_is_not_there_is_named(people, tmp_path):
    refused(tmp_path / "nothing.csv", people["coder"].username, r"nothing\.csv")


def test_a_folder_is_no_file(people, tmp_path):
    refused(tmp_path, people["coder"].username, "directory")


def test_a_file_of_another_kind_is_refused_with_the_kinds_that_are_read(people, tmp_path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    refused(picture, people["coder"].username, "This is an image. Concord reads: XLSX, X12 837P")


def test_the_same_file_again_is_another_upload(people, visits):
    for _ in range(2):
        receive(visits, people["coder"].username)
    first, second = Upload.objects.order_by("pk")
    assert first.content_hash == second.content_hash
    assert first.public_id != second.public_id


def test_a_family_is_given_by_its_key(people, hip, visits):
    receive(visits, people["coder"].username, rule_set=factories.HIP)
    assert Upload.objects.get().rule_set == hip.rule_set


def test_no_file_comes_under_the_name_of_what_is_typed(people, visits):
    refused(visits, people["coder"].username, "Name the sending system otherwise", source="typed")
