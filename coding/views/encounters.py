"""Encounters as they are typed."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from coding.actions import encounters as actions
from coding.actions.errors import IdTaken
from coding.forms.encounters import EncounterForm
from coding.views.access import allowed, user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import form_page


@allowed("coding.add_encounter", send="coding.add_encounter")
def new_encounter(request: HttpRequest) -> HttpResponse:
    """Type an encounter; it begins with the note that was pasted into Ask, if one comes from there."""
    template = "coding/encounter_form.html"
    if "pasted" in request.POST:
        form = EncounterForm(initial={"note": request.POST["pasted"]})
        return form_page(request, template, {"form": form}, refused=False)
    refusal = HTTPStatus.UNPROCESSABLE_ENTITY
    form = EncounterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = user_of(request)
        record, only = form.cleaned_data["record"], form.cleaned_data["rule_set"]

        def act() -> str:
            return actions.enter(actor, record, only).get_absolute_url()

        try:
            return redirect_once(actor, form, act)
        except IdTaken as taken:
            form.add_error("external_id", str(taken))
            refusal = HTTPStatus.CONFLICT
    return form_page(request, template, {"form": form}, refused=form.is_bound, refusal=refusal)
