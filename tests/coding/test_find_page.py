"""Finding an encounter by its external id or its patient, who is named in no address and no log."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from coding.actions import encounters
from coding.models import AuditEvent, Encounter
from reviews.actions import voiding
from tests import factories

PATIENT = factories.CANARY


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def enter(people, external_id, source="typed", **values):
    record = factories.record(external_id=external_id, **values)
    return encounters.enter(people["coder"], record, source=source)


def answer_to(client, **fields):
    response = client.post(reverse("find-encounters"), fields)
    assert response.status_code == 200
    return response


def find(client, **fields):
    """What is listed when the form was sent."""
    return list(answer_to(client, **fields).context["page"])


def test_an_encounter_is_found_by_its_external_id_in_every_system(people, coder):
    typed, sent = enter(people, "V-1"), enter(people, "V-1", source="his")
    enter(people, "V-2")
    assert set(find(coder, external_id="V-1")) == {typed, sent}


def test_encounters_of_a_patient_are_listed_latest_first(people, coder):
    own = [enter(people, f"V-{number}", patient_reference=PATIENT) for number in range(2)]
    Encounter.objects.filter(pk=own[0].pk).update(date_of_service="2026-05-05")
    enter(people, "V-9", patient_reference="P-9")
    assert find(coder, patient_reference=PATIENT) == own


def test_both_together_narrow_and_blanks_around_them_do_not_count(people, coder):
    own = enter(people, "V-1", patient_reference=PATIENT)
    enter(people, "V-1", source="his", patient_reference="P-9")
    assert find(coder, external_id=" V-1 ", patient_reference=PATIENT) == [own]


def test_a_void_encounter_is_found_and_shown_as_void(people, coder):
    encounter = enter(people, "V-1")
    voiding.void(people["supervisor"], encounter, "Typed twice.")
    response = answer_to(coder, external_id="V-1")
    assert list(response.context["page"]) == [encounter]
    assert ">Void<" in response.content.decode()


def test_what_is_sought_is_looked_for_whole(people, coder):
    enter(people, "V-10")
    response = answer_to(coder, external_id="V-1")
    assert not response.context["page"].rows
    assert "No encounter has exactly this" in response.content.decode()


def test_without_anything_to_look_for_the_form_says_what_to_fill_in(people, coder):
    enter(people, "V-1")
    response = coder.post(reverse("find-encounters"), {"external_id": " "})
    assert response.status_code == 422
    assert "Fill in an external id or a patient reference." in response.content.decode()
    assert not response.context["page"].rows


def test_at_first_nothing_is_listed(people, coder):
    enter(people, "V-1")
    assert "Found" not in coder.get(reverse("find-encounters")).content.decode()


def test_long_lists_have_a_second_page_of_the_same_search(people, coder):
    for number in range(26):
        enter(people, f"V-{number}")
    first = answer_to(coder, patient_reference=PATIENT)
    assert len(first.context["page"]) == 25
    assert f'name="patient_reference" value="{PATIENT}"' in first.content.decode()
    second = answer_to(coder, patient_reference=PATIENT, after=first.context["page"].next)
    assert len(second.context["page"]) == 1
    assert PATIENT not in second.request["QUERY_STRING"]


def test_the_patient_stands_in_no_address_and_no_log_and_no_trail(people, coder, caplog, capfd):
    caplog.set_level("DEBUG")
    enter(people, "V-1")
    find(coder, patient_reference=PATIENT)
    out = capfd.readouterr()
    assert PATIENT not in caplog.text + out.out + out.err
    assert PATIENT not in str(list(AuditEvent.objects.values()))


def test_what_was_sought_is_kept_nowhere(people, coder):
    enter(people, "V-1")
    find(coder, patient_reference=PATIENT)
    assert PATIENT not in str([session.get_decoded() for session in Session.objects.all()])
    page = coder.get(reverse("find-encounters")).content.decode()
    assert PATIENT not in page
    assert "Found" not in page
