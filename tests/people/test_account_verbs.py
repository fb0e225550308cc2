"""Verbs on accounts: who may, in which words others are refused, and what a proposal changes before it is approved."""

import pytest
from django.contrib.auth.models import Group

from coding.accounts.links import Link
from coding.actions import accounts, addresses, sessions
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AccountProposal, AuditEvent, ProposalState, User
from reviews.roles import ROLES
from tests import factories

FIRST, SECOND, THIRD = "administrator", ("administrator", 2), ("administrator", 3)
OTHERS = sorted(set(ROLES) - {"administrator"})


def standing(people):
    """Somebody without a role, for whom one is proposed."""
    person = User.objects.create_user("somebody", first_name="Some", last_name="Body")
    return accounts.propose_role(people[FIRST], person, "supervisor")


@pytest.fixture
def somebody(standing):
    return standing.person


def refused(kind, act, *arguments):
    with pytest.raises(kind) as refusal:
        act(*arguments)
    return str(refusal.value)


def root():
    return User.objects.create_superuser("root", first_name="Ruth", last_name="Root")


# Who may -------------------------------------------------------------------------------------------


def test_every_other_role_is_told_whom_to_ask(people, standing):
    words = "You may not change accounts. Ask an administrator for the role that may."
    for role in OTHERS:
        actor = people[role]
        assert refused(NotAllowed, accounts.make_link, actor, standing.person) == words
        assert refused(NotAllowed, accounts.withdraw, actor, standing) == words
        assert refused(NotAllowed, accounts.refuse, actor, standing, "No.") == words
    assert AccountProposal.objects.get().state == ProposalState.PROPOSED


def test_an_administrator_who_may_not_sign_in_any_more_does_nothing(people, somebody):
    gone = people[THIRD]
    gone.is_active = False
    assert refused(NotAllowed, accounts.make_link, gone, somebody).startswith("You may not")


def test_nobody_changes_their_own_account(people):
    own = people[FIRST]
    words = "Your own account is for another administrator to change."
    assert refused(NotAllowed, accounts.make_link, own, own) == words
    assert refused(NotAllowed, accounts.propose_role, own, own, "auditor") == words


def test_a_superuser_s_account_is_for_superusers(people):
    one, another = root(), User.objects.create_superuser("other", password=factories.PASSWORD)
    words = "A superuser's account is for superusers."
    assert refused(NotAllowed, accounts.make_link, people[FIRST], one) == words
    assert isinstance(accounts.make_link(another, one), AccountProposal)


def test_only_a_superuser_ends_the_sessions_of_one(people):
    one = root()
    words = "Only a superuser ends the sessions of a superuser."
    assert refused(NotAllowed, sessions.end_all, people[FIRST], one) == words
    sessions.end_all(one, one)
    one.refresh_from_db()
    assert one.sessions_ended == 1


def test_who_ends_sessions_or_changes_addresses_of_others_is_an_administrator(people, somebody):
    coder = people["coder"]
    assert refused(NotAllowed, sessions.end_all, coder, somebody) == (
        "You may not end the sessions of others. Ask an administrator for the role that may."
    )
    assert refused(NotAllowed, addresses.set_by_other, coder, somebody, "a@example.org") == (
        "You may not change the address of an account. Ask an administrator for the role that may."
    )
    somebody.refresh_from_db()
    assert (somebody.sessions_ended, somebody.email) == (0, "")


# Proposing -----------------------------------------------------------------------------------------


def test_what_is_proposed_changes_nothing_yet(people, somebody):
    assert accounts.roles_of(somebody) == []
    assert not AuditEvent.objects.filter(event="user.roles_changed").exists()


def test_a_role_that_takes_one_administrator_is_not_proposed(people, somebody):
    words = "The role coder takes one administrator: give it on the account's page."
    assert refused(Conflict, accounts.propose_role, people[FIRST], somebody, "coder") == words


def test_a_role_that_is_held_or_held_apart_is_not_proposed(people):
    auditor = people["auditor"]
    held = refused(Conflict, accounts.propose_role, people[FIRST], auditor, "auditor")
    assert held == f"{auditor.name} is auditor already."
    apart = refused(Conflict, accounts.propose_role, people[FIRST], auditor, "supervisor")
    assert apart == (
        "Nobody is supervisor and auditor at once. Give one of the two to somebody else."
    )


def test_the_same_role_is_proposed_once_while_it_waits(people, standing):
    words = "This was proposed already, and waits for another administrator."
    again = people[SECOND], standing.person, "supervisor"
    assert refused(Conflict, accounts.propose_role, *again) == words
    accounts.withdraw(people[FIRST], standing)
    accounts.propose_role(*again)
    assert AccountProposal.objects.count() == 2


def test_of_some_roles_those_are_proposed_that_take_two_and_are_not_held(people, somebody):
    roles = Group.objects.filter(name__in=["coder", "supervisor", "auditor"]).order_by("name")
    assert [role.name for role in accounts.to_propose(somebody, roles)] == ["auditor", "supervisor"]
    somebody.groups.add(Group.objects.get(name="auditor"))
    assert [role.name for role in accounts.to_propose(somebody, roles)] == ["supervisor"]


