"""Verbs on accounts: roles, and one-time links to a password. Nobody chooses another person's password.

Roles of ``ROLES_BY_TWO``, and a new password for who holds one, take two administrators: one proposes, another
approves. A superuser's account is for superusers. The console has verbs of its own, for a house with one administrator.
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from coding import trail
from coding.accounts import roles_apart
from coding.accounts.links import Link, link_for
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.locks import locked
from coding.actions.require import require
from coding.actions.signatures import Signed, sign
from coding.actions.transitions import PROPOSAL, Transition, of
from coding.models import AccountProposal, Meaning, ProposalKind, ProposalState, User
from coding.signing.confirmation import Confirmation
from coding.signing.content import access_content

MAY = "coding.change_user"
APPROVE = of(PROPOSAL, "approve")
REFUSE = of(PROPOSAL, "refuse")
WITHDRAW = of(PROPOSAL, "withdraw")
AT_THE_CONSOLE = "At the console of the server."


def check_may_change(actor: User, person: User) -> None:
    """Refuse whoever is no administrator, changes themselves, or is no superuser where the other is one."""
    require(actor, MAY, "change accounts")
    if person == actor:
        raise NotAllowed("Your own account is for another administrator to change.")
    if person.is_superuser and not actor.is_superuser:
        raise NotAllowed("A superuser's account is for superusers.")


def takes_two(person: User) -> bool:
    """Whether a new password for this person is proposed by one administrator and approved by another."""
    if not settings.ROLES_BY_TWO:
        return False
    return person.is_superuser or person.groups.filter(name__in=settings.ROLES_BY_TWO).exists()


def to_propose(person: User, roles: Iterable[Group]) -> list[Group]:
    """Those of some roles that the person lacks and that take two administrators."""
    held = set(person.groups.values_list("pk", flat=True))
    return [role for role in roles if role.pk not in held and role.name in settings.ROLES_BY_TWO]


def propose_role(actor: User, person: User, role: str) -> AccountProposal:
    """Ask another administrator to give a person a role."""
    if role not in settings.ROLES_BY_TWO:
        raise Conflict(f"The role {role} takes one administrator: give it on the account's page.")
    with transaction.atomic():
        [now] = locked(User.objects.filter(pk=person.pk))
        _check_pairs(now, role)
        return _propose(actor, now, ProposalKind.ROLE, role)


def make_link(actor: User, person: User) -> Link | AccountProposal:
    """A one-time link for a person; the password that they had ends with it, and so do their sessions.

    For who decides or administers it is proposed to another administrator instead.
    """
    with transaction.atomic():
        [now] = locked(User.objects.filter(pk=person.pk))
        check_may_change(actor, now)
        _check_active(now)
        if takes_two(now):
            return _propose(actor, now, ProposalKind.LINK)
        return _link(actor, now)


def link_was_used(person: User) -> None:
    """Note that a person chose their password; the caller has written it in the same transaction."""
    trail.record(person, "user.link_used", person)


def approve(
    actor: User, proposal: AccountProposal, confirmation: Confirmation | None = None
) -> Link | None:
    """Carry a proposal out; the link, where one was proposed. Not by who proposed it, nor by whom it is about.

    A role changes what an account may do: whoever approves it signs it.
    """
    with transaction.atomic():
        [person] = locked(User.objects.filter(pk=proposal.person_id))
        now = _open(proposal)
        check_may_change(actor, person)
        if now.proposed_by_id == actor.pk:
            raise NotAllowed("You proposed this. Another administrator approves it.")
        _check_active(person)
        _decide(actor, now, APPROVE)
        if now.kind == ProposalKind.LINK:
            return _link(actor, person)

        _check_pairs(person, now.role)
        before = roles_of(person)
        _add_role(person, now.role)
        signed = sign(actor, Meaning.ROLES, [access_content(person)], confirmation)
        _tell_of_roles(actor, person, before, signed)
    return None


def refuse(actor: User, proposal: AccountProposal, reason: str) -> None:
    """Say no to a proposal, with a reason."""
    with transaction.atomic():
        now = _open(proposal)
        check_may_change(actor, now.person)
        _decide(actor, now, REFUSE, reason)


def other_administrators(proposal: AccountProposal) -> QuerySet[User]:
    """Who could approve a proposal."""
    may = User.objects.with_perm(MAY, backend=settings.AUTHENTICATION_BACKENDS[0])
    if proposal.person.is_superuser:
        may = may.filter(is_superuser=True)
    return may.exclude(pk__in=[proposal.proposed_by_id, proposal.person_id])


def wait_for(actor: User) -> bool:
    """Whether a proposal waits for this administrator."""
    if not actor.has_perm(MAY):
        return False
    waiting = AccountProposal.objects.filter(state=ProposalState.PROPOSED)
    return waiting.exclude(Q(proposed_by=actor) | Q(person=actor)).exists()


def withdraw(actor: User, proposal: AccountProposal) -> None:
    """Take one's own proposal back."""
    require(actor, WITHDRAW.permission, "change accounts")
    with transaction.atomic():
        now = _open(proposal)
        if now.proposed_by_id != actor.pk:
            raise NotAllowed(
                "Only who proposed it takes it back. Refuse it instead, with a reason."
            )
        _decide(actor, now, WITHDRAW)


