"""The worklist, and encounters as they are typed."""

import uuid

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from coding.actions import encounters as actions
from coding.actions.errors import IdTaken
from coding.actions.glass import may_break
from coding.actions.once import once
from coding.forms.encounters import EncounterForm
from coding.models import Encounter, Service
from coding.views.access import allowed, user_of
from coding.views.filters import EncounterFilter
from coding.views.pages import page_of


@allowed("coding.view_encounter")
def worklist(request: HttpRequest) -> HttpResponse:
    """The encounters that a person may open with their services, narrowed by the address."""
    services = Service.objects.standing().select_related("rule_set", "assigned_to").prefetch_related("lines")
    encounters = Encounter.objects.for_user(user_of(request))
    encounters = encounters.prefetch_related(Prefetch("services", services.order_by("number")))
    chosen = EncounterFilter(request.GET, queryset=encounters, request=request)
    context = {
        "filter": chosen,
        "page": page_of(request, chosen.qs.defer("note")),
        "may_break_glass": may_break(user_of(request)),
    }
    return render(request, "coding/worklist.html", context)


@allowed("coding.add_encounter", send="coding.add_encounter")
def new_encounter(request: HttpRequest) -> HttpResponse:
    """Type an encounter."""
    form = EncounterForm(request.POST or None, initial={"idempotency_key": uuid.uuid4()})
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        actor, record = user_of(request), form.cleaned_data["record"]
        only, key = form.cleaned_data["rule_set"], form.cleaned_data["idempotency_key"]
        try:
            return redirect(once(actor, key, lambda: actions.enter(actor, record, only).get_absolute_url()))
        except IdTaken as refusal:
            form.add_error("external_id", str(refusal))
            status = 409
    return render(request, "coding/encounter_form.html", {"form": form}, status=status)
