"""What a coder answers to the checks of a claim, on the encounter's page or the report's."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coding.actions.errors import Conflict
from coding.models import Encounter, Meaning
from coding.signing.asking import Signing
from coding.views.access import allowed, lead_back, posted_from, user_of
from coding.views.acting_once import redirect_once
from coding.views.pages import page_of
from reviews.actions import claim_answers
from reviews.claims.ahead import findings_with
from reviews.claims.step import ShownFinding
from reviews.claims.waiting import ClaimFilter, waiting_claims
from reviews.coding_form.guided import guided_form, version_of
from reviews.forms.rulings import SignedReasonForm
from reviews.views.reason_pages import reason_page
from reviews.views.visible import encounter_of, service_to_code


@posted_from("encounter")
@allowed("reviews.add_proposalanswer")
def answer_proposal(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a proposal over into the report, or leave it."""
    encounter = encounter_of(request, public_id)
    key = request.POST.get("key", "")
    taken = request.POST.get("taken") == "yes"
    claim_answers.answer_proposal(user_of(request), encounter, key, taken=taken)
    done = "The report takes the proposal over." if taken else "The proposal is left."
    messages.success(request, done)
    page = "report" if request.POST.get("page") == "report" else "encounter"
    return redirect(reverse(page, args=[public_id]) + "#findings")


@allowed("reviews.add_findingoverride", send="reviews.add_findingoverride")
def override(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say why lines are reported against the check of a ``key``; a supervisor rules on it."""
    encounter = encounter_of(request, public_id)
    lead_back(request, encounter.get_absolute_url())
    key = request.GET.get("key", "")
    if not key:
        return redirect(encounter)
    actor = user_of(request)
    form = SignedReasonForm(
        request.POST or None,
        signing=Signing(request, Meaning.CHECK),
    )
    if form.is_signed():
        reason = form.cleaned_data["reason"]

        def act() -> str:
            claim_answers.override(actor, encounter, key, reason, form.confirmation)
            messages.success(request, "The check is overridden. A supervisor rules on it.")
            return encounter.get_absolute_url()

        return redirect_once(actor, form, act)
    shown = _finding(encounter, key)
    return reason_page(
        request,
        encounter,
        form,
        title=f"Override claim check {shown.finding.check}",
        verb="Override it",
        lead=f"{shown.codes}: {shown.finding.message}",
    )


@allowed("coding.code_encounter")
def ahead(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the checks will say if the suggestion of a service is accepted: a part of its page."""
    service = service_to_code(request, public_id)
    lead_back(request, service.encounter.get_absolute_url())
    suggestion = guided_form(service, version_of(service)).suggestion
    findings = findings_with(suggestion, service) if suggestion else None
    context = {"service": service, "encounter": service.encounter, "findings": findings}
    return render(request, "reviews/claim_ahead.html", context)


@allowed("coding.view_encounter")
def waiting(request: HttpRequest) -> HttpResponse:
    """The reports that wait to be exported: those first that cannot go out."""
    chosen = ClaimFilter(request.GET, queryset=waiting_claims(user_of(request)), request=request)
    context = {"filter": chosen, "page": page_of(request, chosen.qs)}
    return render(request, "reviews/claims.html", context)


def _finding(encounter: Encounter, key: str) -> ShownFinding:
    """The finding to be overridden. Raises Conflict if nothing is found any more, or somebody answered for it."""
    shown = claim_answers.claim_findings(encounter).finding(key)
    if shown is None or not shown.is_open:
        raise Conflict(claim_answers.CHANGED)
    return shown
