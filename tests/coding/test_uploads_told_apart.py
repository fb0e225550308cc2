"""Uploads are told apart by name, format, items and state; they lead to their encounters, and those back to them."""

import pytest
from django.urls import reverse

from coding.actions import doubled_rows, uploads
from coding.importing import counts
from coding.models import Encounter, Upload
from coding.work import leases
from reviews.actions import voiding
from tests import factories, incoming
from tests.incoming import bad_row, checked, imported, row, table, work
from tests.intake import samples
from tests.reviews.whole_pages import whole_page


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def text_of(client, address, **parameters):
    return " ".join(client.get(address, parameters).content.decode().split())


def listed(client, **parameters):
    return list(client.get(reverse("uploads"), parameters).context["page"])


def items(client):
    """What the list says of the items of its first upload."""
    first = client.get(reverse("uploads")).context["listed"][0]
    return first.total, dict(first.counts)


def test_the_list_names_file_format_and_size(people, coder):
    uploads.receive(people["coder"], [table(row())], "csv", "his", None, "march 31.csv")
    page = text_of(coder, reverse("uploads"))
    assert "march 31.csv" in page
    assert "CSV, 1" in page


def test_the_items_are_counted_by_what_they_are_and_by_what_became_of_them(people, coder):
    upload = checked(people, row("V-1"), bad_row("V-2"), row("V-3"), row("V-3"))
    assert items(coder) == (4, {"New": 2, "Unchanged": 1, "Rejected": 1})
    uploads.start_import(people["coder"], upload)
    work()
    assert items(coder) == (4, {"Imported": 2, "Unchanged": 1, "Rejected": 1})


def test_remarks_are_counted_beside_the_items(people, coder):
    checked(people, row(payer="#REF!"))
    total, words = items(coder)
    assert (total, words["with remarks"]) == (1, 1)


def test_while_a_job_runs_the_items_are_counted_as_they_are(people, coder, monkeypatch):
    monkeypatch.setattr("coding.importing.dry_run.CHUNK_ITEMS", 1)
    factories.upload(people, table(row("V-1"), row("V-2")))
    leases.work_on(leases.claim())
    leases.close_finished()
    leases.work_on(leases.claim())
    assert items(coder) == (1, {"New": 1})
    work()
    assert items(coder) == (2, {"New": 2})


def test_a_choice_between_items_of_one_id_is_counted(people, coder):
    upload = checked(people, row(), row(payer="Union"))
    assert items(coder) == (2, {"Id stands there twice": 2})
    doubled_rows.choose(people["coder"], upload, "V-1", 1)
    assert items(coder) == (2, {"New": 1, "Rejected": 1})


def test_any_number_of_uploads_is_counted_with_one_query(people, django_assert_num_queries):
    for number in range(3):
        checked(people, row(f"V-{number}"))
    Upload.objects.update(counts=None)
    rows = list(Upload.objects.all())
    with django_assert_num_queries(1):
        assert [shown.total for shown in counts.listed(rows)] == [1, 1, 1]


# Filters.


def test_uploads_are_narrowed_by_system_format_person_and_day(people, coder):
    own = uploads.receive(people["coder"], [table(row())], "csv", "his")
    other = uploads.receive(people["coder", 2], [samples.dft("V1")], "hl7", "clinic")
    assert listed(coder) == [other, own]
    assert listed(coder, source="HIS") == [own]
    assert listed(coder, format="hl7") == [other]
    assert listed(coder, whose="mine") == [own]
    assert listed(coder, from_day="2999-01-01") == []
    assert "Nothing matches. Clear the filters." in text_of(
        coder, reverse("uploads"), from_day="2999-01-01"
    )


def test_uploads_are_narrowed_by_what_comes_next(people, coder):
    unnamed = uploads.receive(people["coder"], [table(row())], "csv", "")
    to_match = factories.upload(people, incoming.FOREIGN.encode())
    done = imported(people, row())
    to_import = checked(people, row("V-2"))
    running = factories.upload(people, table(row("V-3")))
    stopped = factories.upload(people, table(row("V-4")))
    uploads.cancel(people["coder"], incoming.now(stopped))
    assert listed(coder, standing="ask") == [to_match, unnamed]
    assert listed(coder, standing="import") == [to_import]
    assert listed(coder, standing="imported") == [done]
    assert listed(coder, standing="working") == [running]
    assert listed(coder, standing="stopped") == [stopped]


def test_the_filter_stands_on_page_two_too(people, coder):
    for _ in range(26):
        uploads.receive(people["coder"], [b"external_id\n"], "csv", "his")
    uploads.receive(people["coder"], [b"external_id\n"], "csv", "clinic")
    assert len(listed(coder, source="his", page="2")) == 1
    assert "source=his" in text_of(coder, reverse("uploads"), source="his")


# To the encounters and back.


def test_an_upload_leads_to_the_encounters_that_it_brought_or_corrected_and_no_others(
    people, coder
):
    imported(people, row("V-1"), row("V-2"))
    second = imported(people, row("V-1", payer="Union"), row("V-3"))
    address = f"{reverse('worklist')}?upload={second.public_id}"
    assert address in text_of(coder, second.get_absolute_url())
    page = coder.get(address)
    assert {encounter.external_id for encounter in page.context["page"]} == {"V-1", "V-3"}
    assert second.get_absolute_url() in page.content.decode()


def test_the_encounters_of_an_upload_are_all_listed_void_ones_too(people, coder):
    upload = imported(people, row("V-1"))
    voiding.void(people["supervisor"], Encounter.objects.get(), "Registered twice.")
    page = coder.get(reverse("worklist"), {"upload": upload.public_id}).context["page"]
    assert [encounter.state for encounter in page] == ["void"]


def test_an_encounter_leads_back_to_its_upload_with_its_place_there(people, coder):
    upload = imported(people, row("V-1"), row("V-2"))
    encounter = Encounter.objects.get(external_id="V-2")
    page = whole_page(coder, encounter)
    assert upload.get_absolute_url() in page
    assert "line 3, item 2, imported" in page


def test_whoever_may_not_see_uploads_reads_where_it_came_from_without_a_link(people, client):
    upload = imported(people, row("V-1"))
    client.force_login(people["supervisor"])
    page = whole_page(client, Encounter.objects.get())
    assert "line 2, item 1, imported" in page
    assert upload.get_absolute_url() not in page
