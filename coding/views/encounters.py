"""The worklist, and encounters as they are typed and taken."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from coding.actions import encounters as actions
from coding.actions.once import once
from coding.forms.encounters import EncounterForm
from coding.models import Encounter
from coding.views.access import allowed, user_of
from coding.views.filters import EncounterFilter
from coding.views.pages import page_of


@allowed("coding.view_encounter")
def worklist(request: HttpRequest) -> HttpResponse:
    """The encounters that a person may open, narrowed by the address."""
    encounters = Encounter.objects.for_user(user_of(request)).select_related("assigned_to")
    chosen = EncounterFilter(request.GET or None, queryset=encounters, request=request)
    context = {"filter": chosen, "page": page_of(request, chosen.qs.defer("note"))}
    return render(request, "coding/worklist.html", context)


@allowed("coding.add_encounter")
def new_encounter(request: HttpRequest) -> HttpResponse:
    """Type an encounter."""
    form = EncounterForm(request.POST or None, initial={"idempotency_key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        actor, record = user_of(request), form.cleaned_data["record"]
        address = once(
            actor,
            form.cleaned_data["idempotency_key"],
            lambda: actions.enter(actor, record, form.cleaned_data["rule_set"]).get_absolute_url(),
        )
        return redirect(address)
    return render(request, "coding/encounter_form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@allowed("coding.code_encounter")
def assign(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take an encounter, or give it back."""
    actor = user_of(request)
    encounter = get_object_or_404(Encounter.objects.for_user(actor), public_id=public_id)
    take = request.POST.get("take") == "yes"
    actions.assign(actor, encounter, actor if take else None)
    messages.success(request, "The encounter is yours." if take else "The encounter is free for others.")
    return redirect(encounter)
