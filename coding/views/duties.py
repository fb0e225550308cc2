"""Duties: who holds roles that nobody holds together, and what is proposed for accounts."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from coding.accounts import roles_apart
from coding.actions import accounts as actions
from coding.forms.duties import DecisionForm
from coding.forms.signing import SignedForm
from coding.models import AccountProposal, Meaning, ProposalKind, ProposalState
from coding.signing.asking import Signing
from coding.signing.confirmation import Confirmation
from coding.views.access import allowed, user_of
from coding.views.form_pages import form_page
from coding.views.links import show_once
from coding.views.pages import page_of

# Auditors read it, administrators act on it.
READERS = ("coding.view_auditevent", actions.MAY)


@allowed(*READERS)
def duties(request: HttpRequest) -> HttpResponse:
    """Forbidden pairs that are held, and the proposals: open ones first, then the latest."""
    holders = roles_apart.holders().prefetch_related("groups")
    related = AccountProposal.objects.select_related("person", "proposed_by", "decided_by")
    context = {
        "holders": [(person, roles_apart.told_of(person)) for person in holders],
        "open": related.filter(state=ProposalState.PROPOSED).order_by("pk"),
        "page": page_of(request, related.exclude(state=ProposalState.PROPOSED)),
    }
    return render(request, "coding/duties.html", context)


@allowed(*READERS, send=actions.MAY)
def proposal(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A proposal. The page takes its own form: approve, which is signed where it gives a role, refuse or withdraw."""
    related = AccountProposal.objects.select_related("person", "proposed_by", "decided_by")
    proposal = get_object_or_404(related, public_id=public_id)
    actor = user_of(request)
    form = DecisionForm(request.POST or None)
    signature = _signature(request, proposal, form)
    if form.is_valid() and (not signature.is_bound or signature.is_signed()):
        return _decide(request, proposal, form, signature.confirmation)
    is_open = proposal.state == ProposalState.PROPOSED
    is_mine = actor in (proposal.proposed_by, proposal.person)
    context = {
        "proposal": proposal,
        "form": signature if signature.errors else form,
        "reason": form["reason"],
        "signature": signature if proposal.kind == ProposalKind.ROLE else None,
        "is_open": is_open,
        "is_own": proposal.proposed_by == actor,
        "is_about_me": proposal.person == actor,
        "may_refuse": is_open and not is_mine and actor.has_perm(actions.MAY),
        "others": actions.other_administrators(proposal).exists(),
    }
    return form_page(request, "coding/proposal.html", context, refused=form.is_bound)


def _signature(request: HttpRequest, proposal: AccountProposal, form: DecisionForm) -> SignedForm:
    """Under a role that is approved. A refusal, and a link, need none."""
    approves = form.is_valid() and form.cleaned_data["verb"] == "approve"
    gives_role = approves and proposal.kind == ProposalKind.ROLE
    signing = Signing(request, Meaning.ROLES)
    return SignedForm(request.POST if gives_role else None, signing=signing)


def _decide(
    request: HttpRequest,
    proposal: AccountProposal,
    form: DecisionForm,
    confirmation: Confirmation | None,
) -> HttpResponse:
    """Carry out what was chosen. A link is shown, or mailed, once."""
    actor, verb = user_of(request), form.cleaned_data["verb"]
    if verb == "approve":
        link = actions.approve(actor, proposal, confirmation)
        if link is not None:
            return show_once(request, link, reverse("duties"))
        messages.success(request, f"{proposal.person.name} is {proposal.role} now.")
    elif verb == "refuse":
        actions.refuse(actor, proposal, form.cleaned_data["reason"])
        messages.success(request, "The proposal is refused.")
    else:
        actions.withdraw(actor, proposal)
        messages.success(request, "The proposal is withdrawn.")
    return redirect("duties")
