"""The form shows what the record speaks for with its origin, and two treatments with the way to a second service."""

from datetime import date

import pytest
from django.urls import reverse

from coding.decision import Known
from coding.intake.records import ServiceLineRecord
from coding.models import Service
from coding.rules.note_reading import NoteReading
from reviews.coding_form.record import RecordOfService
from tests import factories

HIP = "Left hip dislocated; the left hip was reduced closed under general anesthesia."
SHOULDER = "Left shoulder dislocated; reduced under general anesthesia."
TWO_SIDES = (
    "Newborn with DDH. The left hip was dislocated and was reduced by closed manipulation under general anesthesia. "
    "The right hip was dislocated and was treated in a Pavlik harness without anesthesia or manipulation."
)
INJURY = {**factories.REDUCED, "etiology": "traumatic"}


standing = factories.reading_hip


@pytest.fixture
def version(standing):
    return standing


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def page(coder, service, **query):
    return coder.get(reverse("code", args=[service.public_id]), query).content.decode()


def test_a_diagnosis_and_a_modifier_are_shown_with_their_origin(coder, people, version):
    lines = (ServiceLineRecord("27256", ("LT",)),)
    service = factories.service(
        people, version, note=HIP, diagnoses=("Q65.02",), service_lines=lines
    )
    html = page(coder, service)
    assert (
        "Side: <strong>Left</strong>, from the diagnosis Q65.02 and the submitted modifier LT"
        in html
    )


def test_the_record_chooses_no_answer(coder, people, version):
    service = factories.service(
        people, version, note="The hip was dislocated.", diagnoses=("Q65.02",)
    )
    html = page(coder, service, ask="laterality")
    assert "Side: <strong>Left</strong>, from the diagnosis Q65.02" in html
    assert "checked" not in html.split("<legend")[1].split("</fieldset>")[0]


def test_beside_a_note_of_something_else_the_record_is_silent(coder, people, version):
    service = factories.service(people, version, note=SHOULDER, diagnoses=("Q65.02",))
    assert "What the record speaks for" not in page(coder, service)


def test_a_more_specific_diagnosis_of_the_record_is_not_replaced(coder, people, version):
    service = factories.service(people, version, note=HIP, diagnoses=("S73.015A",))
    factories.answer(people["coder"], service, INJURY)
    assert "S73.015A</span> of the record, more specific than S73.005A" in page(
        coder, factories.service_of(service)
    )


def test_the_age_is_counted_in_whole_years(people, version):
    encounter = {"birth_date": date(2023, 5, 5), "date_of_service": date(2026, 5, 4)}
    service = factories.service(people, version, note=HIP, **encounter)
    assert RecordOfService(factories.form_of(service)).record.age == 2


def test_two_treatments_are_told_and_one_button_opens_the_second_service_once(
    coder, people, version
):
    service = factories.service(people, version, note=TWO_SIDES)
    response = coder.get(reverse("code", args=[service.public_id]))
    assert "The note tells 2 treatments" in response.content.decode()
    sent = {"rule_set": service.rule_set_id, "idempotency_key": response.context["second_key"]}
    for _ in range(2):
        assert (
            coder.post(reverse("add-service", args=[service.encounter.public_id]), sent).status_code
            == 302
        )
    second = Service.objects.exclude(pk=service.pk).get()
    assert f"service {second.number}</a> for the other" in page(coder, service)
    assert "Open the second service" not in page(coder, service)


def test_of_two_treatments_none_is_proposed_and_none_is_against_the_note(version):
    reading = NoteReading.of(version, TWO_SIDES)
    answers = {
        "laterality": ("left", "right"),
        "manipulation": ("performed", "none"),
        "anesthesia": ("general", "none"),
    }
    for fact, of_each_side in answers.items():
        assert fact not in reading.proposals
        assert [reading.against(fact, Known(answer)) for answer in of_each_side] == [[], []]
    assert reading.proposals["etiology"].text() == "developmental"
    assert reading.against("etiology", Known("traumatic"))


def test_one_treatment_is_no_matter_for_a_second_service(coder, people, version):
    assert "Open the second service" not in page(
        coder, factories.service(people, version, note=HIP)
    )
