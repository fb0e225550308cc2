"""Holds: put a service on hold, and let it go."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from coding.views.access import allowed, posted_from, user_of
from coding.views.acting_once import redirect_once
from reviews.actions import holds as actions
from reviews.forms.holds import FavouriteReasonForm
from reviews.models import ReasonUse
from reviews.views.visible import service_to_code

LEAD = "The service stays yours to code, and says in the worklist since when and why it waits."


@allowed(actions.HOLD, send=actions.HOLD)
def hold(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask why, and put a service on hold."""
    service = service_to_code(request, public_id)
    form = FavouriteReasonForm(request.POST or None, use=ReasonUse.HOLD)
    if request.method == "POST" and form.is_valid():
        actor, data = user_of(request), form.cleaned_data

        def act() -> str:
            actions.hold(actor, service, data["reason"], data["favourite"])
            messages.success(request, f"{service.encounter.external_id} is on hold.")
            return service.encounter.get_absolute_url()

        return redirect_once(actor, form, act)
    context = {
        "encounter": service.encounter,
        "form": form,
        "title": "Put on hold",
        "verb": "Put on hold",
        "lead": LEAD,
    }
    return render(request, "reviews/reason.html", context, status=422 if form.is_bound else 200)


@posted_from("code")
@allowed(actions.HOLD)
def release(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a service go from its hold."""
    service = service_to_code(request, public_id)
    actions.release(user_of(request), service)
    messages.success(request, "It is on hold no longer.")
    return redirect(service)
