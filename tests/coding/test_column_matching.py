"""The page on which the columns of a table are matched to fields: what is proposed, what is taken, what is refused."""

import uuid

import pytest

from coding.actions import uploads
from coding.intake.column_names import FIELDS
from coding.intake.columns import REQUIRED
from coding.intake.drafts import Layout
from coding.models import AuditEvent, SourceLayout
from tests import factories, incoming
from tests.incoming import work

COLUMNS = incoming.FOREIGN_COLUMNS


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


@pytest.fixture
def upload(people):
    """A table of another system that waits for its columns to be matched."""
    upload = factories.upload(people, incoming.FOREIGN.encode())
    work()
    return incoming.now(upload)


def send(client, upload, **changes):
    data = {"idempotency_key": uuid.uuid4(), "date_order": "mdy", **COLUMNS, **changes}
    return client.post(upload.get_absolute_url(), data)


def errors(response, upload):
    """What is wrong with the form; nothing was matched by it."""
    assert response.status_code == 422
    assert incoming.now(upload).waits_for_columns
    assert not SourceLayout.objects.exists()
    return response.context["form"].errors


def test_the_columns_whose_names_are_known_are_proposed_and_no_others(coder, upload):
    form = coder.get(upload.get_absolute_url()).context["form"]
    proposed = {name: form[name].value() for name in FIELDS if form[name].value()}
    assert proposed == {name: header for name, header in COLUMNS.items() if name != "provider"}
    assert form["date_order"].value() == "mdy"


def test_each_field_offers_every_column_and_none(coder, upload):
    form = coder.get(upload.get_absolute_url()).context["form"]
    headers = incoming.FOREIGN.splitlines()[0].split(",")
    for name in FIELDS:
        assert [value for value, _ in form.fields[name].choices] == ["", *headers]


def test_the_first_rows_are_shown_beside_the_form(coder, upload):
    page = coder.get(upload.get_absolute_url()).content.decode()
    for text in ("Visit number", "05/31/2026", "Left hip out.", "Match the columns of his"):
        assert text in page


def test_matched_columns_lead_back_to_the_upload_which_is_then_checked(coder, upload):
    assert send(coder, upload).url == upload.get_absolute_url()
    work()
    assert incoming.states(upload) == ["new"]
    page = coder.get(upload.get_absolute_url()).content.decode()
    assert "Its columns, as they were matched" in page
    assert "Narrative" in page


@pytest.mark.parametrize("name", REQUIRED)
def test_a_field_that_every_encounter_needs_wants_its_column(coder, upload, name):
    assert errors(send(coder, upload, **{name: ""}), upload)[name] == [
        "Choose the column that holds it."
    ]


@pytest.mark.parametrize("name", sorted(set(FIELDS) - {*REQUIRED, "note"}))
def test_a_field_that_an_encounter_may_lack_needs_no_column(coder, upload, name):
    assert send(coder, upload, **{name: ""}).status_code == 302


def test_a_table_needs_a_column_of_notes_or_of_codes(coder, upload):
    problems = errors(send(coder, upload, note="", service_lines=""), upload)
    assert problems == {"note": ["Choose the column of the notes, or that of the procedure codes."]}
    assert send(coder, upload, note="", service_lines="Narrative").status_code == 302


def test_a_column_means_one_thing(coder, upload):
    problems = errors(send(coder, upload, payer="Seen by"), upload)
    assert problems == {"payer": ["“Seen by” is chosen for provider already."]}


def test_a_column_that_the_file_lacks_is_refused(coder, upload):
    assert "Select a valid choice" in " ".join(
        errors(send(coder, upload, note="Remarks"), upload)["note"]
    )


@pytest.mark.parametrize("order", ["", "ydm"])
def test_an_order_of_dates_that_is_none_is_refused(coder, upload, order):
    assert "date_order" in errors(send(coder, upload, date_order=order), upload)


def test_what_was_chosen_stands_in_the_form_that_comes_back(coder, upload):
    form = send(coder, upload, provider="", note="Seen by").context["form"]
    assert (form["note"].value(), form["date_order"].value()) == ("Seen by", "mdy")


def test_the_same_form_sent_twice_matches_once_and_leads_to_the_same_page(coder, upload):
    key = uuid.uuid4()
    addresses = {send(coder, upload, idempotency_key=key).url for _ in range(2)}
    assert addresses == {upload.get_absolute_url()}
    assert AuditEvent.objects.filter(event="upload.matched").count() == 1


def test_a_form_that_lacks_a_field_is_told_that_the_columns_were_matched_meanwhile(
    people, coder, upload
):
    uploads.match_columns(people["coder", 2], upload, Layout(COLUMNS, "mdy"))
    response = send(coder, upload, provider="")
    assert response.status_code == 409
    assert "were matched already" in response.content.decode()


def test_whoever_matches_while_somebody_else_did_is_told_and_led_back(people, coder, upload):
    uploads.match_columns(people["coder", 2], upload, Layout(COLUMNS, "mdy"))
    response = send(coder, upload, date_order="dmy")
    assert response.status_code == 409
    assert f'href="{upload.get_absolute_url()}">Look at it again' in response.content.decode()
    assert SourceLayout.objects.get().layout["date_order"] == "mdy"


def test_an_auditor_sees_the_rows_and_matches_nothing(people, client, upload):
    client.force_login(people["auditor"])
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "Visit number" in page
    assert "Fields and columns" not in page
    assert send(client, upload).status_code == 403
    assert incoming.now(upload).waits_for_columns


def test_a_long_cell_is_cut_on_the_page(people, coder):
    content = incoming.FOREIGN.replace("Left hip out.", "Left hip out. " * 20)
    upload = factories.upload(people, content.encode())
    work()
    page = coder.get(upload.get_absolute_url()).content.decode()
    assert "Left hip out. Left hip out." in page
    assert "Left hip out. " * 5 not in page
