"""Whoever approves a role signs it: it changes what an account may do. What is refused, and a link, nobody signs."""

import pytest
from django.contrib.auth.models import Group

from coding.actions import accounts
from coding.models import AccountProposal, AuditEvent, ProposalState
from tests.signing import signatures_under, signed


@pytest.fixture
def approver(people, client, settings):
    settings.SIGN_AGAIN = True
    client.force_login(people["administrator", 2])
    return client


@pytest.fixture
def proposal(people):
    return accounts.propose_role(people["administrator"], people["rule author"], "auditor")


def state(proposal):
    return AccountProposal.objects.get(pk=proposal.pk).state


def roles(person):
    return sorted(group.name for group in person.groups.all())


@pytest.mark.parametrize(
    ("password", "problem"),
    [("", "Write your password"), ("wrong horse", "This is not your password.")],
)
def test_without_the_right_password_nothing_is_approved(
    people, approver, proposal, password, problem
):
    response = approver.post(proposal.get_absolute_url(), signed({"verb": "approve"}, password))
    assert (response.status_code, state(proposal)) == (422, ProposalState.PROPOSED)
    assert problem in response.text
    assert roles(people["rule author"]) == ["rule author"]


def test_the_page_asks_and_the_signature_stands_in_the_event_of_the_roles(
    people, approver, proposal
):
    assert "You sign as" in approver.get(proposal.get_absolute_url()).text
    approver.post(proposal.get_absolute_url(), signed({"verb": "approve"}))
    assert roles(people["rule author"]) == ["auditor", "rule author"]
    [signature] = signatures_under(people["rule author"])
    assert signature.signer == people["administrator", 2]
    assert AuditEvent.objects.get(event="user.roles_changed").after["signature"] == str(
        signature.public_id
    )


def test_a_refusal_is_signed_by_nobody(approver, proposal):
    approver.post(proposal.get_absolute_url(), {"verb": "refuse", "reason": "Not theirs to hold."})
    assert state(proposal) == ProposalState.REFUSED


def test_a_link_is_signed_by_nobody(people, approver):
    people["rule author"].groups.add(Group.objects.get(name="auditor"))
    proposal = accounts.make_link(people["administrator"], people["rule author"])
    assert "You sign as" not in approver.get(proposal.get_absolute_url()).text
    approver.post(proposal.get_absolute_url(), {"verb": "approve"})
    assert state(proposal) == ProposalState.APPROVED
