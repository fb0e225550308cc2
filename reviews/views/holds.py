"""Holds: put a service on hold, and let it go."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from coding.views.access import allowed, posted_from, user_of
from coding.views.acting_once import redirect_once
from reviews.actions import holds as actions
from reviews.forms.holds import FavouriteReasonForm
from reviews.models import ReasonUse
from reviews.views.reason_pages import reason_page
from reviews.views.visible import service_to_code

LEAD = "The service stays yours to code, and says in the worklist since when and why it waits."


@allowed(actions.HOLD, send=actions.HOLD)
def hold(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask why, and put a service on hold."""
    service = service_to_code(request, public_id)
    form = FavouriteReasonForm(request.POST or None, use=ReasonUse.HOLD)
    if request.method == "POST" and form.is_valid():
        actor = user_of(request)
        reason, favourite = form.cleaned_data["reason"], form.cleaned_data["favourite"]

        def act() -> str:
            actions.hold(actor, service, reason, favourite)
            messages.success(request, f"{service.encounter.external_id} is on hold.")
            return service.encounter.get_absolute_url()

        return redirect_once(actor, form, act)
    encounter = service.encounter
    return reason_page(request, encounter, form, title="Put on hold", verb="Put on hold", lead=LEAD)


@posted_from("code")
@allowed(actions.HOLD)
def release(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a service go from its hold."""
    service = service_to_code(request, public_id)
    actions.release(user_of(request), service)
    messages.success(request, "It is on hold no longer.")
    return redirect(service)
