"""Encounters as they are typed."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from coding.actions import encounters as actions
from coding.actions.errors import IdTaken
from coding.actions.once import once
from coding.forms.encounters import EncounterForm
from coding.views.access import allowed, user_of


@allowed("coding.add_encounter", send="coding.add_encounter")
def new_encounter(request: HttpRequest) -> HttpResponse:
    """Type an encounter; it begins with the note that was pasted into Ask, if one comes from there."""
    first = {"idempotency_key": uuid.uuid4()}
    if "pasted" in request.POST:
        form = EncounterForm(initial={**first, "note": request.POST["pasted"]})
        return render(request, "coding/encounter_form.html", {"form": form})
    form = EncounterForm(request.POST or None, initial=first)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        actor, record = user_of(request), form.cleaned_data["record"]
        only, key = form.cleaned_data["rule_set"], form.cleaned_data["idempotency_key"]
        try:
            return redirect(
                once(actor, key, lambda: actions.enter(actor, record, only).get_absolute_url())
            )
        except IdTaken as refusal:
            form.add_error("external_id", str(refusal))
            status = 409
    return render(request, "coding/encounter_form.html", {"form": form}, status=status)
