"""The page of an upload: how far it is, what its rows are, and the buttons that make sense at that moment."""

import pytest

from coding.actions import uploads
from coding.importing import dry_run
from coding.models import ChunkState, Job, JobChunk, JobState
from coding.work import leases
from tests import factories, incoming
from tests.incoming import bad_row, checked, imported, row, table, work


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def text_of(client, upload, **parameters):
    return " ".join(client.get(upload.get_absolute_url(), parameters).content.decode().split())


def buttons(page):
    """The verbs that the page offers."""
    names = {"Pause": ">Pause<", "Resume": ">Resume<", "Cancel": ">Cancel<", "Import": ">Import "}
    return [name for name, text in names.items() if text in page]


def rows_shown(client, upload, **parameters):
    return [
        row.external_id for row in client.get(upload.get_absolute_url(), parameters).context["page"]
    ]


# Where it stands, and what can be done.


def test_a_file_that_is_being_checked_can_be_paused_and_cancelled_and_asks_for_itself(
    people, coder
):
    upload = factories.upload(people, table(row()))
    page = text_of(coder, upload)
    assert buttons(page) == ["Pause", "Cancel"]
    assert 'hx-trigger="every 1s"' in page
    assert "0 items checked." in page


def test_a_page_that_asks_for_itself_lists_what_asks_for_a_look_once_there_is_something(
    people, coder
):
    upload = factories.upload(people, table(row()))
    assert "?page=1" in text_of(coder, upload)
    assert "?state=new&amp;page=1" in text_of(coder, upload, state="new")
    assert rows_shown(coder, checked(people, row("V-2"), source="b")) == ["V-2"]


def test_what_is_rejected_is_not_taken_with_remarks(people, coder):
    upload = checked(people, row("V-1"), bad_row("V-2"))
    upload.rows.update(has_remarks=True)
    assert rows_shown(coder, upload, state="remarks") == ["V-1"]


def test_a_paused_file_can_be_resumed_and_cancelled_and_stands_still(people, coder):
    upload = factories.upload(people, table(row()))
    uploads.pause(people["coder"], upload)
    page = text_of(coder, upload)
    assert buttons(page) == ["Resume", "Cancel"]
    assert "hx-trigger" not in page


def test_a_checked_file_offers_its_import_with_the_number_of_encounters(people, coder):
    page = text_of(coder, checked(people, row("V-1"), row("V-2"), bad_row("V-3")))
    assert buttons(page) == ["Import"]
    assert "Import 2 encounters" in page
    assert "100 of 100" in page


def test_a_checked_file_without_a_good_row_offers_no_import(people, coder):
    page = text_of(coder, checked(people, bad_row()))
    assert buttons(page) == []
    assert "Nothing to import." in page


def test_an_imported_file_says_how_many_came_in_and_offers_nothing_more(people, coder):
    page = text_of(coder, imported(people, row("V-1"), bad_row("V-2")))
    assert buttons(page) == []
    assert "Items imported" in page
    assert "1 of 1" in page


def test_a_cancelled_file_says_that_what_was_imported_stays(people, coder):
    upload = checked(people, row())
    uploads.start_import(people["coder"], upload)
    uploads.cancel(people["coder"], incoming.now(upload))
    page = text_of(coder, upload)
    assert buttons(page) == []
    assert "Cancelled. What was imported stays." in page


def test_a_file_that_failed_says_who_finds_the_cause_and_can_be_resumed(people, coder):
    upload = factories.upload(people, table(row()))
    JobChunk.objects.update(state=ChunkState.FAILED)
    Job.objects.update(state=JobState.FAILED)
    page = text_of(coder, upload)
    assert (
        "An operator finds the cause in the log of the worker; then it can be resumed, or cancelled."
        in page
    )
    assert buttons(page) == ["Resume", "Cancel"]


def test_how_much_of_a_file_was_read_is_told_in_percent_and_never_as_all_before_its_end(
    people, coder, monkeypatch
):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", 1)
    upload = factories.upload(people, table(row("V-1"), row("V-2")))
    percents = []
    while leases.has_work():
        leases.work_on(leases.claim())
        percents.append(coder.get(upload.get_absolute_url()).context["percent_read"])
    assert percents == sorted(percents)
    assert 0 < percents[1] < 99
    assert percents[-1] == 99
    leases.close_finished()
    assert coder.get(upload.get_absolute_url()).context["percent_read"] == 100


def test_a_file_that_cannot_be_read_at_all_says_only_why(people, coder):
    upload = factories.upload(people, b"\n")
    work()
    page = text_of(coder, upload)
    assert "The file is empty. Send a file with a header line" in page
    assert "up to here only" not in page


# Its rows.


def test_the_rejected_rows_are_shown_first_with_their_place_and_what_is_wrong(people, coder):
    upload = checked(people, row("V-1"), bad_row("V-2"))
    assert rows_shown(coder, upload) == ["V-2"]
    page = text_of(coder, upload)
    assert "line 3" in page
    assert "Date of service: there is no such day." in page
    assert f"Found: {incoming.NEVER}." in page


def test_each_state_that_rows_are_in_can_be_looked_at(people, coder):
    upload = checked(people, row("V-1"), bad_row("V-2"), row("V-1"))
    assert coder.get(upload.get_absolute_url()).context["totals"] == [
        ("new", "New", 1),
        ("unchanged", "Unchanged", 1),
        ("rejected", "Rejected", 1),
    ]
    for state, expected in (
        ("new", ["V-1"]),
        ("unchanged", ["V-1"]),
        ("rejected", ["V-2"]),
        ("skipped", []),
    ):
        assert rows_shown(coder, upload, state=state) == expected


@pytest.mark.parametrize("state", ["", "lost", "\0", "NEW"])
def test_a_state_that_is_none_shows_the_rejected_rows(people, coder, state):
    upload = checked(people, row("V-1"), bad_row("V-2"))
    assert rows_shown(coder, upload, state=state) == ["V-2"]


def test_the_second_page_of_rows_keeps_the_state_that_was_asked_for(people, coder):
    upload = checked(people, *(row(f"V-{number}") for number in range(27)))
    assert rows_shown(coder, upload, state="new", page="2") == ["V-25", "V-26"]
    assert "?state=new&amp;page=2" in text_of(coder, upload, state="new")


def test_a_change_names_the_fields_and_an_imported_row_leads_to_its_encounter(people, coder):
    first = imported(people, row("V-1"))
    encounter = first.rows.get().encounter
    assert f'href="{encounter.get_absolute_url()}">V-1' in text_of(coder, first, state="imported")
    changed = checked(people, row("V-1", payer="Southern", provider="Dr. Weiss"))
    page = text_of(coder, changed, state="changed")
    assert "What it would change" in page
    assert "Southern" in page
    assert "Dr. Weiss" in page


def test_another_uploads_rows_are_not_shown(people, coder):
    checked(people, bad_row("V-1"))
    second = checked(people, bad_row("V-2"))
    assert rows_shown(coder, second) == ["V-2"]
