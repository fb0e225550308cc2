"""A note that is not of the rule set: nothing is proposed, nothing speaks against an answer, and a way leads out."""

import pytest
from django.urls import reverse

from coding.decision import Known
from coding.rules.note_reading import NoteReading
from tests import factories

SHOULDER = "Fell. Left shoulder dislocated; reduced under general anesthesia. Right hip replacement in 2015."
HIP = "Fell. Left hip dislocated; the left hip was reduced closed under general anesthesia."
SAYS_SO = "Nothing of the note is proposed: it says nothing of what this rule set is for"


standing = factories.reading_hip


@pytest.fixture
def version(standing):
    return standing


def page(client, people, version, note):
    service = factories.service(people, version, note=note)
    client.force_login(people["coder"])
    return service, client.get(reverse("code", args=[service.public_id])).content.decode()


def test_the_form_says_so_and_leads_to_moving_the_service(client, people, version):
    service, html = page(client, people, version, SHOULDER)
    assert SAYS_SO in html
    assert reverse("move-service", args=[service.public_id]) in html
    assert "What the note says" not in html


def test_a_note_of_the_rule_set_proposes(client, people, version):
    _, html = page(client, people, version, HIP)
    assert SAYS_SO not in html
    assert "What the note says" in html


def test_it_is_held_against_no_answer(version):
    reading = NoteReading.of(version, SHOULDER)
    assert reading.is_of_another
    assert reading.against("anesthesia", Known("none")) == []


def test_one_button_leaves_the_rule_set_also_where_the_provider_would_be_asked(
    client, people, version
):
    service, _ = page(client, people, version, SHOULDER)
    factories.answer(people["coder"], service, {})
    html = client.get(reverse("code", args=[service.public_id])).content.decode()
    assert "there is nothing to ask the provider" in html
    assert reverse("leave-family", args=[service.public_id]) in html
