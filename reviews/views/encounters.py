"""An encounter to read: its ledger, its note, its time line; and what may be done with its services."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coding.actions import encounters
from coding.views.access import allowed, posted_from, user_of
from coding.views.acting_once import redirect_once
from reviews.actions import services
from reviews.coding_form.encounter import encounter_page
from reviews.forms.rulings import ReasonForm
from reviews.views.reason_pages import reason_page
from reviews.views.visible import encounter_of, encounter_to_read


def home(request: HttpRequest) -> HttpResponse:
    """Everybody begins where their next action is."""
    user = user_of(request)
    places = [
        ("coding.code_encounter", reverse("worklist") + "?state=to_code"),
        ("reviews.rule_on_reviewcase", reverse("queue")),
        ("coding.view_auditevent", reverse("trail")),
        ("coding.view_rulesetversion", reverse("rule-sets")),
        ("coding.change_user", reverse("admin:index")),
    ]
    for permission, address in places:
        if user.has_perm(permission):
            return redirect(address)
    return render(request, "home.html")


@allowed("coding.view_encounter")
def encounter(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Everything about one encounter. Opening it is noted in the audit trail."""
    encounter = encounter_to_read(request, public_id)
    encounters.view(user_of(request), encounter)
    return render(request, "reviews/encounter.html", encounter_page(user_of(request), encounter))


@allowed("reviews.add_codingdecision", send="reviews.add_codingdecision")
def report_nothing(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say that nothing of an encounter without a line is to be reported."""
    encounter = encounter_of(request, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor, reason = user_of(request), form.cleaned_data["reason"]

        def act() -> str:
            services.report_nothing(actor, encounter, reason)
            messages.success(request, f"{encounter.external_id}: nothing is reported.")
            return encounter.get_absolute_url()

        return redirect_once(actor, form, act)
    return reason_page(request, encounter, form, title="Nothing to report", verb="Report nothing")


@posted_from("encounter")
@allowed("coding.code_encounter")
def assign(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take an encounter's services, or give them back: all together."""
    actor = user_of(request)
    encounter = encounter_of(request, public_id)
    take = request.POST.get("take") == "yes"
    encounters.assign(actor, encounter, actor if take else None)
    done = "The encounter is yours." if take else "The encounter is free for others."
    messages.success(request, done)
    return redirect(encounter)
