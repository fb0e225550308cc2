"""What was typed in the administration when a session ended stands on the page again, beside what the row says now."""

import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from coding.models import KeptText
from tests import small_rules

TYPED = "Report it once a session, not once a joint."


def send_late(client, address, **fields):
    """What a browser sends of a page whose session has ended."""
    [author] = re.findall(r'name="author" value="([^"]+)"', client.get(address).text)
    client.logout()
    body = urlencode({"author": author, **fields})
    client.post(address, body, content_type="application/x-www-form-urlencoded")


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def page_for(client, person, address):
    client.force_login(person)
    page = client.get(address)
    return page.context["adminform"].form, page.context["typed_before"]


def test_a_house_note_is_written_once_and_by_its_author(people, author):
    address = reverse("admin:coding_housenote_add")
    send_late(author, address, text=TYPED, code="12345")
    form, above = page_for(author, people["rule author"], address)
    assert (form["text"].value(), form["code"].value(), above) == (TYPED, "12345", [])
    form, above = page_for(author, people["rule author", 2], address)
    assert (form["text"].value(), above) == (None, [])


def test_of_a_row_of_a_draft_only_what_differs_is_shown_and_it_goes_with_the_save(people, author):
    rule = small_rules.draft(people).rules.get(rule_id="R1")
    address = reverse("admin:coding_rule_change", args=[rule.pk])
    as_sent = rule.conditions.replace("\n", "\r\n")
    send_late(author, address, message=TYPED, title=rule.title, conditions=as_sent)
    form, above = page_for(author, people["rule author"], address)
    assert above == [("Message", TYPED)]
    assert form["message"].value() == rule.message
    says = {name: form[name].value() or "" for name in form.fields}
    assert author.post(address, {**says, "outcome": "none"}).status_code == 200
    assert KeptText.objects.exists()
    assert author.post(address, {**says, "message": TYPED}).status_code == 302
    assert not KeptText.objects.exists()


def test_the_end_of_a_session_is_told_in_the_administration_too(author):
    page = author.get(reverse("admin:index")).text
    assert 'id="session-ends"' in page
    assert f'data-keep-address="{reverse("keep-text")}"' in page
