"""Whoever may not do a thing is told so whatever they send, and before anything that they send is read."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import reverse

from coding.actions import encounters
from coding.models import AuditEvent
from reviews.models import ReviewCase
from tests import factories
from tests.doors.received import HANDLER, RECEIVED


@pytest.fixture
def received(settings):
    """The names of the files that were received."""
    settings.FILE_UPLOAD_HANDLERS = [HANDLER]
    RECEIVED.clear()
    return RECEIVED


@pytest.fixture
def browser(db):
    """A client whose forms need their token, as a browser's do."""
    return Client(enforce_csrf_checks=True)


def send_file(browser, address="/uploads/"):
    request = RequestFactory().get("/")
    token = get_token(request)
    browser.cookies["csrftoken"] = request.META["CSRF_COOKIE"]
    file = SimpleUploadedFile("visits.csv", b"external_id\n1\n")
    form = {"csrfmiddlewaretoken": token, "format": "csv", "source": "his", "file": file}
    return browser.post(address, {**form, "idempotency_key": uuid.uuid4()})


def test_a_coders_file_is_received(people, browser, received):
    browser.force_login(people["coder"])
    assert send_file(browser).status_code in (302, 422)
    assert received == ["visits.csv"]


def test_the_file_of_an_auditor_is_refused_before_it_is_received(people, browser, received):
    browser.force_login(people["auditor"])
    assert send_file(browser).status_code == 403
    assert received == []


def test_the_file_of_nobody_is_refused_before_it_is_received(browser, received):
    assert send_file(browser).url.startswith(reverse("account_login"))
    assert received == []


def test_the_file_of_who_has_no_business_in_the_administration_is_not_received_there(
    people, browser, received
):
    browser.force_login(people["coder"])
    assert send_file(browser, reverse("admin:coding_feeschedulerelease_add")).status_code == 403
    assert received == []


@pytest.mark.parametrize("form", [{}, {"kind": "coder_upheld", "reason": "The note says so."}])
def test_nobody_rules_on_what_they_coded_whatever_they_send(people, hip, client, form):
    both = people["coder"]
    both.groups.add(people["supervisor"].groups.get())
    decision = factories.decide(
        both, factories.encounter(people, hip), factories.PAVLIK, factories.insists()
    )
    case = ReviewCase.objects.get(decision=decision)
    client.force_login(both)
    assert client.post(case.get_absolute_url(), form).status_code == 403
    assert client.post(reverse("reopen-case", args=[case.public_id]), form).status_code == 403


@pytest.mark.parametrize(
    "form", [{}, {"reason": "Sent twice.", "idempotency_key": uuid.UUID(int=1)}]
)
def test_a_coder_who_may_not_void_what_a_system_sent_is_told_so_whatever_they_send(
    people, hip, client, form
):
    encounter = encounters.enter(people["coder"], factories.record(), hip.rule_set, source="his")
    client.force_login(people["coder"])
    assert (
        client.post(reverse("void-encounter", args=[encounter.public_id]), form).status_code == 403
    )


def test_a_form_that_another_person_has_sent_gets_a_clear_answer(people, hip, client):
    form = {"idempotency_key": uuid.UUID(int=7), "external_id": "E-77", "patient_reference": "P-77"}
    form |= {"date_of_service": "2026-05-04", "place_of_service": "11", "provider": "Dr. Falk"}
    form |= {"note": "Left hip dislocated.", "rule_set": hip.rule_set.pk, "sex": "U"}
    client.force_login(people["coder"])
    assert client.post(reverse("new-encounter"), form).status_code == 302
    client.force_login(people["coder", 2])
    response = client.post(reverse("new-encounter"), {**form, "external_id": "E-78"})
    assert response.status_code == 409
    assert "This form was sent by somebody else." in response.text


def test_what_is_refused_before_it_is_received_stands_in_the_trail(people, browser, received):
    browser.force_login(people["auditor"])
    send_file(browser)
    event = AuditEvent.objects.get(event="access.refused")
    assert (event.subject_id, received) == (str(people["auditor"].pk), [])
    assert "POST uploads/" in str(event.after)


def test_a_second_factor_that_is_due_is_asked_for_before_anything_else(
    people, browser, received, settings
):
    settings.SECOND_FACTOR_ROLES = settings.WATCHING_ROLES
    browser.force_login(people["auditor"])
    assert send_file(browser).url == reverse("mfa_index")
    assert received == []
