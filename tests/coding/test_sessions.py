"""Sessions: seen and ended by their person, ended by an administrator, and never coming back with an account."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.urls import reverse

from coding.actions import sessions
from coding.actions.errors import NotAllowed
from coding.models import AuditEvent, User
from config.sessions import SessionStore
from tests import factories

PEOPLE = "admin:coding_user_changelist"


def signed_in(person, **place):
    client = Client(**place)
    client.post(
        reverse("account_login"), {"login": person.username, "password": factories.PASSWORD}
    )
    assert is_in(client)
    return client


def is_in(client):
    return client.get(reverse("worklist")).status_code == 200


def save(admin, person, **data):
    address = reverse("admin:coding_user_change", args=[person.pk])
    roles = [group.pk for group in person.groups.all()]
    return admin.post(address, {"username": person.username, "groups": roles, **data})


@pytest.fixture
def admin(people):
    client = Client()
    client.force_login(people["administrator"])
    return client


def test_a_person_sees_where_they_are_signed_in_and_which_session_this_one_is(people):
    coder = people["coder"]
    here = signed_in(coder, REMOTE_ADDR="192.0.2.1", HTTP_USER_AGENT="Firefox")
    signed_in(coder, REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT="Chrome")
    signed_in(people["coder", 2], REMOTE_ADDR="203.0.113.9")
    page = here.get(reverse("usersessions_list")).text
    assert "192.0.2.1" in page
    assert "198.51.100.7" in page
    assert "203.0.113.9" not in page
    assert page.count("this one</span>") == 1


def test_a_person_ends_their_other_sessions_and_keeps_this_one(people):
    coder = people["coder"]
    here, there = signed_in(coder), signed_in(coder, REMOTE_ADDR="198.51.100.7")
    assert (
        "Signed out of all other sessions"
        in here.post(reverse("usersessions_list"), follow=True).text
    )
    assert (is_in(here), is_in(there)) == (True, False)
    event = AuditEvent.objects.get(event="user.sessions_ended")
    assert (event.actor, event.after) == (coder, {"sessions": 1})
    assert "There is no other one." in here.get(reverse("usersessions_list")).text


def test_another_password_ends_the_sessions_that_began_with_the_old_one(people):
    coder, new = people["coder"], "staple battery correct"
    here, there = signed_in(coder), signed_in(coder)
    data = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    here.post(reverse("account_change_password"), data)
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_session_does_not_come_back_with_its_account(people, admin):
    coder = people["coder"]
    client = signed_in(coder)
    save(admin, coder)
    assert not is_in(client)
    save(admin, coder, is_active="on")
    assert not is_in(client)
    assert is_in(signed_in(coder))
    event = AuditEvent.objects.get(event="user.sessions_ended")
    assert (event.actor, event.reason) == (
        people["administrator"],
        "The account was made inactive.",
    )


def test_an_administrator_ends_all_sessions_of_a_person_and_of_nobody_else(people, admin):
    coder = people["coder"]
    theirs, others = [signed_in(coder), signed_in(coder)], signed_in(people["coder", 2])
    data = {"action": "end_sessions", "_selected_action": [coder.pk]}
    response = admin.post(reverse(PEOPLE), data, follow=True)
    assert f"Ended all sessions of {coder.name}." in response.text
    assert [is_in(client) for client in theirs] == [False, False]
    assert is_in(others)


def test_an_administrator_does_not_end_the_sessions_of_a_superuser(people, admin):
    coder = people["coder"]
    User.objects.filter(pk=coder.pk).update(is_superuser=True)
    client = signed_in(coder)
    response = admin.post(
        reverse(PEOPLE), {"action": "end_sessions", "_selected_action": [coder.pk]}, follow=True
    )
    assert "Ended all sessions of nobody." in response.text
    assert is_in(client)
    with pytest.raises(NotAllowed):
        sessions.end_all(people["administrator"], User.objects.get(pk=coder.pk))


@pytest.mark.parametrize("role", ["coder", "supervisor", "rule approver", "auditor"])
def test_nobody_else_ends_the_sessions_of_others(people, role):
    with pytest.raises(NotAllowed):
        sessions.end_all(people[role], people["coder", 2])
    sessions.end_all(people[role], people[role])


def test_a_part_of_a_page_that_is_still_on_its_way_undoes_nothing_that_was_written_meanwhile(
    people,
):
    key = signed_in(people["coder"]).session.session_key
    part, action = SessionStore(key), SessionStore(key)
    assert part["_auth_user_id"] == action["_auth_user_id"]
    action["message"] = "The ruling is marked as read."
    action.save()
    before = SessionStore.get_model_class().objects.get(pk=key).expire_date
    part.save()
    assert SessionStore(key)["message"] == "The ruling is marked as read."
    assert SessionStore.get_model_class().objects.get(pk=key).expire_date > before


def test_a_session_that_was_ended_meanwhile_is_not_saved_again(people):
    key = signed_in(people["coder"]).session.session_key
    part = SessionStore(key)
    assert part["_auth_user_id"]
    SessionStore(key).delete()
    with pytest.raises(UpdateError):
        part.save()
    assert not SessionStore(key).exists(key)
