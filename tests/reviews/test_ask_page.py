"""The page of Ask: it answers, keeps nothing of what was pasted, and knows where one came from."""

import pytest
from django.urls import reverse

from coding import rulesets
from coding.models import AuditEvent, KeptText
from tests import factories

NOTE = f"{factories.CANARY}: left hip dislocated, developmental, in a Pavlik harness. No anesthesia, no manipulation."


@pytest.fixture
def coder(people, client):
    factories.published_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))
    client.force_login(people["coder"])
    return client


def asked(client, text, address="ask", **more):
    return client.post(reverse(address), {"text": text, "on": "2026-05-04", **more})


def test_a_question_is_answered_with_links_to_its_rules(coder):
    html = asked(coder, "27256 or 27257?").content.decode()
    assert "27256 and 27257 differ in Manipulation and Anesthesia" in html
    assert f"/rules/{factories.HIP}/1/#R35" in html


def test_a_note_is_read_and_nothing_of_it_is_kept_or_written_down(coder, caplog):
    events = AuditEvent.objects.count()
    response = asked(coder, NOTE)
    assert "27256-LT" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert AuditEvent.objects.count() == events
    assert not KeptText.objects.exists()
    assert factories.CANARY not in caplog.text


def test_a_note_becomes_an_encounter_by_one_button_and_nothing_of_it_stands_in_an_address(coder):
    html = asked(coder, NOTE).content.decode()
    assert f'name="pasted" hidden>{NOTE}</textarea>' in html
    form = coder.post(reverse("new-encounter"), {"pasted": NOTE})
    assert form.status_code == 200
    assert form.context["form"]["note"].value() == NOTE
    assert not form.context["form"].errors
    assert "pasted" not in asked(coder, "27256 or 27257?").content.decode()


def test_what_is_no_such_question_is_not_answered(coder):
    html = asked(coder, "Is it going to rain?").content.decode()
    assert "I do not answer that" in html
    assert "27250 or 27252?" in html


def test_the_code_and_the_day_of_the_page_are_there_already(coder):
    html = coder.get(reverse("ask"), {"code": "27256", "on": "2026-05-04"}).content.decode()
    assert 'value="27256"' in html
    assert "27256 or 27250?" in html
    assert "differ in Manipulation" in asked(coder, "or 27257?", code="27256").content.decode()


@pytest.mark.parametrize(
    ("text", "code"), [("", ""), ("  ", ""), ("x" * 30_000, ""), ("when", "???")]
)
def test_what_cannot_be_read_is_refused_where_it_stands(coder, text, code):
    assert asked(coder, text, code=code).status_code == 422
    assert asked(coder, text, "ask-json", code=code).status_code == 422


def test_the_same_answer_comes_as_data(coder):
    data = asked(coder, "27256 or 27257?", "ask-json").json()
    assert data["intent"] == "one code or the other"
    assert data["sections"][2]["lines"][0]["sources"]
