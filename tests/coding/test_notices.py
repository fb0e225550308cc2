"""What a person is told of their own account, on the page and by mail."""

import re
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import reverse

from coding.accounts import notices
from coding.actions import addresses
from coding.actions.errors import NotAllowed
from coding.models import AuditEvent, KnownPlace
from tests import factories

HOME, CAFE = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "198.51.100.7"}
NEW = "staple battery correct"
SINCE = "Since you last signed in from here"


@pytest.fixture
def coder(people):
    person = people["coder"]
    person.email = "coder@example.org"
    person.save()
    return person


@pytest.fixture
def with_mail(settings):
    settings.EMAIL_IS_SET_UP = settings.ACCOUNT_EMAIL_NOTIFICATIONS = True


def sign_in(person, password=factories.PASSWORD, **place):
    client = Client(**place)
    page = client.post(
        reverse("account_login"), {"login": person.username, "password": password}, follow=True
    ).text
    return client, page


def test_the_first_place_of_all_is_told_to_nobody(coder, with_mail):
    _, page = sign_in(coder, **HOME)
    assert SINCE not in page
    assert mail.outbox == []


def test_a_sign_in_from_a_new_place_is_told_by_mail_and_at_the_old_place(coder, with_mail):
    sign_in(coder, **HOME)
    _, page = sign_in(coder, **CAFE)
    assert SINCE not in page
    (message,) = mail.outbox
    assert (message.to, message.subject) == (
        ["coder@example.org"],
        "Concord: Signed in from a new place",
    )
    assert "198.51.100.7" in message.body
    _, page = sign_in(coder, **HOME)
    assert "somebody signed in as you from 198.51.100.7" in page
    assert "change your password" in page


def test_whoever_signs_in_elsewhere_takes_no_notice_away(coder):
    sign_in(coder, **HOME)
    for _ in range(3):
        sign_in(coder, **CAFE)
    assert "somebody signed in as you from 198.51.100.7" in sign_in(coder, **HOME)[1]
    assert SINCE not in sign_in(coder, **HOME)[1]


def test_a_place_that_is_known_is_told_no_more(coder, with_mail):
    for _ in range(3):
        sign_in(coder, **HOME)
        sign_in(coder, **CAFE)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("first", "second", "places"),
    [
        ({"HTTP_USER_AGENT": "Firefox/140.0"}, {"HTTP_USER_AGENT": "Firefox/141.2"}, 1),
        ({"HTTP_USER_AGENT": "Firefox/140.0"}, {"HTTP_USER_AGENT": "Chrome/140.0"}, 2),
        ({"REMOTE_ADDR": "2001:db8::1"}, {"REMOTE_ADDR": "2001:db8::2"}, 1),
        ({"REMOTE_ADDR": "2001:db8::1"}, {"REMOTE_ADDR": "2001:db8:1::1"}, 2),
        ({"HTTP_USER_AGENT": "x" * 900}, {"HTTP_USER_AGENT": "x" * 900}, 1),
    ],
)
def test_a_place_is_a_network_and_a_kind_of_browser(coder, first, second, places):
    sign_in(coder, **first)
    sign_in(coder, **second)
    assert KnownPlace.objects.filter(person=coder).count() == places


def test_a_password_and_a_factor_that_changed_are_told_by_mail_and_at_the_next_sign_in(
    coder, with_mail
):
    client, _ = sign_in(coder, **HOME)
    data = {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW}
    client.post(reverse("account_change_password"), data)
    client.post(reverse("account_reauthenticate"), {"password": NEW})
    totp.TOTP.activate(coder, totp.generate_totp_secret())
    client.post(reverse("mfa_deactivate_totp"))
    assert [message.subject for message in mail.outbox] == [
        "Concord: Password Changed",
        "Concord: Authenticator App Deactivated",
    ]
    _, page = sign_in(coder, NEW, **HOME)
    for told in (
        "your password was changed",
        "set up: authenticator app",
        "removed: authenticator app",
    ):
        assert told in page


def test_a_link_that_an_administrator_made_is_told(people, coder, with_mail):
    sign_in(coder, **HOME)
    admin = Client()
    admin.force_login(people["administrator"])
    admin.post(reverse("admin:auth_user_password_change", args=[coder.pk]))
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["coder@example.org"], "Choose your password for Concord")
    ]
    [path] = re.findall(r"/password/\S+", mail.outbox[0].body)
    browser = Client()
    form = browser.get(path).url
    browser.post(form, {"new_password1": NEW, "new_password2": NEW})
    page = sign_in(coder, NEW, **HOME)[1]
    assert f"{people['administrator'].name} made a link to a new password for you" in page
    assert "your password was chosen by a one-time link" in page


def test_without_mail_the_page_tells_it_alone(coder):
    sign_in(coder, **HOME)
    sign_in(coder, **CAFE)
    assert mail.outbox == []
    assert SINCE in sign_in(coder, **HOME)[1]


def test_who_has_no_address_signs_in_all_the_same(people, with_mail):
    sign_in(people["coder"], **HOME)
    client, _ = sign_in(people["coder"], **CAFE)
    assert client.get(reverse("worklist")).status_code == 200
    assert mail.outbox == []


def test_a_mail_server_that_is_away_keeps_nobody_from_their_work(coder, with_mail, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    sign_in(coder, **HOME)
    client, _ = sign_in(coder, **CAFE)
    assert client.get(reverse("worklist")).status_code == 200


def test_an_address_that_an_administrator_changed_is_told_to_the_former_one(
    people, coder, with_mail, django_capture_on_commit_callbacks
):
    sign_in(coder, **HOME)
    EmailAddress.objects.create(
        user=coder, email="confirmed@example.org", verified=True, primary=True
    )
    admin = Client()
    admin.force_login(people["administrator"])
    data = {"username": coder.username, "is_active": "on", "groups": [coder.groups.get().pk]}
    address = reverse("admin:coding_user_change", args=[coder.pk])
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(address, {**data, "email": "thief@example.org"})
        admin.post(address, {**data, "email": "thief@example.org", "first_name": "Same"})
    assert [message.to for message in mail.outbox] == [["coder@example.org"]]
    assert "thief@example.org" in mail.outbox[0].body
    assert not EmailAddress.objects.filter(user=coder).exists()
    event = AuditEvent.objects.get(event="user.email_changed")
    assert (event.actor, event.subject_id) == (people["administrator"], str(coder.pk))
    assert "your e-mail address was changed" in sign_in(coder, **HOME)[1]


@pytest.mark.parametrize("role", ["coder", "supervisor", "auditor"])
def test_nobody_but_an_administrator_gives_an_account_an_address(people, coder, role):
    with pytest.raises(NotAllowed):
        addresses.set_by_other(people[role], coder, "thief@example.org")


@pytest.mark.parametrize(
    ("event", "after", "words"),
    [
        (
            "user.logged_in",
            {"client": "192.0.2.1"},
            "somebody signed in as you from 192.0.2.1, where you had not been before",
        ),
        ("user.password_set", {}, "Ann Admin set your password"),
        ("user.link_made", {}, "Ann Admin made a link to a new password for you"),
        (
            "user.factor_removed",
            {"factor": "security key"},
            "a second factor was removed: security key",
        ),
        ("user.sessions_ended", {}, "Ann Admin ended your sessions"),
    ],
)
def test_a_notice_says_when_and_what_and_who_did_it(settings, event, after, words):
    settings.TIME_ZONE = "UTC"
    at = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
    row = AuditEvent(event=event, at=at, actor_name="Ann Admin", after=after)
    assert notices.in_words(row) == f"2026-05-04 12:30: {words}."
