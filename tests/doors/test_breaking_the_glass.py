"""A coder opens an encounter outside of their work with a reason, where that is allowed; auditors read who did."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coding.actions import encounters, glass
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, Encounter, GlassBreak
from tests import factories

PAGE = "break-glass"
WHY = "The provider asked about it on the telephone."


@pytest.fixture(autouse=True)
def own_work(settings):
    settings.CODERS_SEE = "own"
    settings.BREAK_GLASS_HOURS = 4


def standing(people, hip):
    """An encounter that another coder has decided."""
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder", 2], encounter, factories.PAVLIK, factories.insists())
    return encounter


@pytest.fixture
def outside(standing):
    return standing


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def send(client, encounter, **changes):
    form = {"external_id": encounter.external_id, "reason": WHY, "idempotency_key": uuid.uuid4()}
    return client.post(reverse(PAGE), {**form, **changes})


def test_an_encounter_is_opened_with_a_reason_and_the_trail_tells_it(people, coder, outside):
    assert coder.get(outside.get_absolute_url()).status_code == 404
    assert send(coder, outside).url == outside.get_absolute_url()
    assert coder.get(outside.get_absolute_url()).status_code == 200
    event = AuditEvent.objects.get(event="encounter.glass_broken")
    assert (event.actor, event.encounter, event.reason) == (people["coder"], outside.public_id, WHY)


def test_it_is_open_to_nobody_else(people, coder, outside, client):
    send(coder, outside)
    client.force_login(people["coder", 3])
    assert client.get(outside.get_absolute_url()).status_code == 404


def test_it_closes_when_its_time_is_over(people, outside):
    past = timezone.now() - timedelta(minutes=1)
    GlassBreak.objects.create(person=people["coder"], encounter=outside, reason=WHY, until=past)
    assert not Encounter.objects.for_user(people["coder"]).filter(pk=outside.pk).exists()


def test_without_a_reason_nothing_is_opened(coder, outside):
    response = send(coder, outside, reason=" ")
    assert response.status_code == 422
    assert not GlassBreak.objects.exists()


def test_an_id_that_is_not_there_and_one_that_is_open_already_read_the_same(people, hip, coder):
    open_one = factories.encounter(people, hip)
    for external_id in (open_one.external_id, "E-UNKNOWN"):
        response = send(coder, open_one, external_id=external_id)
        assert response.status_code == 422
        assert "No encounter outside of your work has exactly this id." in response.text


def test_of_several_systems_with_one_id_the_system_is_named(people, hip, coder, outside):
    record = factories.record(external_id=outside.external_id)
    twin = encounters.enter(people["coder", 2], record, hip.rule_set, source="second")
    factories.decide(people["coder", 2], twin, factories.PAVLIK, factories.insists())
    assert "Name the system." in send(coder, outside).text
    assert send(coder, outside, source=outside.source).url == outside.get_absolute_url()


def test_a_form_that_is_sent_twice_opens_it_once(coder, outside):
    key = uuid.uuid4()
    assert {send(coder, outside, idempotency_key=key).url for _ in range(2)} == {
        outside.get_absolute_url()
    }
    assert GlassBreak.objects.count() == 1


def test_without_the_setting_nobody_opens_any_and_the_page_is_not_there(
    people, coder, outside, settings
):
    settings.BREAK_GLASS_HOURS = 0
    assert coder.get(reverse(PAGE)).status_code == 404
    assert send(coder, outside).status_code == 404
    with pytest.raises(NotAllowed):
        glass.break_glass(people["coder"], outside, WHY)


def test_where_coders_see_all_there_is_nothing_to_open(people, coder, outside, settings):
    settings.CODERS_SEE = "all"
    assert coder.get(reverse(PAGE)).status_code == 404
    with pytest.raises(Conflict, match="open to you already"):
        glass.break_glass(people["coder"], outside, WHY)


def test_the_worklist_leads_there_where_it_is_allowed(coder, settings):
    assert reverse(PAGE) in coder.get(reverse("worklist")).text
    settings.BREAK_GLASS_HOURS = 0
    assert reverse(PAGE) not in coder.get(reverse("worklist")).text


def test_an_encounter_that_was_opened_so_says_until_when(coder, outside):
    send(coder, outside)
    assert "You opened it outside of your work" in coder.get(outside.get_absolute_url()).text


def test_auditors_read_who_opened_what_and_why(people, coder, outside, client):
    send(coder, outside)
    client.force_login(people["auditor"])
    page = client.get(reverse("glass-breaks"))
    for words in (people["coder"].name, outside.external_id, WHY):
        assert words in page.text
    assert (
        outside.external_id
        in client.get(reverse("glass-breaks"), {"person": "person", "open": "yes"}).text
    )
    assert outside.external_id not in client.get(reverse("glass-breaks"), {"person": "nobody"}).text


def test_what_was_opened_so_stays_written(people, outside):
    broken = glass.break_glass(people["coder"], outside, WHY)
    with pytest.raises(TypeError):
        broken.delete()
