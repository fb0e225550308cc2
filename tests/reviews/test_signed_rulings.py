"""Ruling with the password: asked for, refused with all that was typed, good for some minutes, and shown."""

import pytest
from django.urls import reverse
from django.utils import timezone

from coding.models import AuditEvent, Encounter, KeptText, Signature
from reviews.models import ReviewCase, Ruling, RulingKind
from tests import factories
from tests.signing import signatures_under, signed

TYPED = "Read for ten minutes: the reduction was closed."


@pytest.fixture(autouse=True)
def _asked_again(hip, settings):
    settings.SIGN_AGAIN = True


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


standing = factories.disputed


def claimed(case, client):
    """The case, which the supervisor who is signed in has claimed."""
    client.post(reverse("claim", args=[case.public_id]))
    return case


@pytest.fixture
def case(standing, supervisor):
    return claimed(standing, supervisor)


def form_of(client, case):
    return client.get(case.get_absolute_url()).context["form"]


def typed(client, case):
    initial = form_of(client, case).initial
    hidden = {name: initial[name] for name in ("idempotency_key", "revision", "suggestion")}
    return {**hidden, "kind": RulingKind.CODER_UPHELD, "reason": TYPED, "units": 1}


def confirmed_earlier(client, minutes):
    """As if the password had been given some minutes before it was."""
    session = client.session
    session["signing"] = {**session["signing"], "at": session["signing"]["at"] - 60 * minutes}
    session.save()


def test_the_page_asks_for_the_password_and_says_what_is_signed(people, supervisor, case):
    page = supervisor.get(case.get_absolute_url()).content.decode()
    assert f"You sign as {people['supervisor'].name}: ruling." in page
    assert 'autocomplete="current-password"' in page
    assert "Your code" not in page


def test_with_the_right_password_the_ruling_is_signed_and_its_event_names_the_signature(
    people, supervisor, case
):
    assert (
        supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case))).status_code == 302
    )
    ruling = Ruling.objects.get()
    [signature] = signatures_under(ruling)
    assert (signature.signer, signature.get_means_display()) == (people["supervisor"], "password")
    event = AuditEvent.objects.get(event="case.ruled")
    assert event.after["signature"] == str(signature.public_id)
    assert event.after["sha256"] == signature.records.get().content_hash


@pytest.mark.parametrize("password", ["wrong horse", ""])
def test_with_a_wrong_password_nothing_is_ruled_and_all_that_was_typed_comes_back(
    supervisor, case, password
):
    response = supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case), password))
    assert response.status_code == 422
    form = response.context["form"]
    assert (form["reason"].value(), form["kind"].value()) == (TYPED, RulingKind.CODER_UPHELD)
    assert form.errors.keys() == {"signing_password"}
    assert password == "" or password not in response.content.decode()
    assert not Ruling.objects.exists()
    assert not Signature.objects.filter(meaning="ruling").exists()


def test_a_wrong_password_is_an_event_and_a_missing_one_is_none(people, supervisor, case):
    supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case), ""))
    assert not AuditEvent.objects.filter(event="signature.refused").exists()
    supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case), "wrong horse"))
    event = AuditEvent.objects.get(event="signature.refused")
    assert (event.actor, event.after) == (
        people["supervisor"],
        {"meaning": "ruling", "wrong": "password"},
    )


def test_guessing_is_limited_as_at_the_log_in(supervisor, case):
    for _ in range(5):
        supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case), "wrong horse"))
    response = supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case)))
    assert "Too many failed login attempts" in response.content.decode()
    assert not Ruling.objects.exists()
    assert AuditEvent.objects.filter(event="signature.refused").count() == 5


def test_a_mistake_elsewhere_in_the_form_asks_no_password_to_be_checked(supervisor, case):
    data = signed({**typed(supervisor, case), "reason": ""}, "wrong horse")
    assert supervisor.post(case.get_absolute_url(), data).context["form"].errors.keys() == {
        "reason"
    }
    assert not AuditEvent.objects.filter(event="signature.refused").exists()