# Deciding ------------------------------------------------------------------------------------------


def test_who_proposed_it_does_not_approve_it(people, standing):
    words = "You proposed this. Another administrator approves it."
    assert refused(NotAllowed, accounts.approve, people[FIRST], standing) == words
    assert accounts.roles_of(standing.person) == []


def test_who_did_not_propose_it_refuses_it_with_a_reason_instead_of_taking_it_back(
    people, standing
):
    words = "Only who proposed it takes it back. Refuse it instead, with a reason."
    assert refused(NotAllowed, accounts.withdraw, people[SECOND], standing) == words
    accounts.refuse(people[SECOND], standing, "  Not theirs. ")
    event = AuditEvent.objects.get(event="proposal.refused")
    assert event.reason == "Not theirs."
    assert event.after == {"account": "somebody", "kind": "A role", "role": "supervisor"}


def test_whoever_comes_second_is_told_what_was_decided_and_by_whom(people, standing):
    accounts.refuse(people[SECOND], standing, "No.")
    words = f"This proposal was refused by {people[SECOND].name} already."
    assert refused(Conflict, accounts.approve, people[THIRD], standing) == words
    assert refused(Conflict, accounts.refuse, people[THIRD], standing, "No.") == words
    assert refused(Conflict, accounts.withdraw, people[FIRST], standing) == words


def test_a_proposal_that_is_approved_gives_the_role_and_keeps_the_others(people, standing):
    standing.person.groups.add(Group.objects.get_or_create(name="coder")[0])
    assert accounts.approve(people[SECOND], standing) is None
    assert accounts.roles_of(standing.person) == ["coder", "supervisor"]
    decided = AccountProposal.objects.get()
    assert (decided.state, decided.decided_by) == (ProposalState.APPROVED, people[SECOND])
    assert decided.decided_at is not None


def test_a_role_that_was_given_meanwhile_is_not_given_again(people, standing):
    person = standing.person
    person.groups.add(Group.objects.get_or_create(name="supervisor")[0])
    words = "Some Body is supervisor already."
    assert refused(Conflict, accounts.approve, people[SECOND], standing) == words
    assert AccountProposal.objects.get().state == ProposalState.PROPOSED


# Links ---------------------------------------------------------------------------------------------


def test_a_link_for_who_decides_is_proposed_and_made_when_it_is_approved(people):
    supervisor = people["supervisor"]
    proposal = accounts.make_link(people[FIRST], supervisor)
    assert supervisor.check_password(factories.PASSWORD)
    link = accounts.approve(people[SECOND], proposal)
    assert isinstance(link, Link)
    supervisor.refresh_from_db()
    assert not supervisor.has_usable_password()
    assert AuditEvent.objects.get(event="user.link_made").actor == people[SECOND]


def test_a_link_for_who_codes_is_made_at_once(people):
    coder = people["coder"]
    assert isinstance(accounts.make_link(people[FIRST], coder), Link)
    assert not AccountProposal.objects.exists()
    assert not User.objects.get(pk=coder.pk).has_usable_password()


def test_who_may_not_sign_in_gets_no_link_and_no_role(people, standing):
    person = standing.person
    User.objects.filter(pk=person.pk).update(is_active=False)
    words = "Some Body may not sign in. Let them sign in first, on the account's page."
    assert refused(Conflict, accounts.make_link, people[FIRST], person) == words
    assert refused(Conflict, accounts.make_link_at_console, person) == words
    assert refused(Conflict, accounts.approve, people[SECOND], standing) == words


def test_what_an_account_is_by_now_counts_and_not_what_it_was_when_it_was_read(people):
    read = people["coder"]
    read.groups.set([Group.objects.get_or_create(name="supervisor")[0]])
    assert isinstance(accounts.make_link(people[FIRST], read), AccountProposal)
    User.objects.filter(pk=read.pk).update(is_active=False)
    assert "may not sign in" in refused(Conflict, accounts.make_link, people[SECOND], read)
    User.objects.filter(pk=read.pk).update(is_superuser=True)
    assert refused(NotAllowed, accounts.make_link, people[SECOND], read).startswith("A superuser")
    assert "may not sign in" in refused(Conflict, accounts.make_link_at_console, read)
    assert User.objects.get(pk=read.pk).has_usable_password()


def test_those_who_could_approve_are_the_other_administrators(people, standing):
    others = {people[SECOND].pk, people[THIRD].pk}
    assert {person.pk for person in accounts.other_administrators(standing)} == others
    assert accounts.wait_for(people[SECOND])
    assert not accounts.wait_for(people[FIRST])
    assert not accounts.wait_for(people["auditor"])
    accounts.withdraw(people[FIRST], standing)
    assert not accounts.wait_for(people[SECOND])
