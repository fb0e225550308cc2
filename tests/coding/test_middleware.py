"""What stands before every page: requests that are too large, and refusals that say what to do."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from coding.actions import uploads
from coding.actions.errors import Conflict
from coding.views.middleware import FORM_BYTES
from tests import factories
from tests.incoming import row, table

MOST = 1000


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


# The size of a request.


def announce(client, length):
    return client.get("/healthz", CONTENT_LENGTH=length)


@pytest.mark.parametrize(
    ("length", "status"), [(MOST + FORM_BYTES, 200), (MOST + FORM_BYTES + 1, 413)]
)
def test_a_file_of_the_largest_size_fits_with_the_rest_of_its_form_and_no_byte_more(
    client, db, settings, length, status
):
    settings.UPLOAD_BYTES = MOST
    assert announce(client, str(length)).status_code == status


@pytest.mark.parametrize("length", ["", "none", "-1", "1e99", "²"])
def test_a_length_that_is_none_is_left_to_the_server(client, db, settings, length):
    settings.UPLOAD_BYTES = 0
    assert announce(client, length).status_code == 200


def test_who_sent_too_much_is_told_how_much_is_taken_and_whom_to_ask(client, db, settings):
    settings.UPLOAD_BYTES = 200 * 1024 * 1024
    page = announce(client, "999999999999").content.decode()
    assert "200.0" in page
    assert "Split it, or ask an operator to take it in." in page
    assert reverse("uploads") in page


# Refusals.


def refuse(monkeypatch, error):
    """Let the worklist's page end with an error, as a broken database would."""

    def broken(*args, **options):
        raise error

    monkeypatch.setattr("reviews.views.worklist.stretch_of", broken)


def test_a_refusal_is_a_page_with_its_words_and_where_to_go_on(coder, monkeypatch):
    refuse(monkeypatch, Conflict("Somebody <else> was faster."))
    response = coder.get(reverse("worklist"))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Somebody &lt;else&gt; was faster." in page
    assert 'id="refusal" role="alert"' in page
    assert "Go to the start page" in page


@pytest.mark.parametrize(
    ("name", "code"),
    [("sqlstate", "40P01"), ("sqlstate", "55P03"), ("sqlite_errorname", "SQLITE_BUSY")],
)
def test_what_the_database_gave_up_for_another_change_is_asked_for_once_more(
    coder, monkeypatch, name, code
):
    collision = OperationalError("deadlock detected")
    collision.__cause__ = Exception()
    setattr(collision.__cause__, name, code)
    refuse(monkeypatch, collision)
    response = coder.get(reverse("worklist"))
    assert response.status_code == 409
    assert "nothing of yours was stored. Send it once more." in response.text


def test_a_page_that_cannot_be_shown_does_not_lead_back_to_itself(coder, monkeypatch):
    refuse(monkeypatch, Conflict("Somebody was faster."))
    assert "Look at it again" not in coder.get(reverse("worklist")).content.decode()


def test_a_number_that_no_database_holds_is_a_request_that_makes_no_sense(coder, monkeypatch):
    refuse(monkeypatch, OverflowError("Python int too large to convert to SQLite INTEGER"))
    assert coder.get(reverse("worklist")).status_code == 400


def test_a_row_that_was_chosen_by_an_id_that_is_none_makes_no_sense(people, client):
    client.force_login(people["administrator"])
    chosen = {"action": "end_sessions", "_selected_action": ["zz"]}
    assert client.post(reverse("admin:coding_user_changelist"), chosen).status_code == 400


def test_what_is_no_refusal_is_an_error_of_ours_without_its_words(people, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(people["coder"])
    refuse(monkeypatch, ValueError(factories.CANARY))
    response = client.get(reverse("worklist"))
    assert response.status_code == 500
    page = response.content.decode()
    assert factories.CANARY not in page
    assert "Concord" in page


def test_a_refused_button_answers_htmx_with_the_part_that_it_shows(people, coder):
    upload = factories.upload(people, table(row()))
    address = reverse("start-import", args=[upload.public_id])
    response = coder.post(address, headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert "The file is not checked to its end." in response.content.decode()
    assert 'id="refusal"' in response.content.decode()


def test_a_refusal_changes_nothing(people, coder):
    upload = factories.upload(people, table(row()))
    uploads.pause(people["coder"], upload)
    response = coder.post(reverse("steer-upload", args=[upload.public_id]), {"verb": "pause"})
    assert response.status_code == 409
    assert "It cannot be paused: it is paused." in response.content.decode()
