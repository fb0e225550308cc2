"""Second codings: ask a coder for one, and code a service blind."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from coding.actions import encounters
from coding.views.access import allowed, user_of
from coding.views.acting_once import redirect_unless_refused
from coding.views.form_pages import form_page
from reviews.actions import second_codings as actions
from reviews.forms.blind import BlindForm
from reviews.forms.second_codings import AskSecondForm
from reviews.models import SecondCoding
from reviews.views.blind import questions_of
from reviews.views.cases import case_of


@allowed(actions.MAY_ASK, send=actions.MAY_ASK)
def ask_second(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose who codes the service of a case once more."""
    actor = user_of(request)
    case = case_of(request, public_id)
    coders = actions.second_coders(case.decision)
    form = AskSecondForm(request.POST or None, coders=coders)
    if request.method == "POST" and form.is_valid():
        coder = form.cleaned_data["coder"]

        def act() -> str:
            actions.ask(actor, case.decision, coder)
            messages.success(request, f"{coder.name} is asked to code it blind.")
            return case.get_absolute_url()

        leads_on = redirect_unless_refused(actor, form, act)
        if leads_on:
            return leads_on
    context = {
        "case": case,
        "encounter": case.service.encounter,
        "form": form,
        "nobody": not coders.exists(),
    }
    return form_page(request, "reviews/ask_second.html", context, refused=form.is_bound)


@allowed(actions.MAY_CODE, send=actions.MAY_CODE)
def second_coding(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The note, the questions and the code: nothing of what was decided. It takes its own form."""
    actor = user_of(request)
    related = SecondCoding.objects.select_related(
        "service__encounter",
        "service__rule_set",
        "service__version__document",
        "decision__version__document",
    )
    own = related.filter(coder=actor, is_supervisor=False)
    second = get_object_or_404(own, public_id=public_id)
    if second.done_at is not None:
        # Opened again, or its form sent twice: it is kept already.
        return redirect("my-cases")
    form = BlindForm(
        request.POST or None,
        definitions=questions_of(second.service),
    )
    if request.method == "POST" and form.is_valid():

        def act() -> str:
            actions.code_blind(actor, second, form.blind())
            messages.success(request, "Your coding is kept.")
            return reverse("my-cases")

        leads_on = redirect_unless_refused(actor, form, act)
        if leads_on:
            return leads_on
    encounters.view(actor, second.service.encounter)
    context = {"encounter": second.service.encounter, "form": form, "lead": second.service.rule_set}
    return form_page(request, "reviews/blind.html", context, refused=form.is_bound)
