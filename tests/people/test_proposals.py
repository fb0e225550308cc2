"""A role that decides or administers is proposed by one administrator and given by another."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from coding.actions import accounts
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AccountProposal, AuditEvent, User
from tests import factories
from tests.signing import but_for_the_signature

FIRST, SECOND = "administrator", ("administrator", 2)


@pytest.fixture
def somebody(db):
    return User.objects.create_user("somebody", first_name="Some", last_name="Body")


@pytest.fixture
def proposal(people, somebody):
    return accounts.propose_role(people[FIRST], somebody, "supervisor")


def roles(person):
    return sorted(group.name for group in person.groups.all())


def save(client, person, *given):
    groups = [Group.objects.get(name=name).pk for name in given]
    address = reverse("admin:coding_user_change", args=[person.pk])
    return client.post(
        address, {"username": person.username, "is_active": "on", "groups": groups}, follow=True
    )


def decide(client, proposal, verb, **more):
    return client.post(proposal.get_absolute_url(), {"verb": verb, **more})


def test_a_role_that_decides_is_not_given_but_proposed(people, somebody, client):
    client.force_login(people[FIRST])
    page = save(client, somebody, "coder", "supervisor")
    assert roles(somebody) == ["coder"]
    assert "Supervisor is proposed for somebody." in page.text
    proposal = AccountProposal.objects.get()
    assert (proposal.person, proposal.role, proposal.proposed_by) == (
        somebody,
        "supervisor",
        people[FIRST],
    )
    event = AuditEvent.objects.get(event="proposal.made")
    assert event.after == {"account": "somebody", "kind": "A role", "role": "supervisor"}


def test_another_administrator_approves_it_and_the_trail_tells_both(
    people, somebody, proposal, client
):
    client.force_login(people[SECOND])
    assert decide(client, proposal, "approve").url == reverse("duties")
    assert roles(somebody) == ["supervisor"]
    assert AuditEvent.objects.get(event="proposal.approved").actor == people[SECOND]
    changed = AuditEvent.objects.get(event="user.roles_changed")
    assert (changed.before, but_for_the_signature(changed.after)) == (
        {"roles": []},
        {"roles": ["supervisor"]},
    )


def test_who_proposed_it_does_not_approve_it(people, somebody, proposal, client):
    client.force_login(people[FIRST])
    assert decide(client, proposal, "approve").status_code == 403
    assert roles(somebody) == []


def test_nobody_proposes_or_approves_a_role_of_their_own(people):
    with pytest.raises(NotAllowed):
        accounts.propose_role(people[FIRST], people[FIRST], "auditor")
    own = accounts.propose_role(people[FIRST], people[SECOND], "auditor")
    with pytest.raises(NotAllowed):
        accounts.approve(people[SECOND], own)


@pytest.mark.parametrize("role", ["coder", "supervisor", "rule author", "rule approver", "auditor"])
def test_nobody_but_an_administrator_proposes_approves_or_refuses(people, somebody, proposal, role):
    with pytest.raises(NotAllowed):
        accounts.propose_role(people[role], somebody, "auditor")
    for verb in (accounts.approve, accounts.withdraw):
        with pytest.raises(NotAllowed):
            verb(people[role], proposal)
    with pytest.raises(NotAllowed):
        accounts.refuse(people[role], proposal, "No.")


def test_a_proposal_is_refused_with_a_reason(people, somebody, proposal, client):
    client.force_login(people[SECOND])
    assert decide(client, proposal, "refuse").status_code == 422
    assert decide(client, proposal, "refuse", reason="I do not know them.").status_code == 302
    assert roles(somebody) == []
    assert AuditEvent.objects.get(event="proposal.refused").reason == "I do not know them."


def test_who_proposed_it_withdraws_it_and_nobody_else(people, proposal, client):
    client.force_login(people[SECOND])
    assert decide(client, proposal, "withdraw").status_code == 403
    client.force_login(people[FIRST])
    assert decide(client, proposal, "withdraw").status_code == 302
    assert AccountProposal.objects.get().state == "withdrawn"


@pytest.mark.parametrize("verb", ["approve", "refuse", "withdraw"])
def test_what_was_decided_is_not_decided_again(people, proposal, client, verb):
    accounts.refuse(people[SECOND], proposal, "No.")
    client.force_login(people[FIRST] if verb == "withdraw" else people["administrator", 3])
    response = decide(client, proposal, verb, reason="Again.")
    assert response.status_code == 409
    assert f"refused by {people[SECOND].name}" in response.text


def test_one_role_is_proposed_once(people, somebody, proposal, client):
    with pytest.raises(Conflict, match="proposed already"):
        accounts.propose_role(people[SECOND], somebody, "supervisor")
    client.force_login(people[FIRST])
    assert "This was proposed already" in save(client, somebody, "supervisor").text


def test_a_role_that_watches_another_one_is_not_given_later_either(people, somebody, proposal):
    somebody.groups.add(people["auditor"].groups.get())
    with pytest.raises(Conflict, match="Nobody is supervisor and auditor at once"):
        accounts.approve(people[SECOND], proposal)
    assert roles(somebody) == ["auditor"]


def test_who_may_not_sign_in_is_given_nothing(people, somebody, proposal):
    User.objects.filter(pk=somebody.pk).update(is_active=False)
    with pytest.raises(Conflict, match="may not sign in"):
        accounts.approve(people[SECOND], proposal)


def test_a_role_is_taken_away_by_one_administrator(people, client):
    supervisor = people["supervisor"]
    client.force_login(people[FIRST])
    save(client, supervisor)
    assert roles(supervisor) == []


def test_a_superusers_account_is_for_superusers(people, somebody):
    User.objects.filter(pk=somebody.pk).update(is_superuser=True)
    with pytest.raises(NotAllowed, match="for superusers"):
        accounts.propose_role(people[FIRST], User.objects.get(pk=somebody.pk), "auditor")


def test_without_roles_that_take_two_one_administrator_gives_them(
    people, somebody, client, settings
):
    settings.ROLES_BY_TWO = []
    client.force_login(people[FIRST])
    save(client, somebody, "supervisor")
    assert roles(somebody) == ["supervisor"]


def test_the_database_lets_nobody_approve_what_they_proposed(people, proposal):
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountProposal.objects.filter(pk=proposal.pk).update(
            state="approved", decided_by=people[FIRST]
        )


def test_what_was_decided_stays_written(people, proposal):
    accounts.refuse(people[SECOND], proposal, "No.")
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountProposal.objects.filter(pk=proposal.pk).update(state="proposed")


def test_administrators_are_told_of_what_waits_for_them_and_of_nothing_else(
    people, proposal, client
):
    waits = "A change of an account waits for a second administrator."
    for person, told in (
        (people[SECOND], True),
        (people[FIRST], False),
        (people["auditor"], False),
    ):
        client.force_login(person)
        assert (waits in client.get(reverse("duties")).text) is told
    client.force_login(people[SECOND])
    assert waits in client.get(reverse("admin:index")).text


def test_the_page_tells_where_no_other_administrator_is_there_what_to_do(people, proposal, client):
    client.force_login(people[FIRST])
    assert "manage.py give_role" in client.get(proposal.get_absolute_url()).text
    assert people[SECOND].is_active
    assert "manage.py give_role" not in client.get(proposal.get_absolute_url()).text


def test_auditors_read_proposals_and_decide_none(people, proposal, client):
    client.force_login(people["auditor"])
    page = client.get(proposal.get_absolute_url())
    assert factories.User.objects.get(username="somebody").name in page.text
    assert "Approve" not in page.text
    assert decide(client, proposal, "approve").status_code == 403
