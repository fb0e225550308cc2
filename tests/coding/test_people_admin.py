"""Accounts in the administration: made, named, given roles and taken out of use; nobody else looks in."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from coding.models import AuditEvent, User
from reviews.roles import ROLES
from tests import factories
from tests.signing import but_for_the_signature

LIST = "admin:coding_user_changelist"
ADD = "admin:coding_user_add"


@pytest.fixture
def admin(people, client):
    client.force_login(people["administrator"])
    return client


@pytest.fixture
def somebody(db):
    return User.objects.create_user("somebody", first_name="Some", last_name="Body")


def address(person):
    return reverse("admin:coding_user_change", args=[person.pk])


def save(client, person, **data):
    return client.post(address(person), {"username": person.username, "is_active": "on", **data})


def listed(client, **query):
    response = client.get(reverse(LIST), query)
    assert response.status_code == 200
    return [person.username for person in response.context["cl"].result_list]


def test_people_are_listed_found_by_name_and_narrowed_to_a_role(people, admin, somebody):
    coder = people["coder"]
    assert {"somebody", coder.username} <= set(listed(admin))
    assert listed(admin, q="Body") == ["somebody"]
    assert listed(admin, q="nobody at all") == []
    assert listed(admin, groups__id__exact=coder.groups.get().pk) == [coder.username]
    assert "Some Body" in admin.get(reverse(LIST)).text


def test_inactive_people_are_found_apart(admin, somebody):
    User.objects.filter(pk=somebody.pk).update(is_active=False)
    assert listed(admin, is_active__exact=0) == ["somebody"]


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator"}))
def test_nobody_but_an_administrator_sees_or_changes_accounts(people, client, somebody, role):
    client.force_login(people[role])
    assert client.get(reverse(LIST)).status_code in (302, 403)
    assert client.post(reverse(ADD), {"username": "new"}).status_code in (302, 403)
    assert save(client, somebody, first_name="Mine").status_code in (302, 403)
    somebody.refresh_from_db()
    assert somebody.first_name == "Some"
    assert not User.objects.filter(username="new").exists()


def test_a_new_person_has_no_password_no_role_and_an_event(people, admin):
    assert admin.post(reverse(ADD), {"username": "new"}).status_code == 302
    person = User.objects.get(username="new")
    assert not person.has_usable_password()
    assert (person.is_staff, person.is_superuser, person.groups.count()) == (False, False, 0)
    event = AuditEvent.objects.get(event="user.saved")
    assert (event.actor, event.subject_id) == (people["administrator"], str(person.pk))


def test_a_name_that_is_taken_is_refused(admin, somebody):
    assert (
        "A user with that username already exists."
        in admin.post(reverse(ADD), {"username": "somebody"}).text
    )
    assert User.objects.filter(username="somebody").count() == 1
    assert not AuditEvent.objects.exists()


def test_another_name_is_an_event_and_no_change_of_roles(people, admin):
    coder = people["coder"]
    role = coder.groups.get()
    assert save(admin, coder, first_name="Renamed", groups=[role.pk]).status_code == 302
    coder.refresh_from_db()
    assert coder.first_name == "Renamed"
    event = AuditEvent.objects.get(event="user.saved")
    assert event.before == event.after == {"roles": ["coder"]}
    assert not AuditEvent.objects.filter(event="user.roles_changed").exists()


def test_a_role_is_exchanged_for_another_and_the_trail_tells_both(people, admin):
    coder = people["coder"]
    author = Group.objects.get(name="rule author")
    save(admin, coder, groups=[author.pk])
    assert [group.name for group in coder.groups.all()] == ["rule author"]
    event = AuditEvent.objects.get(event="user.roles_changed")
    assert (event.before, but_for_the_signature(event.after)) == (
        {"roles": ["coder"]},
        {"roles": ["rule author"]},
    )
    assert User.objects.get(pk=coder.pk).has_perm("coding.change_rulesetversion")
    assert not User.objects.get(pk=coder.pk).has_perm("coding.code_encounter")


def test_who_was_made_inactive_is_signed_out_and_signs_in_no_more(people, admin, client):
    coder = people["coder"]
    role = coder.groups.get()
    admin.post(address(coder), {"username": coder.username, "groups": [role.pk]})
    coder.refresh_from_db()
    assert not coder.is_active
    client.logout()
    client.post(reverse("account_login"), {"login": coder.username, "password": factories.PASSWORD})
    assert client.get(reverse("worklist")).status_code == 302


def test_an_administrator_may_change_their_own_name_and_not_their_own_standing(people, admin):
    own = people["administrator"]
    data = {"username": own.username, "first_name": "Renamed", "last_name": "Admin", "groups": []}
    assert admin.post(address(own), data).status_code == 302
    own.refresh_from_db()
    assert own.first_name == "Renamed"
    assert (own.is_active, own.is_staff) == (True, True)
    assert [group.name for group in own.groups.all()] == ["administrator"]


def test_single_permissions_are_not_given(admin, somebody):
    publish = Permission.objects.get(codename="publish_rulesetversion")
    assert "user_permissions" not in admin.get(address(somebody)).context["adminform"].form.fields
    save(admin, somebody, user_permissions=[publish.pk])
    assert not User.objects.get(pk=somebody.pk).has_perm("coding.publish_rulesetversion")


def test_what_a_role_may_do_is_not_edited_in_the_administration(admin):
    assert "/auth/group/" not in admin.get(reverse("admin:index")).text
    assert admin.get("/admin/auth/group/").status_code == 404


def test_people_are_not_deleted_from_the_list_either(admin, somebody):
    admin.post(
        reverse(LIST),
        {"action": "delete_selected", "_selected_action": [somebody.pk], "post": "yes"},
    )
    assert User.objects.filter(pk=somebody.pk).exists()


@pytest.mark.parametrize(("first", "second"), settings.ROLES_APART)
def test_nobody_holds_two_roles_of_which_one_watches_the_other(admin, somebody, first, second):
    groups = Group.objects.filter(name__in=[first, second])
    response = save(admin, somebody, groups=[group.pk for group in groups])
    assert f"Nobody is {first} and {second} at once." in response.text
    assert not somebody.groups.exists()


def test_roles_that_do_not_watch_each_other_are_held_together(admin, somebody):
    groups = Group.objects.filter(name__in=["coder", "rule author"])
    assert save(admin, somebody, groups=[group.pk for group in groups]).status_code == 302
    assert somebody.groups.count() == 2


def test_an_administrator_does_not_become_a_superuser_by_a_password(people, admin, somebody):
    User.objects.filter(pk=somebody.pk).update(is_superuser=True)
    password = reverse("admin:auth_user_password_change", args=[somebody.pk])
    assert admin.post(password).status_code == 403
    assert save(admin, somebody, first_name="Mine").status_code == 403
    assert set(AuditEvent.objects.values_list("event", flat=True)) == {"access.refused"}
