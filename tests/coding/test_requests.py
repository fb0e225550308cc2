"""What every request gets: an id of our own, one effect however often it is sent, and a page when it is refused."""

import uuid

import pytest
from django.urls import reverse

from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.models import AuditEvent, ReceivedForm
from tests import factories


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def test_a_load_balancer_asks_without_a_login(client, db):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_each_request_has_an_id_of_our_own_that_its_events_bear(people, hip, coder):
    encounter = factories.encounter(people, hip)
    for _ in range(2):
        coder.get(encounter.get_absolute_url(), headers={"X-Request-Id": "mine"})
    ids = AuditEvent.objects.filter(event="encounter.viewed").values_list("request_id", flat=True)
    assert len({uuid.UUID(request_id) for request_id in ids}) == 2


def test_a_form_acts_once_and_leads_to_one_place(people):
    done, key = [], uuid.uuid4()
    for _ in range(3):
        assert once(people["coder"], key, lambda: done.append(1) or "/there/") == "/there/"
    assert done == [1]


def test_a_form_that_was_refused_may_be_sent_again(people):
    key = uuid.uuid4()

    def refuse():
        raise Conflict("Not yet.")

    with pytest.raises(Conflict):
        once(people["coder"], key, refuse)
    assert not ReceivedForm.objects.exists()
    assert once(people["coder"], key, lambda: "/there/") == "/there/"


def test_two_forms_act_twice(people):
    done = []
    for _ in range(2):
        once(people["coder"], uuid.uuid4(), lambda: done.append(1) or "/")
    assert done == [1, 1]


def test_what_is_not_there_is_told_on_a_page_of_ours(coder):
    response = coder.get(reverse("encounter", args=[uuid.uuid4()]))
    assert response.status_code == 404
    assert "Concord" in response.content.decode()


def test_what_a_person_may_not_is_told_on_a_page_of_ours(coder):
    response = coder.get(reverse("trail"))
    assert response.status_code == 403
    assert 'role="alert"' in response.content.decode()
