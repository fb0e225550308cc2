"""What becomes of an encounter that should say something else, or should not be here: corrected by hand, or voided."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from coding.actions import encounters
from coding.actions.errors import Conflict
from coding.forms.encounters import CorrectionForm
from coding.importing.write_encounters import record_of
from coding.views.access import allowed, user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import form_page
from reviews.actions import corrections, voiding
from reviews.forms.rulings import ReasonForm
from reviews.views.reason_pages import reason_page
from reviews.views.visible import encounter_of

# Who may void every encounter, and who may void a typed one: the verb looks which it is.
VOIDERS = ("coding.void_encounter", "coding.add_encounter")
NO_WAY_BACK = (
    "Its services are withdrawn, what is open about it is closed, and no code of it stands any more."
    " There is no way back: a voided external id is not taken again."
)


@allowed("coding.add_encounter", send="coding.add_encounter")
def correct_encounter(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The form of a typed encounter once more, with what it says now."""
    encounter = encounter_of(request, public_id, "diagnoses", "service_lines")
    actor = user_of(request)
    if not corrections.may_correct(actor, encounter):
        return redirect(encounter)
    if request.method != "POST":
        encounters.view(actor, encounter)
    first = {"as_read": encounter.revision}
    refusal = HTTPStatus.UNPROCESSABLE_ENTITY
    form = CorrectionForm(request.POST or None, initial=first, stored=record_of(encounter))
    context = {"encounter": encounter, "form": form}
    if request.method == "POST" and form.is_valid():
        record, seen = form.cleaned_data["record"], form.cleaned_data["as_read"]

        def act() -> str:
            correction = corrections.correct_typed(actor, encounter, record, seen)
            done = "The encounter is corrected." if correction else "Nothing was changed."
            messages.success(request, done)
            return encounter.get_absolute_url()

        try:
            return redirect_once(actor, form, act)
        except Conflict as conflict:
            # What was typed stays to be read beside what the encounter says now.
            form.add_error(None, str(conflict))
            refusal = HTTPStatus.CONFLICT
    template = "reviews/encounter_correct.html"
    return form_page(request, template, context, refused=form.is_bound, refusal=refusal)


@allowed(*VOIDERS, send=VOIDERS)
def void_encounter(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say why nothing of an encounter is to be coded or billed."""
    encounter = encounter_of(request, public_id, "diagnoses", "service_lines")
    actor = user_of(request)
    if request.method != "POST" and not voiding.may_void(actor, encounter):
        return redirect(encounter)
    voiding.check_may_void(actor, encounter)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]

        def act() -> str:
            voiding.void(actor, encounter, reason)
            messages.success(request, f"{encounter.external_id} is void.")
            return encounter.get_absolute_url()

        return redirect_once(actor, form, act)
    return reason_page(
        request,
        encounter,
        form,
        title=f"Void encounter {encounter.external_id}",
        verb="Void the encounter",
        lead=NO_WAY_BACK,
    )
