"""How people get in, how long they stay, and what their browsers keep."""

import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from coding.work import nightly
from tests import factories

WRONG = "wrong horse"


def sign_in(client, person, password=factories.PASSWORD, **extra):
    return client.post(
        reverse("account_login"),
        {"login": person.username, "password": password},
        follow=True,
        **extra,
    )


def is_in(client):
    return client.get(reverse("worklist")).status_code == 200


# --- One door.


@pytest.mark.parametrize("password", [factories.PASSWORD, WRONG])
def test_the_administration_takes_no_password_and_leads_to_the_log_in_of_all(
    people, client, password
):
    admin = people["administrator"]
    response = client.post(
        reverse("admin:login"), {"username": admin.username, "password": password}
    )
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))
    assert not is_in(client)


def test_who_may_not_use_the_administration_is_not_asked_to_sign_in_again(people, client):
    client.force_login(people["coder"])
    assert client.get(reverse("admin:login")).status_code == 403


def test_a_log_in_leads_on_to_pages_of_ours_alone_and_by_their_path(people, client):
    form = {"login": people["coder"].username, "password": factories.PASSWORD}
    assert (
        client.post(reverse("account_login"), {**form, "next": "http://testserver/uploads/"}).url
        == "/"
    )
    client.logout()
    assert client.post(reverse("account_login"), {**form, "next": "/uploads/"}).url == "/uploads/"


def test_five_failures_stop_the_client_that_made_them_and_nobody_else(people):
    coder, attacker, own = (
        people["coder"],
        Client(REMOTE_ADDR="198.51.100.7"),
        Client(REMOTE_ADDR="192.0.2.1"),
    )
    for _ in range(5):
        sign_in(attacker, coder, WRONG)
    assert "Too many failed" in sign_in(attacker, coder).text
    assert not is_in(attacker)
    sign_in(own, coder)
    assert is_in(own)


def test_failures_at_one_account_do_not_keep_its_neighbours_out(people):
    shared = {"REMOTE_ADDR": "192.0.2.1"}
    for _ in range(14):
        sign_in(Client(**shared), people["coder"], WRONG)
    colleague = Client(**shared)
    sign_in(colleague, people["coder", 2])
    assert is_in(colleague)


def test_an_address_that_a_client_makes_up_is_not_believed(people):
    for number in range(5):
        sign_in(Client(HTTP_X_FORWARDED_FOR=f"192.0.2.{number}"), people["coder"], WRONG)
    assert (
        "Too many failed"
        in sign_in(Client(HTTP_X_FORWARDED_FOR="192.0.2.99"), people["coder"]).text
    )


def test_behind_a_proxy_the_client_is_the_one_that_the_proxy_names(people, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(5):
        sign_in(Client(HTTP_X_FORWARDED_FOR="198.51.100.7"), people["coder"], WRONG)
    own = Client(HTTP_X_FORWARDED_FOR="198.51.100.7, 192.0.2.1")
    sign_in(own, people["coder"])
    assert is_in(own)


def test_failures_and_used_codes_are_where_all_processes_look(settings, db):
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    cache.set("seen", "by all")
    assert cache.get("seen") == "by all"


def test_a_code_of_the_second_factor_opens_one_session(people):
    coder = people["coder"]
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(coder, secret)
    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, coder)
        assert not is_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)


def test_an_inactive_person_is_told_no_more_with_the_right_password_than_with_a_wrong_one(
    people, client
):
    coder = people["coder"]
    coder.is_active = False
    coder.save()
    right, wrong = (sign_in(client, coder, password) for password in (factories.PASSWORD, WRONG))
    assert (
        (right.status_code, right.redirect_chain)
        == (wrong.status_code, wrong.redirect_chain)
        == (200, [])
    )
    assert right.context["form"].errors == wrong.context["form"].errors


@pytest.mark.parametrize("address", ["/accounts/password/reset/", "/accounts/email/"])
def test_pages_that_would_send_mail_do_not_exist_without_mail(people, client, address):
    client.force_login(people["coder"])
    assert (
        client.get(address).status_code
        == client.post(address, {"email": "a@example.org"}).status_code
        == 404
    )


# --- Sessions.


def test_a_session_ends_after_its_longest_time_however_busy_it_is(people, client, settings):
    client.force_login(people["coder"])
    assert is_in(client)
    session = client.session
    session["began"] = time.time() - settings.SESSION_LONGEST_SECONDS - 1
    session.save()
    response = client.get(reverse("worklist"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_a_session_that_is_not_that_old_goes_on(people, client, settings):
    client.force_login(people["coder"])
    session = client.session
    session["began"] = time.time() - settings.SESSION_LONGEST_SECONDS + 60
    session.save()
    assert is_in(client)


def test_the_rows_of_ended_sessions_are_deleted_at_night(people, client, db):
    client.force_login(people["coder"])
    ended = Session.objects.create(
        session_key="ended", session_data="", expire_date="2020-01-01T00:00:00Z"
    )
    nightly.clear_sessions()
    assert ended.session_key not in Session.objects.values_list("session_key", flat=True)
    assert is_in(client)


# --- What browsers keep.


def test_no_browser_keeps_a_page(people, client, hip):
    encounter = factories.encounter(people, hip)
    client.force_login(people["coder"])
    for address in (
        reverse("worklist"),
        encounter.get_absolute_url(),
        reverse("mfa_index"),
        reverse("account_login"),
    ):
        response = client.get(address)
        assert "no-store" in response["Cache-Control"], address
        assert "camera=()" in response["Permissions-Policy"]
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_who_signs_out_leaves_no_page_in_the_browser_and_keeps_their_settings(people, client):
    client.force_login(people["coder"])
    assert "Clear-Site-Data" not in client.get(reverse("account_logout"))
    assert client.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache"'


def test_what_was_done_is_told_from_the_server_and_not_from_a_cookie(people, client, hip):
    case = factories.case_of(
        factories.decide(
            people["coder"], factories.encounter(people, hip), factories.PAVLIK, factories.insists()
        )
    )
    client.force_login(people["supervisor"])
    client.post(reverse("claim", args=[case.public_id]))
    assert "messages" not in client.cookies


@pytest.mark.parametrize(
    "filtered", ["coding/user/?is_active__exact=%00", "coding/rulesetversion/?state__exact=%00"]
)
def test_an_odd_filter_in_the_administration_is_refused_in_words(people, client, filtered):
    person = people["administrator"]
    person.is_superuser = True
    person.save()
    client.force_login(person)
    response = client.get(reverse("admin:index") + filtered)
    assert response.status_code == 400
    assert "could not be read" in response.text


@pytest.mark.parametrize(
    ("door", "page"), [("logout", "account_logout"), ("password_change", "account_change_password")]
)
def test_the_administration_leads_to_the_pages_of_the_account(people, client, door, page):
    client.force_login(people["administrator"])
    address = reverse(f"admin:{door}")
    for response in (client.get(address), client.post(address)):
        assert (response.status_code, response.url) == (302, reverse(page))
