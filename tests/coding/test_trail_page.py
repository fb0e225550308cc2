"""The audit trail as an auditor reads it: newest first, in words, narrowed to an encounter, a person or a day."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from coding.models import AuditEvent, AuditHead
from coding.trail.events import EVENTS
from tests import factories


@pytest.fixture
def auditor(people, client):
    client.force_login(people["auditor"])
    return client


def standing(people, hip):
    """Two encounters, of which one is coded."""
    coded, other = factories.encounter(people, hip), factories.encounter(people, hip)
    factories.decide(people["coder"], coded, factories.PAVLIK, factories.insists())
    factories.rule(people["supervisor"], factories.case_of(coded))
    return coded, other


@pytest.fixture
def two(standing):
    return standing


def found(client, **parameters):
    return list(client.get(reverse("trail"), parameters).context["page"])


def test_the_newest_event_stands_first_and_the_head_is_told(auditor, two):
    response = auditor.get(reverse("trail"))
    head = AuditHead.objects.get()
    assert response.context["page"][0].sequence == head.count == AuditEvent.objects.count()
    assert head.hash[:16] in response.content.decode()


def test_an_encounters_events_are_found_and_no_others(auditor, two):
    coded, other = two
    assert {event.encounter for event in found(auditor, encounter=coded.public_id)} == {
        coded.public_id
    }
    assert [event.event for event in found(auditor, encounter=other.public_id)] == [
        "encounter.entered"
    ]
    assert found(auditor, encounter=uuid.uuid4()) == []


def test_a_persons_events_are_found_by_a_part_of_the_name(people, auditor, two):
    supervisor = people["supervisor"]
    for part in (supervisor.name, supervisor.first_name.upper(), supervisor.name[2:-2]):
        assert {event.actor for event in found(auditor, actor=part)} == {supervisor}, part


def test_events_are_narrowed_to_days(auditor, two):
    today = date.today()
    assert found(auditor, from_day=today, until_day=today)
    assert found(auditor, from_day=today + timedelta(days=1)) == []
    assert found(auditor, until_day=today - timedelta(days=1)) == []


def test_nothing_lies_behind_the_last_day_of_all(auditor, two):
    assert found(auditor, until_day=date.max) == found(auditor)


def test_every_kind_of_event_can_be_asked_for_and_is_read_in_words(auditor, two):
    offered = dict(auditor.get(reverse("trail")).context["filter"].form.fields["event"].choices)
    assert set(offered) - {""} == set(EVENTS)
    page = auditor.get(reverse("trail"), {"event": "service.settled"}).content.decode()
    assert "Service settled" in page
    assert "final code: Coder upheld: 27257-LT" in page


def test_an_event_leads_to_its_encounter(auditor, two):
    coded, _ = two
    page = auditor.get(reverse("trail"), {"event": "case.ruled"}).content.decode()
    assert f'href="{coded.get_absolute_url()}"' in page


def test_the_values_of_an_event_stand_in_one_order_on_every_database(auditor, two):
    [settled, _] = found(auditor, event="service.settled")
    assert [name for name, _ in settled.values] == [
        "service",
        "round",
        "state",
        "final code",
        "lines",
        "units",
    ]
