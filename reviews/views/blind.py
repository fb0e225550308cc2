"""A case under blind review: its supervisor codes it before the page shows what coder and rules found."""

from django.http import HttpRequest, HttpResponse

from coding.actions import encounters
from coding.decision import FactDefinition
from coding.models import Service
from coding.rules import rulebook
from coding.views.access import user_of
from coding.views.acting_once import redirect_unless_refused
from coding.views.form_pages import form_page
from reviews.actions import second_codings as actions
from reviews.forms.blind import BlindForm
from reviews.models import CaseState, ReviewCase

# In the form of this page; a ruling that was written before has none.
IS_LOOK = "look"


def blind_look(request: HttpRequest, case: ReviewCase) -> HttpResponse:
    """The note and the questions for whoever holds the case; others may claim it."""
    actor = user_of(request)
    holds = case.state == CaseState.CLAIMED and case.holder == actor
    is_sent = holds and request.method == "POST" and IS_LOOK in request.POST
    form = BlindForm(
        request.POST if is_sent else None,
        definitions=questions_of(case.service),
    )
    if is_sent and form.is_valid():

        def act() -> str:
            actions.look(actor, case, form.blind())
            return case.get_absolute_url()

        leads_on = redirect_unless_refused(actor, form, act)
        if leads_on:
            return leads_on
    encounters.view(actor, case.service.encounter)
    context = {
        "encounter": case.service.encounter,
        "case": case,
        "lead": case.service.rule_set,
        "form": form if holds else None,
    }
    return form_page(request, "reviews/blind.html", context, refused=form.is_bound)


def questions_of(service: Service) -> list[FactDefinition]:
    """The facts that a coder is asked for in a service, in the order of its version."""
    if service.version is None or service.version.document is None:
        return []
    table = rulebook.table_of(service.version.document)
    return [definition for definition in table.facts if definition.is_asked]
