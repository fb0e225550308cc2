"""Tables for claims in the administration: files are looked at, loaded by the workers, and stand in the lists."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coding.models import AuditEvent, PairEdit, TableLoad, TableLoadPart, TableRelease
from coding.work import leases
from tests.incoming import work

ADD, LOADS = "admin:coding_tablerelease_add", "admin:coding_tableload_changelist"
HEAD = b"column1,column2,modifier_indicator,rationale\n"
PAIRS = HEAD + b"25605,64417,0,More\n"


def send(client, *contents, **values):
    """Send files of one quarter, let the workers read them, and open the list of loads."""
    names = [f"ptp_2024-07_f{number}.csv" for number, _ in enumerate(contents or [PAIRS])]
    files = [SimpleUploadedFile(*named) for named in zip(names, contents or [PAIRS], strict=True)]
    form = {"table": "pairs", "program": "medicare", "valid_from": "", "file": files, **values}
    page = client.post(reverse(ADD), form, follow=True)
    if not page.redirect_chain:
        return page.content.decode()
    work()
    return client.get(reverse(LOADS)).content.decode()


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def test_a_look_reads_the_file_and_loads_nothing(author):
    assert "1 rows of NCCI pairs 2024 Q3 would be loaded, and nothing was" in send(
        author, only_look="on"
    )
    assert not TableRelease.objects.exists()
    assert not PairEdit.objects.exists()
    assert not AuditEvent.objects.filter(event="claim_table.loaded").exists()


def test_the_parts_of_a_quarter_are_loaded_together_and_stand_in_the_list(author):
    page = send(author, PAIRS, HEAD + b"25605,29125,1,More\n")
    assert "ptp_2024-07_f1.csv: 1 rows of NCCI pairs 2024 Q3 loaded" in page
    assert "Done, 3 of 3 steps" in page
    release = TableRelease.objects.get()
    assert (
        '<td class="field-number_of_rows">2</td>'
        in author.get(reverse("admin:coding_tablerelease_changelist")).text
    )
    detail = author.get(reverse("admin:coding_tablerelease_change", args=[release.pk])).text
    assert "ptp_2024-07_f0.csv" in detail
    assert 'name="_save"' not in detail


def test_of_a_wrong_part_nothing_is_loaded_and_it_is_named(author):
    page = send(author, PAIRS, PAIRS + b"25605,120\n")
    assert "ptp_2024-07_f1.csv: Line 3 has 2 cells, and 4 are needed" in page
    assert not TableRelease.objects.exists()


def test_values_that_stand_otherwise_are_never_overwritten(author):
    send(author)
    assert "with other values" in send(author, HEAD + b"25605,64417,1,More\n")
    assert not PairEdit.objects.get().may_be_opened


def test_a_second_look_at_what_is_loaded_says_so(author):
    send(author)
    assert "Everything in it is loaded already." in send(author)


def test_nothing_is_kept_of_files_that_were_read(author):
    send(author)
    assert TableLoad.objects.get().files.get().size == len(PAIRS)
    assert not TableLoadPart.objects.exists()


def test_files_that_wait_stand_in_the_list_and_more_than_a_server_takes_is_refused(
    author, settings
):
    form = {
        "table": "pairs",
        "program": "medicare",
        "file": SimpleUploadedFile("ptp_2024-07.csv", PAIRS),
    }
    assert "Running, 0 of 2 steps" in author.post(reverse(ADD), form, follow=True).content.decode()
    settings.UPLOAD_BYTES = 10
    assert "Load them by the command" in send(author)
    assert TableLoad.objects.count() == 1


def test_a_worker_that_stops_in_the_middle_leaves_the_release_as_it_was(author, monkeypatch):
    from coding.actions import claim_tables

    send(author)
    stored = claim_tables.TablePart.objects.create

    def stop(**values):
        raise MemoryError

    monkeypatch.setattr(claim_tables.TablePart.objects, "create", stop)
    file = SimpleUploadedFile("ptp_2024-07_f2.csv", HEAD + b"25607,29125,1,More\n")
    author.post(reverse(ADD), {"table": "pairs", "program": "medicare", "file": file})
    for _ in ("reads the file", "loads it"):
        leases.work_on(leases.claim())
    assert PairEdit.objects.count() == 1

    monkeypatch.setattr(claim_tables.TablePart.objects, "create", stored)
    work()
    assert PairEdit.objects.count() == 2


def test_who_may_not_load_is_refused(people, client):
    client.force_login(people["rule approver"])
    assert client.get(reverse(ADD)).status_code == 403
    assert client.get(reverse(LOADS)).status_code == 403
