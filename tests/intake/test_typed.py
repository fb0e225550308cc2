"""An encounter that is typed: stored once, however often it is sent, and checked as files are."""

import uuid

import pytest
from django.urls import reverse

from coding.models import Encounter
from tests import factories
from tests.factories import rule_set_id


@pytest.fixture
def coder(people, hip, client):
    factories.icd10cm("Q65.02", "Q65.0-")
    client.force_login(people["coder"])
    return client


def test_an_encounter_is_typed_and_sent_twice_and_stands_once(coder):
    data = {
        "idempotency_key": uuid.uuid4(),
        "rule_set": rule_set_id(),
        "external_id": "T-1",
        "patient_reference": "P-9",
        "sex": "F",
        "date_of_service": "2026-05-31",
        "place_of_service": "11",
        "provider": "Dr. Falk",
        "note": "- Barlow, + Ortolani",
        "diagnoses": "q65.02",
        "service_lines": "27256-LT x2 for 1",
    }
    addresses = {coder.post(reverse("new-encounter"), data).url for _ in range(3)}
    encounter = Encounter.objects.get()
    assert addresses == {encounter.get_absolute_url()}
    assert encounter.note == "- Barlow, + Ortolani"
    assert encounter.service_lines.get().units == 2
    again = coder.post(reverse("new-encounter"), {**data, "idempotency_key": uuid.uuid4()})
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("date_of_service", "2999-01-01", "future"),
        ("birth_date", "2026-06-30", "after the date of service"),
        ("diagnoses", "Q99", "no ICD-10-CM code"),
        ("service_lines", "27256 for 3", "Correct the pointer"),
        ("patient_reference", "", "required"),
    ],
)
def test_a_typed_encounter_with_a_fault_names_the_field(coder, field, value, words):
    data = {
        "idempotency_key": uuid.uuid4(),
        "rule_set": rule_set_id(),
        "external_id": "T",
        "patient_reference": "P",
        "sex": "F",
        "note": "n",
    }
    data |= {
        "date_of_service": "2026-05-31",
        "place_of_service": "11",
        "provider": "Dr. Falk",
        field: value,
    }
    response = coder.post(reverse("new-encounter"), data)
    assert response.status_code == 422
    assert words in " ".join(response.context["form"].errors[field])
