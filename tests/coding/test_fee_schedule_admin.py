"""Fee schedules in the administration: uploaded, read, and neither edited nor deleted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.models import FeeScheduleRelease
from tests.coding.fee_files import dated, file_of, load

RELEASES = "admin:coding_feeschedulerelease_changelist"
ADD = "admin:coding_feeschedulerelease_add"


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def upload(client, data, **fields):
    file = SimpleUploadedFile("rvu.csv", data)
    return client.post(reverse(ADD), {"file": file, **fields}, follow=True)


def test_a_rule_author_uploads_a_release_and_reads_its_values(people, author):
    assert "Valid from" in author.get(reverse(ADD)).text
    page = upload(author, file_of({}, {"hcpcs": "27257"}), valid_from="2024-07-01", name="July")
    assert page.redirect_chain[-1][0] == reverse(RELEASES)
    assert "Loaded: July." in page.text
    release = FeeScheduleRelease.objects.get()
    assert release.loaded_by == people["rule author"]
    values = (
        f"{reverse('admin:coding_feeschedulevalue_changelist')}?release__id__exact={release.pk}"
    )
    assert f'<a href="{values}">2</a>' in page.text
    shown = author.get(f"{values}&q=27257").text
    assert "27257" in shown
    assert "27256" not in shown
    assert (
        "July"
        in author.get(reverse("admin:coding_feeschedulerelease_change", args=[release.pk])).text
    )


def test_the_same_upload_again_says_that_it_is_loaded(author):
    for _ in range(2):
        page = upload(author, file_of(), valid_from="2024-07-01")
    assert "Everything in it is loaded already." in page.text
    assert FeeScheduleRelease.objects.count() == 1


def test_what_is_wrong_with_an_upload_is_told_on_the_form(author):
    page = upload(author, file_of({"work_rvu": "x"}, {"mod": "L"}), valid_from="2024-07-01")
    assert "Line 2, column work_rvu: “x” is no number" in page.text
    assert "Line 3, column mod: “L” is no modifier" in page.text
    assert "Give the date from which the release is valid." in upload(author, file_of()).text
    load(file_of())
    page = upload(author, file_of({"work_rvu": "5"}), valid_from="2024-07-01")
    assert "Releases are never overwritten" in page.text
    assert "This field is required." in author.post(reverse(ADD), {"name": "July"}).text


def test_releases_are_neither_edited_nor_deleted(author):
    [release] = load(file_of())
    value = release.values.get()
    for name, key in (("feeschedulerelease", release.pk), ("feeschedulevalue", value.pk)):
        for verb, data in (("change", {"name": "x", "code": "x"}), ("delete", {"post": "yes"})):
            url = reverse(f"admin:coding_{name}_{verb}", args=[key])
            assert author.post(url, data).status_code == 403
    assert author.get(reverse("admin:coding_feeschedulevalue_add")).status_code == 403


def test_an_approver_finds_no_fee_schedules_in_the_administration(people, client):
    client.force_login(people["rule approver"])
    assert client.get(reverse(RELEASES)).status_code == 403
    assert upload(client, file_of(), valid_from="2024-07-01").status_code == 403


def test_the_list_of_releases_takes_the_same_queries_however_many_there_are(author):
    counts = []
    for months in (range(1, 2), range(2, 9)):
        load(file_of(*(dated(f"2024-0{month}-01", f"m{month}") for month in months)), None)
        with CaptureQueriesContext(connection) as queries:
            assert author.get(reverse(RELEASES)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
