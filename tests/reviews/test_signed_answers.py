"""An answer that is kept against the note is signed; any other is not."""

import pytest
from django.urls import reverse

from coding import rulesets
from coding.models import Answer, AuditEvent, Signature
from tests import factories
from tests.signing import signatures_under, signed

WHY = "The operative report names the right side."


@pytest.fixture
def service(people, settings):
    version = factories.published_hip(people, lexicon=rulesets.shipped_lexicon(factories.HIP))
    settings.SIGN_AGAIN = True
    return factories.service(people, version, note="Developmental dislocation of the left hip.")


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def answer(client, service, value, **more):
    data = {"fact": "laterality", "value": value, "revision": 1, **more}
    return client.post(reverse("code", args=[service.public_id]), data)


def test_an_answer_that_the_note_supports_asks_for_no_password(coder, service):
    assert answer(coder, service, "left").status_code == 302
    assert not Signature.objects.filter(meaning="override").exists()


def test_one_against_it_is_asked_why_and_for_the_password_at_once(coder, service):
    page = answer(coder, service, "right").text
    assert "The note says something else" in page
    assert 'name="signing_password"' in page
    assert "Write your password" not in page


@pytest.mark.parametrize("password", ["", "wrong horse"])
def test_without_the_right_password_the_reason_comes_back_and_nothing_is_answered(
    coder, service, password
):
    refused = answer(coder, service, "right", **signed({"reason": WHY}, password))
    assert refused.status_code == 422
    assert refused.context["question"]["reason"].value() == WHY
    assert refused.context["signature"].errors.keys() == {"signing_password"}
    assert not Answer.objects.exists()


def test_with_it_the_answer_is_kept_and_the_next_one_asks_for_its_reason_only(coder, service):
    answer(coder, service, "right", **signed({"reason": WHY}))
    given = Answer.objects.get()
    [signature] = signatures_under(given)
    event = AuditEvent.objects.get(event="answer.given")
    assert (event.reason, event.after["signature"]) == (WHY, str(signature.public_id))
    coder.post(reverse("code", args=[service.public_id]), {"fact": "laterality", "change": "yes"})
    assert 'name="signing_password"' not in answer(coder, service, "right").text
    assert answer(coder, service, "right", reason=WHY).status_code == 302


def test_the_supervisor_sees_the_signature_beside_the_answer(
    people, client, coder, service, settings
):
    answer(coder, service, "right", **signed({"reason": WHY}))
    settings.SIGN_AGAIN = False
    decision = factories.decide(people["coder"], service, factories.PAVLIK)
    client.force_login(people["supervisor"])
    page = client.get(factories.case_of(decision).get_absolute_url()).text
    assert f"Signed by {people['coder'].name} as coder on" in page
    assert "authorship of an answer kept against the note" in page
    assert "for an earlier version" not in page
