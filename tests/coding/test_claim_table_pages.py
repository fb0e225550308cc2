"""Tables for claims in the administration: a file is looked at, loaded, and stands in the list with what it gave."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coding.models import AuditEvent, PairEdit, TableRelease

ADD = "admin:coding_tablerelease_add"
PAIRS = b"column1,column2,modifier_indicator,rationale\n25605,64417,0,More\n"


def send(client, content=PAIRS, **values):
    file = SimpleUploadedFile("ptp_2024-07.csv", content)
    form = {"table": "pairs", "program": "medicare", "valid_from": "", "file": file, **values}
    return client.post(reverse(ADD), form, follow=True).content.decode()


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def test_a_look_reads_the_file_and_loads_nothing(author):
    assert "1 rows of NCCI pairs 2024 Q3 would be loaded, and nothing was" in send(author, dry_run="on")
    assert not TableRelease.objects.exists()
    assert not PairEdit.objects.exists()
    assert not AuditEvent.objects.filter(event="claim_table.loaded").exists()


def test_a_loaded_file_stands_in_the_list_with_its_rows(author):
    page = send(author)
    assert "1 rows of NCCI pairs 2024 Q3 loaded" in page
    assert '<td class="field-number_of_rows">1</td>' in page
    release = TableRelease.objects.get()
    detail = author.get(reverse("admin:coding_tablerelease_change", args=[release.pk])).content.decode()
    assert "ptp_2024-07.csv" in detail
    assert 'name="_save"' not in detail


def test_a_wrong_file_is_told_of_on_the_form(author):
    page = send(author, PAIRS + b"25605,120\n")
    assert "Line 3 has 2 cells, and 4 are needed" in page
    assert not TableRelease.objects.exists()


def test_a_second_look_at_what_is_loaded_says_so(author):
    send(author)
    assert "Everything in it is loaded already." in send(author)


def test_who_may_not_load_is_refused(people, client):
    client.force_login(people["rule approver"])
    assert client.get(reverse(ADD)).status_code == 403