def test_the_next_ruling_asks_nothing_for_some_minutes_and_then_again(
    people, hip, supervisor, case
):
    supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case)))
    following = claimed(factories.disputed(people, hip), supervisor)
    form = form_of(supervisor, following)
    assert "signing_password" not in form.fields
    until = timezone.localtime(form.signing.good_until)
    page = supervisor.get(following.get_absolute_url()).text
    assert f"Signed as {people['supervisor'].name} until {until:%H:%M}." in page
    assert (
        supervisor.post(following.get_absolute_url(), typed(supervisor, following)).status_code
        == 302
    )
    assert Signature.objects.filter(meaning="ruling").count() == 2


def test_who_typed_longer_than_that_is_asked_and_loses_nothing(people, hip, supervisor, case):
    supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case)))
    following = claimed(factories.disputed(people, hip), supervisor)
    data = typed(supervisor, following)
    confirmed_earlier(supervisor, minutes=11)
    form = supervisor.post(following.get_absolute_url(), data).context["form"]
    assert (form["reason"].value(), form.errors.keys()) == (TYPED, {"signing_password"})


def test_where_the_setting_says_so_each_ruling_asks(people, hip, supervisor, case, settings):
    settings.SIGNATURE_SECONDS = 0
    supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case)))
    assert (
        "signing_password"
        in form_of(supervisor, claimed(factories.disputed(people, hip), supervisor)).fields
    )


def test_what_one_confirmed_is_gone_with_the_session(people, hip, supervisor, case):
    supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case)))
    supervisor.logout()
    supervisor.force_login(people["supervisor"])
    assert (
        "signing_password"
        in form_of(supervisor, claimed(factories.disputed(people, hip), supervisor)).fields
    )


def test_a_password_is_never_kept_with_what_was_typed(people, supervisor, case):
    data = {
        "form": supervisor.get(case.get_absolute_url()).context["kept"],
        **signed({"reason": TYPED}),
    }
    supervisor.post(reverse("keep-text"), {**data, "signing_code": "123456"})
    assert KeptText.objects.get().fields == {"reason": TYPED}


def test_a_form_that_is_sent_twice_rules_once(supervisor, case):
    data = signed(typed(supervisor, case))
    first = supervisor.post(case.get_absolute_url(), data)
    assert supervisor.post(case.get_absolute_url(), data).url == first.url
    assert Signature.objects.filter(meaning="ruling").count() == 1


def test_the_signature_stands_on_the_case_and_is_for_an_earlier_version_when_the_source_corrects(
    supervisor, case
):
    supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case)))
    page = supervisor.get(case.get_absolute_url()).text
    assert "as supervisor on <time" in page
    assert (
        f"content sha256 <code>{signatures_under(Ruling.objects.get())[0].records.get().content_hash}"
        in page
    )
    assert "for an earlier version" not in page
    Encounter.objects.update(revision=2)
    assert "for an earlier version" in supervisor.get(case.get_absolute_url()).text


def test_reopening_a_ruling_is_signed_with_its_reason(people, supervisor, case):
    supervisor.post(case.get_absolute_url(), signed(typed(supervisor, case)))
    supervisor.force_login(people["supervisor", 2])
    address = reverse("reopen-case", args=[case.public_id])
    key = supervisor.get(address).context["form"]["idempotency_key"].value()
    data = {"idempotency_key": key, "reason": "Overlooked the cast."}
    refused = supervisor.post(address, signed(data, "wrong horse"))
    assert refused.context["form"]["reason"].value() == "Overlooked the cast."
    supervisor.post(address, signed(data))
    [signature] = signatures_under(ReviewCase.objects.get(reopens__isnull=False))
    assert (signature.meaning, signature.signer) == ("reopening", people["supervisor", 2])
