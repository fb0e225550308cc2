"""A session that should have ended answers nobody: neither who signed out nor who was shut out gets in late."""

import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coding.models import User
from tests import factories


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    assert get_in(client) == 200
    return client


def get_in(client):
    return client.get(reverse("worklist")).status_code


def test_an_idle_session_ends(coder, settings):
    session = coder.session
    session.save()
    row = session.model.objects.get(session_key=session.session_key)
    row.expire_date = timezone.now() - timedelta(seconds=1)
    row.save()
    assert get_in(coder) == 302
    assert settings.SESSION_COOKIE_AGE == 15 * 60


def test_a_busy_one_ends_after_twelve_hours(coder, settings):
    session = coder.session
    session["began"] = time.time() - 12 * 3600 - 1
    session.save()
    assert settings.SESSION_LONGEST_SECONDS == 12 * 3600
    assert get_in(coder) == 302


def test_a_cookie_that_was_copied_opens_nothing_after_the_log_out(coder):
    copied = Client()
    copied.cookies["sessionid"] = coder.cookies["sessionid"].value
    assert get_in(copied) == 200
    coder.post(reverse("account_logout"))
    assert get_in(copied) == 302


def test_who_is_shut_out_does_not_get_in_with_the_next_request(people, coder):
    User.objects.filter(pk=people["coder"].pk).update(is_active=False)
    assert get_in(coder) == 302


def test_a_role_that_is_taken_counts_with_the_next_request(people, coder):
    people["coder"].groups.remove(Group.objects.get(name="coder"))
    assert get_in(coder) == 403


def test_a_changed_password_ends_the_sessions_elsewhere(people, coder):
    person = User.objects.get(pk=people["coder"].pk)
    person.set_password("another right horse")
    person.save()
    assert get_in(coder) == 302


def test_the_session_of_the_log_in_is_a_new_one(people, client):
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    client.post(
        reverse("account_login"),
        {"login": people["coder"].username, "password": factories.PASSWORD},
    )
    assert get_in(client) == 200
    assert client.cookies["sessionid"].value != planted
