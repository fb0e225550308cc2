"""Accounts in the administration, straight to its methods: what is read only, who is found, and what is said."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import Http404

from coding.admin.people import PersonAdmin, RolesHeldTogether
from coding.models import User
from tests.straight import admin_of, asked, sent, told

ACCOUNTS = admin_of(User)


@pytest.fixture
def administrator(people):
    return people["administrator"]


def superuser():
    return User(pk=-1, username="root", is_superuser=True, is_active=True, is_staff=True)


# What an administrator may change.


def test_of_another_account_all_is_changed_but_its_password(people, administrator):
    request = asked(administrator)
    assert ACCOUNTS.get_readonly_fields(request) == []
    assert ACCOUNTS.get_readonly_fields(request, people["coder"]) == ["new_password", "signed"]


def test_of_ones_own_account_roles_and_access_are_for_somebody_else(administrator):
    assert ACCOUNTS.get_readonly_fields(asked(administrator), administrator) == [
        "new_password",
        "signed",
        "is_active",
        "is_staff",
        "groups",
    ]


def test_the_address_of_who_decides_is_for_them_alone(people, administrator):
    supervisor = people["supervisor"]
    assert "email" in ACCOUNTS.get_readonly_fields(asked(administrator), supervisor)


def test_a_superuser_s_account_is_for_superusers(people, administrator):
    assert not ACCOUNTS.has_change_permission(asked(administrator), superuser())
    assert ACCOUNTS.has_change_permission(asked(superuser()), superuser())
    assert ACCOUNTS.has_change_permission(asked(administrator), people["coder"])
    assert ACCOUNTS.has_change_permission(asked(administrator))


def test_accounts_are_never_deleted(people):
    assert not ACCOUNTS.has_delete_permission(asked(superuser()), people["coder"])


def test_an_account_says_whether_it_has_a_password_and_leads_to_another_one(people):
    coder = people["coder"]
    with_one = ACCOUNTS.new_password(coder)
    assert with_one == (
        f'<a href="/admin/coding/user/{coder.pk}/password/">One-time link to a new one</a>'
    )
    coder.set_unusable_password()
    assert ACCOUNTS.new_password(coder) == f"The account has none. {with_one}"


def test_what_nobody_signed_says_so(people):
    assert ACCOUNTS.signed(people["coder"]) == "none"


# Sessions.


def test_sessions_of_several_are_ended_and_each_is_named(people, administrator):
    people_there = [people["coder"], people["auditor"]]
    chosen = User.objects.filter(pk__in=[person.pk for person in people_there])
    request = sent(administrator)
    ACCOUNTS.end_sessions(request, chosen)
    names = ", ".join(person.name for person in people_there)
    assert told(request) == [f"Ended all sessions of {names}."]


def test_nobody_s_sessions_are_ended_where_all_that_were_chosen_are_superusers(administrator):
    User.objects.create_superuser("root")
    request = sent(administrator)
    ACCOUNTS.end_sessions(request, User.objects.filter(username="root"))
    assert told(request) == ["Ended all sessions of nobody."]


# Who holds what nobody may hold together.


def test_holders_of_roles_that_watch_each_other_are_found(people, administrator):
    both, _ = people["supervisor"], people["auditor"]
    both.groups.add(Group.objects.get(name="auditor"))
    request, everybody = asked(administrator), User.objects.all()

    holders = RolesHeldTogether(request, {"apart": ["yes"]}, User, ACCOUNTS)
    assert set(holders.queryset(request, everybody)) == {both}
    assert holders.lookup_choices == [("yes", "That nobody may hold together")]

    not_asked = RolesHeldTogether(request, {}, User, ACCOUNTS)
    assert set(not_asked.queryset(request, everybody)) == set(everybody)


# A one-time link.


def test_the_page_of_a_link_says_whose_it_is_and_whether_it_takes_two(people, administrator):
    def page(person):
        return ACCOUNTS.user_change_password(asked(administrator), str(person.pk)).context_data

    coder, supervisor = people["coder"], people["supervisor"]
    assert page(coder)["title"] == f"One-time link for {coder.name}"
    assert page(coder)["original"] == coder
    assert page(coder)["takes_two"] is False
    assert page(supervisor)["takes_two"] is True


def test_nobody_makes_a_link_for_who_is_not_there_nor_without_the_right(people, administrator):
    with pytest.raises(Http404):
        ACCOUNTS.user_change_password(asked(administrator), "0")
    with pytest.raises(PermissionDenied):
        ACCOUNTS.user_change_password(asked(people["coder"]), str(people["auditor"].pk))


def test_ones_own_password_is_changed_elsewhere(administrator):
    response = ACCOUNTS.user_change_password(asked(administrator), str(administrator.pk))
    assert response.url == "/accounts/password/change/"


def test_a_link_for_who_decides_is_proposed_and_the_proposal_is_told(people, administrator):
    supervisor = people["supervisor"]
    request = sent(administrator)
    response = ACCOUNTS.user_change_password(request, str(supervisor.pk))
    assert response.url == f"/admin/coding/user/{supervisor.pk}/change/"
    assert told(request) == [
        f"A one-time link is proposed for {supervisor.name}. Another administrator approves it."
    ]


# Second factors and sessions of others.


def test_second_factors_and_sessions_are_seen_and_never_made_by_somebody_else():
    request = asked(superuser())
    factors, sessions = admin_of(Authenticator), admin_of(UserSession)
    assert not factors.has_add_permission(request)
    assert factors.has_delete_permission(request)
    assert not sessions.has_add_permission(request)
    assert not sessions.has_delete_permission(request)
    for shown in (factors, sessions):
        assert shown.fields == shown.readonly_fields
    assert "data" not in factors.fields


def test_single_roles_of_django_have_no_page_of_their_own():
    assert not admin.site.is_registered(Group)
    assert isinstance(ACCOUNTS, PersonAdmin)
