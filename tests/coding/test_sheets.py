"""A workbook with several sheets: a person chooses which one is read, and the hidden ones are named."""

import io
import uuid

import pytest
import xlsxwriter
from django.urls import reverse

from coding.actions import uploads
from coding.models import SourceLayout, Upload
from tests import incoming
from tests.incoming import FOREIGN_COLUMNS, work

HEADER, ROW = ([*line.split(",")] for line in incoming.FOREIGN.splitlines())


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def workbook(*sheets, hidden=()):
    """A workbook of these sheets, each with one encounter whose id is the sheet's name."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name in (*sheets, *hidden):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, [ROW[0], name, *ROW[2:]])
            if name in hidden:
                sheet.hide()
    return out.getvalue()


def sent(people, content, source="his"):
    upload = uploads.receive(people["coder"], [content], "xlsx", source)
    work()
    return incoming.now(upload)


def match(client, upload, sheet):
    data = {"idempotency_key": uuid.uuid4(), "date_order": "mdy", **FOREIGN_COLUMNS, "sheet": sheet}
    response = client.post(upload.get_absolute_url(), data)
    work()
    return response


def ids(upload):
    return list(upload.rows.values_list("external_id", flat=True))


def test_the_sheets_that_people_see_are_offered_and_the_hidden_ones_are_named(people, coder):
    upload = sent(people, workbook("March", "April", hidden=["Old"]))
    page = coder.get(upload.get_absolute_url()).content.decode()
    assert upload.waits_for_columns
    assert "Which sheet is read?" in page
    assert ">March</a>" in page
    assert ">April</a>" in page
    assert "Hidden sheets, which are not read: Old." in page


def test_each_sheet_shows_its_own_rows_under_an_address_without_its_name(people, coder):
    upload = sent(people, workbook("March", "April"))
    page = coder.get(upload.get_absolute_url(), {"sheet": "1"})
    assert page.context["sheet"] == "April"
    assert page.context["table"].rows[0][1] == "April"
    assert page.context["form"]["sheet"].value() == "April"


@pytest.mark.parametrize("asked", ["", "9", "x", "-1"])
def test_what_names_no_sheet_shows_the_first(people, coder, asked):
    upload = sent(people, workbook("March", "April"))
    assert coder.get(upload.get_absolute_url(), {"sheet": asked}).context["sheet"] == "March"


@pytest.mark.parametrize("sheet", ["March", "April"])
def test_the_sheet_that_was_chosen_is_read_and_the_others_are_remarked(people, coder, sheet):
    upload = sent(people, workbook("March", "April", hidden=["Old"]))
    assert match(coder, upload, sheet).status_code == 302
    upload = incoming.now(upload)
    assert ids(upload) == [sheet]
    other = "April" if sheet == "March" else "March"
    remarks = [remark["text"] for remark in upload.rows.get().remarks]
    assert any(f"the sheet “{other}”" in text for text in remarks)
    assert any("the hidden sheet “Old”" in text for text in remarks)
    assert sheet in coder.get(upload.get_absolute_url()).content.decode()


def test_a_form_that_came_back_stays_on_its_sheet(people, coder):
    upload = sent(people, workbook("March", "April"))
    data = {
        "idempotency_key": uuid.uuid4(),
        "date_order": "mdy",
        **FOREIGN_COLUMNS,
        "note": "",
        "sheet": "April",
    }
    response = coder.post(upload.get_absolute_url(), data)
    assert response.status_code == 422
    assert (response.context["sheet"], response.context["form"]["sheet"].value()) == (
        "April",
        "April",
    )


def test_the_next_workbook_is_read_alone_where_its_sheet_has_the_same_name(people, coder):
    match(coder, sent(people, workbook("March", "April")), "April")
    again = sent(people, workbook("March", "April"))
    assert not again.waits_for_columns
    assert ids(again) == ["April"]


def test_or_where_one_sheet_alone_has_its_columns(people, coder):
    match(coder, sent(people, workbook("March", "April")), "April")
    again = sent(people, workbook("May"))
    assert ids(again) == ["May"]


def test_where_several_others_have_them_a_person_is_asked_again(people, coder):
    match(coder, sent(people, workbook("March", "April")), "April")
    assert sent(people, workbook("May", "June")).waits_for_columns


def test_a_workbook_of_one_sheet_that_people_see_asks_for_none(people, coder):
    upload = sent(people, workbook("March", hidden=["Old"]))
    page = coder.get(upload.get_absolute_url()).content.decode()
    assert "Which sheet is read?" not in page
    assert "Hidden sheets, which are not read: Old." in page


def test_a_sheet_named_encounters_is_read_without_asking_which(people, coder):
    upload = sent(people, workbook("March", "Encounters"))
    assert "Which sheet is read?" not in coder.get(upload.get_absolute_url()).content.decode()
    match(coder, upload, "")
    assert ids(incoming.now(upload)) == ["Encounters"]


def test_the_rejected_part_is_taken_from_the_sheet_that_was_read(people, coder):
    content = workbook("March", "April")
    upload = sent(people, content)
    match(coder, upload, "April")
    Upload.objects.get().rows.update(state="rejected", errors=[])
    response = coder.post(reverse("rejected-rows", args=[upload.public_id]))
    again = sent(people, b"".join(response.streaming_content))
    assert ids(again) == ["April"]
    assert SourceLayout.objects.get().layout["sheet"] == "April"
