"""The patient's other encounters on an encounter's page: who sees them, page by page, and what stands for none."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.models import AuditEvent
from reviews.roles import ROLES
from tests import factories
from tests.registers import rows


def visits(people, count, **values):
    return [
        rows.encounter(
            people, external_id=f"V-{number}", date_of_service=date(2026, 5, number + 1), **values
        )
        for number in range(count)
    ]


def history_of(encounter):
    return reverse("encounter-history", args=[encounter.public_id])


def listed(response):
    return [other.external_id for other, _ in response.context["other_encounters"]]


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def test_they_stand_there_the_latest_first_and_five_a_page(people, coder):
    own, *_ = visits(people, 8)
    address = history_of(own)
    assert listed(coder.get(address)) == ["V-7", "V-6", "V-5", "V-4", "V-3"]
    second = coder.get(address, {"page": 2})
    assert listed(second) == ["V-2", "V-1"]
    assert 'of <span class="number">7</span> other encounters' in second.content.decode()


def test_each_opening_is_noted(people, coder):
    own, other = visits(people, 2)
    coder.get(history_of(own))
    viewed = AuditEvent.objects.filter(event="encounter.viewed")
    assert [event.encounter for event in viewed] == [own.public_id]
    assert other.external_id in coder.get(history_of(own), {"page": 9}).content.decode()
    assert viewed.all().count() == 2
    # A part of the page, whose own opening was noted.
    coder.get(history_of(own), HTTP_HX_REQUEST="true")
    assert viewed.all().count() == 2


def test_a_patient_without_others_and_one_who_is_not_known_are_told_apart(people, coder):
    alone = rows.encounter(people)
    shared = rows.encounter(people, shared_reference=True)
    assert "no other encounter under this patient" in coder.get(history_of(alone)).content.decode()
    assert "not one patient's own number" in coder.get(history_of(shared)).content.decode()


def test_one_that_tells_of_another_person_is_marked(people, coder):
    own = rows.encounter(people, sex="F")
    rows.encounter(people, sex="M")
    assert "birth date, sex or name differs" in coder.get(history_of(own)).content.decode()


@pytest.mark.parametrize("role", sorted(ROLES))
def test_they_are_for_whoever_sees_encounters(people, client, role):
    own, _ = visits(people, 2)
    client.force_login(people[role])
    expected = 200 if "coding.view_encounter" in ROLES[role] else 403
    assert client.get(history_of(own)).status_code == expected


def test_the_page_asks_as_many_queries_for_many_others_as_for_few(people, coder):
    own = rows.encounter(people)
    counts = []
    for _ in range(2):
        for _ in range(4):
            rows.encounter(people, provider=f"Dr. {next(factories.numbers)}")
        with CaptureQueriesContext(connection) as queries:
            coder.get(history_of(own))
        counts.append(len(queries))
    assert counts[0] == counts[1]
