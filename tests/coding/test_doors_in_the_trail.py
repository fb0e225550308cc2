"""What an auditor reads of the doors: who came in, who did not, who was refused, and what changed of an account."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from coding.accounts import repeated
from coding.accounts.places import Place
from coding.actions import sign_ins
from coding.models import AuditEvent, KnownPlace, RepeatedEvent
from tests import factories
from tests.races import at_once

WRONG, NEW = "wrong horse", "staple battery correct"
HOME, CAFE = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "198.51.100.7"}


def sign_in(client, person, password=factories.PASSWORD):
    return client.post(
        reverse("account_login"), {"login": person.username, "password": password}, follow=True
    )


def told(event):
    return list(AuditEvent.objects.filter(event=event).order_by("sequence"))


def code_for(secret):
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )


def hour_passes():
    for row in RepeatedEvent.objects.all():
        row.hour -= timedelta(hours=1)
        row.save()


def test_an_auditor_follows_an_account_from_a_failure_to_the_end_of_its_sessions(people):
    coder, home, cafe = people["coder"], Client(**HOME), Client(**CAFE)
    sign_in(home, coder, WRONG)
    sign_in(home, coder)
    home.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    home.get(reverse("mfa_activate_totp"))
    secret = home.session[totp.SECRET_SESSION_KEY]
    home.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    home.post(
        reverse("account_change_password"),
        {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW},
    )
    sign_in(cafe, coder, NEW)
    cafe.post(reverse("mfa_authenticate"), {"code": "000000"})
    cafe.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    home.post(reverse("usersessions_list"))
    assert cafe.get(reverse("worklist")).status_code == 302
    home.get(reverse("trail"))
    home.post(reverse("account_logout"))
    auditor = Client()
    auditor.force_login(people["auditor"])
    page = auditor.get(reverse("trail")).text
    story = [event.event for event in AuditEvent.objects.order_by("sequence")]
    assert story == [
        "user.login_failed",
        "user.logged_in",
        "user.factor_added",
        "user.factor_added",
        "user.password_changed",
        "user.login_failed",
        "user.logged_in",
        "user.sessions_ended",
        "access.refused",
        "user.logged_out",
    ]
    assert {event.subject_id for event in AuditEvent.objects.all()} == {str(coder.pk)}
    assert page.count(f"account of {coder.name}") == len(story)
    for label in (
        "Sign-in failed",
        "Second factor set up",
        "Sessions of an account ended",
        "Access refused",
    ):
        assert label in page
    failures = [event.after["what"] for event in told("user.login_failed")]
    assert failures == ["password", "second factor"]
    assert [event.after["by"] for event in told("user.logged_in")] == [
        ["password"],
        ["password", "totp"],
    ]
    assert [event.after["place"] for event in told("user.logged_in")] == ["known", "new"]


@pytest.mark.parametrize("name", ["nobody-7719", "secret typed as name", "no\0body"])
def test_of_a_name_that_nobody_has_the_trail_keeps_nothing(client, db, name):
    client.post(reverse("account_login"), {"login": name, "password": WRONG})
    client.post(reverse("account_login"), {"login": "other", "password": WRONG})
    kept = [
        *AuditEvent.objects.values_list("subject_type", "after"),
        *RepeatedEvent.objects.values_list(),
    ]
    assert name.strip("\0") not in str(kept)
    assert WRONG not in str(kept)


def test_many_failures_of_one_client_are_one_event_and_later_their_count(people):
    for _ in range(9):
        sign_in(Client(**CAFE), people["coder"], WRONG)
    # Five wrong passwords, and four times no password was even looked at.
    assert [event.after["what"] for event in told("user.login_failed")] == [
        "password",
        "held back after failures",
    ]
    hour_passes()
    assert repeated.tell_counts() == 2
    counts = {event.after["what"]: event.after["times"] for event in told("user.login_failed")[2:]}
    assert counts == {"password": 5, "held back after failures": 4}
    assert repeated.tell_counts() == 0
    assert not RepeatedEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_failures_at_one_instant_are_one_event_and_all_of_them_are_counted(people):
    coder = people["coder"]
    at_once(6, lambda _: sign_ins.fail(coder.username, "198.51.100.7", sign_ins.PASSWORD))
    assert len(told("user.login_failed")) == 1
    assert RepeatedEvent.objects.get().times == 6
    hour_passes()
    at_once(4, lambda _: repeated.tell_counts())
    assert [event.after.get("times") for event in told("user.login_failed")] == [None, 6]


@pytest.mark.django_db(transaction=True)
def test_sign_ins_from_one_new_place_at_one_instant_are_one_place(people):
    coder = people["coder"]
    got = at_once(
        4, lambda _: sign_ins.sign_in(coder, Place("198.51.100.7", "Firefox"), ["password"])
    )
    assert [entered.is_new_place for entered in got] == [False] * 4
    assert KnownPlace.objects.count() == 1
    assert len(told("user.logged_in")) == 4


def test_a_thousand_clients_fill_the_trail_no_more_than_some_hundred(people, monkeypatch):
    monkeypatch.setattr(repeated, "MOST", 3)
    for number in range(8):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), people["coder"], WRONG)
    events = told("user.login_failed")
    assert [event.after["client"] for event in events][2:] == ["198.51.100.2", "further clients"]
    hour_passes()
    repeated.tell_counts()
    assert told("user.login_failed")[-1].after["times"] == 5


def test_a_refusal_names_the_kind_of_address_and_no_row(people, hip, client):
    encounter = factories.encounter(people, hip)
    client.force_login(people["rule author"])
    for _ in range(3):
        assert client.get(encounter.get_absolute_url()).status_code == 403
    (event,) = told("access.refused")
    assert event.actor == people["rule author"]
    assert str(encounter.public_id) not in str(event.after)
    assert event.after["what"].startswith("GET encounters/<uuid:")


def test_a_form_without_its_token_is_a_refusal_of_nobody(db):
    Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x", "password": "y"})
    (event,) = told("access.refused")
    assert (event.actor, event.actor_name, event.after["client"]) == (None, "Concord", "127.0.0.1")


def test_a_session_that_lasted_too_long_is_signed_out_in_the_trail(people, client, settings):
    client.force_login(people["coder"])
    session = client.session
    session["began"] = 0
    session.save()
    client.get(reverse("worklist"))
    (event,) = told("user.logged_out")
    assert event.actor == people["coder"]
    assert "longest" not in event.reason
    assert "as long as one may" in event.reason
