"""Who holds a case: claim the next one of the queue, and give a case to a named supervisor."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from coding.actions.transitions import of
from coding.forms.parts import IdempotentForm
from coding.views.access import allowed, lead_back, posted_from, user_of
from coding.views.acting_once import redirect_once, redirect_unless_refused
from coding.views.form_pages import form_page
from reviews.actions import claims as actions
from reviews.forms.rulings import HandOverForm
from reviews.models import ReviewCase
from reviews.transitions import CASE
from reviews.views.cases import case_of
from reviews.views.going_on import go_on
from reviews.views.kept import with_filters

CLAIM, HAND_OVER = of(CASE, "claim"), of(CASE, "hand over")


@posted_from("queue")
@allowed(CLAIM.permission)
def claim_next(request: HttpRequest) -> HttpResponse:
    """Claim the first free case of the queue, narrowed and sorted as its address asks."""
    form = IdempotentForm(request.POST)
    queue = with_filters(reverse("queue"), request.GET)
    lead_back(request, queue)
    if not form.is_valid():
        return redirect(queue)
    return redirect_once(user_of(request), form, lambda: go_on(request))


@allowed(HAND_OVER.permission, send=HAND_OVER.permission)
def hand_over(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give a case to a named supervisor, with a reason."""
    case = case_of(request, public_id)
    people = actions.judges_of(case)
    form = HandOverForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        leads_on = _give(request, case, form)
        if leads_on:
            return leads_on
    context = {
        "case": case,
        "encounter": case.service.encounter,
        "form": form,
        "nobody": not people.exists(),
    }
    return form_page(request, "reviews/hand_over.html", context, refused=form.is_bound)


def _give(request: HttpRequest, case: ReviewCase, form: HandOverForm) -> HttpResponse | None:
    """Where it leads once the case is given; None where the verb refuses the person."""
    actor = user_of(request)
    to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]

    def act() -> str:
        actions.hand_over(actor, case, to, reason)
        messages.success(request, f"{to.name} has the case.")
        return reverse("queue")

    return redirect_unless_refused(actor, form, act)
