"""A ruling is made a precedent of its rule set."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from coding.decision import facts_from_data
from coding.models import Suggestion
from coding.rules import rulebook
from coding.views.access import allowed, user_of
from coding.views.acting_once import redirect_unless_refused
from coding.views.form_pages import form_page
from reviews.actions import precedents as actions
from reviews.coding_form.difference import differing_facts
from reviews.coding_form.evidence import deciding_facts
from reviews.forms.precedents import PrecedentForm
from reviews.views.cases import case_of


@allowed(actions.MAY_RECORD, send=actions.MAY_RECORD)
def make_precedent(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose the answers that decided, and say why."""
    actor = user_of(request)
    case = case_of(request, public_id)
    ruling = getattr(case, "ruling", None)
    if ruling is None or case.suggestion is None:
        messages.error(
            request,
            "There is no ruling on answers of a rule set here: nothing to keep as a precedent.",
        )
        return redirect(case)
    answers = _answers(case.suggestion)
    deciding = deciding_facts(case.suggestion) | differing_facts(case)
    initial = {"deciding": sorted(deciding)}
    form = PrecedentForm(request.POST or None, answers=answers, initial=initial)
    context = {"case": case, "encounter": case.service.encounter, "ruling": ruling, "form": form}
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "reviews/precedent.html", context, refused=form.is_bound)
    data = form.cleaned_data

    def act() -> str:
        precedent = actions.record(actor, ruling, data["deciding"], data["title"], data["basis"])
        messages.success(
            request, f"The ruling is precedent {precedent.name} of {precedent.rule_set}."
        )
        return case.get_absolute_url()

    leads_on = redirect_unless_refused(actor, form, act)
    return leads_on or form_page(request, "reviews/precedent.html", context, refused=True)


def _answers(suggestion: Suggestion) -> list[tuple[str, str]]:
    """The facts that a suggestion rests on, each with its answer in words."""
    table = rulebook.table_of(suggestion.document)
    facts = facts_from_data(table.facts, suggestion.profile.facts)
    answers = []
    for key, answer in facts.items():
        definition = table.fact_by_key[key]
        answers.append((key, f"{definition.label}: {definition.describe(answer)}"))
    return answers
