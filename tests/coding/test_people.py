"""Accounts: who may change roles, and that sign-up is closed."""

import pytest
from django.urls import reverse

from coding.models import AuditEvent, User
from tests import factories
from tests.signing import but_for_the_signature


@pytest.fixture
def admin(people, client):
    client.force_login(people["administrator"])
    return client


def save(client, person, **data):
    url = reverse("admin:coding_user_change", args=[person.pk])
    return client.post(url, {"username": person.username, "is_active": "on", **data})


def test_an_administrator_gives_a_role_and_the_trail_tells_it(people, admin):
    person = User.objects.create_user("somebody")
    role = people["coder"].groups.get()
    assert save(admin, person, groups=[role.pk]).status_code == 302
    assert list(person.groups.all()) == [role]
    event = AuditEvent.objects.get(event="user.roles_changed")
    assert (event.before, but_for_the_signature(event.after)) == (
        {"roles": []},
        {"roles": ["coder"]},
    )


def test_an_administrator_does_not_change_their_own_roles(people, admin):
    save(admin, people["administrator"], groups=[people["supervisor"].groups.get().pk])
    assert [group.name for group in people["administrator"].groups.all()] == ["administrator"]


def test_nobody_is_made_a_superuser_in_the_administration(admin):
    person = User.objects.create_user("somebody")
    save(admin, person, is_superuser="on")
    assert not User.objects.get(pk=person.pk).is_superuser


def test_accounts_are_not_deleted(people, admin):
    url = reverse("admin:coding_user_delete", args=[people["administrator"].pk])
    assert admin.post(url, {"post": "yes"}).status_code == 403


def test_sign_up_is_closed(client, db):
    data = {
        "username": "new",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
    }
    client.post(reverse("account_signup"), data)
    assert not User.objects.exists()


def test_a_person_signs_in_and_lands_where_their_work_is(people, client):
    data = {"login": people["supervisor"].username, "password": factories.PASSWORD}
    response = client.post(reverse("account_login"), data, follow=True)
    assert response.redirect_chain[-1][0] == reverse("queue")


def test_an_inactive_person_does_not_get_in(people, client):
    User.objects.filter(pk=people["coder"].pk).update(is_active=False)
    client.force_login(people["coder"])
    assert client.get(reverse("worklist")).status_code == 302


def test_whoever_is_shut_out_is_told_of_in_the_trail(people, admin):
    person = people["coder"]
    groups = [group.pk for group in person.groups.all()]
    url = reverse("admin:coding_user_change", args=[person.pk])
    admin.post(url, {"username": person.username, "groups": groups})
    event = AuditEvent.objects.get(event="user.saved")
    assert (event.before["may sign in"], event.after["may sign in"]) == (True, False)


def test_another_address_for_mail_is_told_of_without_the_address(people, admin):
    person = people["coder"]
    save(admin, person, email="new@example.org", groups=[group.pk for group in person.groups.all()])
    event = AuditEvent.objects.get(event="user.email_changed")
    assert (event.actor_name, event.subject_id) == (people["administrator"].name, str(person.pk))
    assert "new@example.org" not in str(AuditEvent.objects.values_list("before", "after"))