def give_role_at_console(person: User, role: str, *, staff: bool) -> None:
    """Give a role without a second administrator: whoever has the console has the database. The trail tells it.

    ``staff``: the role works in the administration, so that its person is let in there.
    """
    with transaction.atomic():
        [now] = locked(User.objects.filter(pk=person.pk))
        _check_pairs(now, role)
        if staff and not now.is_staff:
            now.is_staff = True
            now.save(update_fields=["is_staff"])
        before = roles_of(now)
        _add_role(now, role)
        _tell_of_roles(None, now, before, reason=AT_THE_CONSOLE)


def make_link_at_console(person: User) -> Link:
    """A one-time link without a second administrator."""
    with transaction.atomic():
        [now] = locked(User.objects.filter(pk=person.pk))
        _check_active(now)
        return _link(None, now, AT_THE_CONSOLE)


def _propose(actor: User, person: User, kind: ProposalKind, role: str = "") -> AccountProposal:
    check_may_change(actor, person)
    try:
        with transaction.atomic():
            proposal = AccountProposal.objects.create(
                kind=kind, person=person, role=role, proposed_by=actor
            )
            trail.record(
                actor, "proposal.made", proposal, after=_in_words(proposal), rows=[proposal]
            )
    except IntegrityError:
        raise Conflict("This was proposed already, and waits for another administrator.") from None
    return proposal


def _open(proposal: AccountProposal) -> AccountProposal:
    related = ("person", "proposed_by", "decided_by")
    [now] = locked(AccountProposal.objects.filter(pk=proposal.pk), *related)
    if now.state != ProposalState.PROPOSED:
        state = now.get_state_display().lower()
        by = now.decided_by.name if now.decided_by else "nobody"
        raise Conflict(f"This proposal was {state} by {by} already.")
    return now


def _decide(
    actor: User, proposal: AccountProposal, transition: Transition[ProposalState], reason: str = ""
) -> None:
    [end] = transition.end
    proposal.state = end
    proposal.decided_by = actor
    proposal.decided_at = timezone.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
    after = _in_words(proposal)
    trail.record(
        actor, transition.event, proposal, after=after, reason=reason.strip(), rows=[proposal]
    )


def _in_words(proposal: AccountProposal) -> dict[str, str]:
    return {
        "account": proposal.person.get_username(),
        "kind": proposal.get_kind_display(),
        "role": proposal.role,
    }


def _add_role(person: User, role: str) -> None:
    person.groups.add(Group.objects.get(name=role))


def _tell_of_roles(
    actor: User | None,
    person: User,
    before: list[str],
    signed: Signed | None = None,
    reason: str = "",
) -> None:
    signed = signed or Signed()
    after = {"roles": roles_of(person), **signed.in_trail(person)}
    rows = [person, *signed.rows(person)]
    trail.record(
        actor,
        "user.roles_changed",
        person,
        before={"roles": before},
        after=after,
        reason=reason,
        rows=rows,
    )


def _link(actor: User | None, person: User, reason: str = "") -> Link:
    # Another unusable password each time: links that were made before are worth nothing any more.
    person.set_unusable_password()
    person.save(update_fields=["password"])
    trail.record(actor, "user.link_made", person, reason=reason)
    return link_for(person)


def _check_active(person: User) -> None:
    if not person.is_active:
        raise Conflict(
            f"{person.name} may not sign in. Let them sign in first, on the account's page."
        )


def _check_pairs(person: User, role: str) -> None:
    held = roles_of(person)
    if role in held:
        raise Conflict(f"{person.name} is {role} already.")
    for pair in roles_apart.held_together({*held, role}):
        if role in pair:
            raise Conflict(roles_apart.in_words(pair))


def roles_of(person: User) -> list[str]:
    """The names of a person's roles, in order."""
    return sorted(person.groups.values_list("name", flat=True))
