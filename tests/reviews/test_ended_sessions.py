"""A form that is sent after the session has ended: its text waits for its author alone, and nothing is decided."""

import re
import uuid
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.urls import reverse

from coding.actions import kept_texts
from coding.models import KeptText
from reviews.models import CodingDecision, Ruling
from tests import factories

TYPED = "The note calls it a reduction."


@pytest.fixture
def service(people, hip):
    service = factories.service(people, hip)
    factories.answer(people["coder"], service, factories.PAVLIK)
    return factories.service_of(service)


def author_on(page):
    """What the page itself holds in its form."""
    [token] = re.findall(r'name="author" value="([^"]+)"', page.content.decode())
    return token


@pytest.fixture
def shown(people, client, service):
    """The coder's page was shown, then the session ended."""
    client.force_login(people["coder"])
    token = author_on(client.get(service.get_absolute_url()))
    client.logout()
    return token


def post(client, address, **typed):
    """As browsers send a form that holds no file."""
    return client.post(address, urlencode(typed), content_type="application/x-www-form-urlencoded")


def send(client, address, **typed):
    return post(
        client, address, **{"choice": "other_code", "code": "27257", "reason": TYPED, **typed}
    )


def initial(client, service):
    return client.get(service.get_absolute_url()).context["decision_form"].initial


def test_what_was_sent_stands_in_the_form_when_its_author_has_signed_in(
    people, client, service, shown
):
    address = service.get_absolute_url()
    answer = send(client, address, author=shown)
    assert answer["Location"] == f"{reverse('account_login')}?next={address}"
    assert not CodingDecision.objects.exists()
    client.force_login(people["coder"])
    form = initial(client, service)
    assert (form["code"], form["reason"], "choice" in form) == ("27257", TYPED, False)


def test_nobody_else_finds_it(people, client, service, shown):
    send(client, service.get_absolute_url(), author=shown)
    client.force_login(people["coder", 2])
    assert "reason" not in initial(client, service)
    assert KeptText.objects.get().person == people["coder"]


def test_a_ruling_is_kept_as_a_decision_is(people, client, service):
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    case = factories.case_of(service)
    client.force_login(people["supervisor"])
    client.post(reverse("claim", args=[case.public_id]))
    token = author_on(client.get(case.get_absolute_url()))
    client.logout()
    post(client, case.get_absolute_url(), kind="coder_upheld", reason=TYPED, author=token)
    assert not Ruling.objects.exists()
    client.force_login(people["supervisor"])
    assert TYPED in client.get(case.get_absolute_url()).content.decode()


def test_what_is_kept_while_typing_is_kept_in_the_last_moment_too(people, client, service, shown):
    name = f"decision:{service.public_id}"
    post(client, reverse("keep-text"), form=name, reason=TYPED, author=shown)
    assert kept_texts.kept(people["coder"], name) == {"reason": TYPED}


def test_once_the_form_was_taken_what_comes_after_is_shown_no_more(people, client, service):
    client.force_login(people["coder"])
    page = client.get(service.get_absolute_url())
    first = page.context["decision_form"].initial
    own = {name: first[name] for name in ("seen", "revision", "idempotency_key")}
    client.post(service.get_absolute_url(), {**own, "choice": "accept", "units": 1})
    client.logout()
    send(
        client,
        service.get_absolute_url(),
        author=author_on(page),
        idempotency_key=own["idempotency_key"],
    )
    assert kept_texts.kept(people["coder"], page.context["kept"]) == {}


@pytest.mark.parametrize(
    "token", ["", "made-up", "signed elsewhere", "too old", "of somebody who left"]
)
def test_without_the_word_of_a_page_that_was_shown_nothing_is_kept(
    people, client, service, settings, shown, token
):
    if token == "signed elsewhere":
        token = signing.dumps({"person": people["coder"].pk, "form": f"decision:{uuid.uuid4()}"})
    elif token == "too old":
        settings.SESSION_LONGEST_SECONDS, token = -1, shown
    elif token == "of somebody who left":
        people["coder"].is_active = False
        people["coder"].save()
        token = shown
    assert send(client, service.get_absolute_url(), author=token).status_code == 302
    assert not KeptText.objects.exists()


def test_a_request_from_elsewhere_keeps_nothing(client, service, shown):
    strict = type(client)(enforce_csrf_checks=True)
    assert send(strict, service.get_absolute_url(), author=shown).status_code == 302
    assert not KeptText.objects.exists()


def test_what_is_longer_than_anybody_types_is_not_read(client, service, shown):
    assert (
        send(client, service.get_absolute_url(), author=shown, code="x" * 600_000).status_code
        == 302
    )
    assert not KeptText.objects.exists()


def test_a_password_that_was_to_sign_is_not_kept(people, client, service, shown):
    send(
        client,
        service.get_absolute_url(),
        author=shown,
        signing_password="secret",
        signing_code="123456",
    )
    kept = kept_texts.kept(people["coder"], f"decision:{service.public_id}")
    assert kept["reason"] == TYPED
    assert not {"signing_password", "signing_code"} & kept.keys()


def test_a_form_of_a_page_from_before_its_person_signed_in_again_is_kept_and_leads_back(
    people, client, service
):
    """They signed in again in another window: the token against requests from elsewhere is another one by now."""
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(people["coder"])
    address = service.get_absolute_url()
    token = author_on(strict.get(address))
    refused = send(strict, address, author=token)
    assert refused.status_code == 403
    assert "What was typed is kept for whoever typed it." in refused.text
    assert f'href="{address}">Look at it again' in refused.text
    assert initial(strict, service)["reason"] == TYPED
    assert "What was typed" not in send(strict, address, author="made-up").text
