"""Whatever people write sentences into outlives their session: the form begins with it, and it goes when it is sent."""

import re
import uuid
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from coding.importing.write_encounters import record_of
from coding.models import KeptText
from reviews.actions import corrections
from reviews.models import CaseComment
from tests import factories, incoming

TYPED = "The parents were told of it."


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def author_on(page):
    [author] = re.findall(r'name="author" value="([^"]+)"', page.text)
    return author


def send_late(client, address, **fields):
    """What a browser sends of a page whose session has ended."""
    body = urlencode({"author": author_on(client.get(address)), **fields})
    client.logout()
    answer = client.post(address, body, content_type="application/x-www-form-urlencoded")
    assert answer["Location"] == f"{reverse('account_login')}?next={address}"


def form_of(client, address, person):
    client.force_login(person)
    return client.get(address).context["form"]


def test_an_encounter_with_a_long_note_is_typed_once_and_by_its_author(people, coder):
    address, note = reverse("new-encounter"), TYPED * 1000
    typed = {"external_id": "V-1", "note": note, "place_of_service": "11"}
    send_late(coder, address, **typed)
    form = form_of(coder, address, people["coder"])
    assert {name: form[name].value() for name in typed} == typed
    assert form_of(coder, address, people["coder", 2])["note"].value() is None
    coder.force_login(people["coder"])
    pasted = coder.post(address, {"pasted": "The note of another visit."})
    assert pasted.context["form"]["note"].value() == "The note of another visit."


def test_a_comment_is_there_again_until_it_is_made(people, hip, coder):
    address = reverse("case-comments", args=[factories.disputed(people, hip).public_id])
    send_late(coder, address, text=TYPED, acts=people["supervisor"].pk)
    form = form_of(coder, address, people["coder"])
    assert form["text"].value() == TYPED
    page = coder.get(address)
    data = {"idempotency_key": uuid.uuid4(), "text": TYPED, "author": author_on(page)}
    assert coder.post(address, data).status_code == 302
    assert CaseComment.objects.get().text == TYPED
    assert not KeptText.objects.exists()


def test_a_correction_that_was_typed_undoes_none_that_another_made_since(people, hip, coder):
    encounter = factories.encounter(people, hip)
    address = reverse("correct-encounter", args=[encounter.public_id])
    send_late(coder, address, note=TYPED, as_read="1")
    assert form_of(coder, address, people["coder"])["note"].value() == TYPED
    since = replace(record_of(encounter), note="Another note.")
    corrections.correct_typed(people["coder", 2], encounter, since, 1)
    assert form_of(coder, address, people["coder"])["note"].value() == "Another note."


def test_the_columns_that_were_chosen_for_a_file_are_chosen_once(people, coder):
    upload = factories.upload(people, incoming.FOREIGN.encode())
    incoming.work()
    address = upload.get_absolute_url()
    send_late(coder, address, external_id="MRN", date_order="dmy", sheet="")
    form = form_of(coder, address, people["coder"])
    assert (form["external_id"].value(), form["date_order"].value()) == ("MRN", "dmy")


def test_what_is_refused_since_somebody_was_faster_stands_in_the_form_again(people, hip, client):
    """There is no ruling yet, or no more, that could be reopened."""
    address = reverse("reopen-case", args=[factories.disputed(people, hip).public_id])
    client.force_login(people["supervisor"])
    sent = {"idempotency_key": uuid.uuid4(), "reason": TYPED}
    refused = client.post(address, {**sent, "author": author_on(client.get(address))})
    assert refused.status_code == 409
    assert form_of(client, address, people["supervisor"])["reason"].value() == TYPED
