"""The open cases that are alike to one: read them, choose, and rule on all of them together."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from coding.models import Meaning
from coding.signing.asking import Signing
from coding.views.access import allowed, user_of
from coding.views.acting_once import redirect_unless_refused
from coding.views.form_pages import form_page
from reviews.actions import adjudications, rulings
from reviews.forms.rulings import AlikeRulingForm
from reviews.judging.alike import MOST_COUNTED, alike
from reviews.judging.blind import sight_of
from reviews.lists import queues
from reviews.models import CaseState, ReviewCase, RulingKind
from reviews.views.cases import case_of


@allowed("reviews.view_every_reviewcase", send="reviews.rule_on_reviewcase")
def alike_cases(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The case with those that are alike, and one ruling for those that are ticked. The page takes its own form."""
    case = case_of(request, public_id)
    if sight_of(user_of(request)).hides_codes(case):
        return redirect(case)
    if request.method == "POST":
        return _rule(request, case)
    initial = {
        "revision": case.service.encounter.revision,
        "suggestion": case.suggestion_id,
        "others": [row.pk for row in _listed(request, case)],
    }
    return _page(request, case, _form(request, case, initial=initial))


def _listed(request: HttpRequest, case: ReviewCase) -> list[ReviewCase]:
    """Those that the person may rule on unread, the oldest first, up to ``MOST_COUNTED``."""
    cases = rulings.to_judge_unread(alike(case), user_of(request))
    return list(queues.in_rows(cases).order_by("opened_at", "pk")[:MOST_COUNTED])


def _form(
    request: HttpRequest, case: ReviewCase, *data: object, **initial: object
) -> AlikeRulingForm:
    # A query asks about one patient.
    kinds = adjudications.offered_for(case)
    if RulingKind.PROVIDER_QUERY in kinds:
        kinds.remove(RulingKind.PROVIDER_QUERY)
    signing = Signing(request, Meaning.RULING)
    return AlikeRulingForm(*data, kinds=kinds, signing=signing, **initial)


def _rule(request: HttpRequest, case: ReviewCase) -> HttpResponse:
    actor, form = user_of(request), _form(request, case, request.POST)
    if not form.is_signed():
        return _page(request, case, form)
    others = form.cleaned_data["others"]
    # As the person saw it: the verb refuses what has changed since.
    case.service.encounter.revision = form.cleaned_data["revision"]
    case.suggestion_id = form.cleaned_data["suggestion"]

    def act() -> str:
        ruled = rulings.rule_alike(actor, case, others, form.adjudication(), form.confirmation)
        left = f" Left, as they changed meanwhile: {ruled.left}." if ruled.left else ""
        messages.success(request, f"Cases ruled on: {ruled.cases}.{left}")
        return reverse("queue")

    leads_on = redirect_unless_refused(actor, form, act)
    # A refused ruling has written into the case: it is read once more.
    return leads_on or _page(request, case_of(request, case.public_id), form)


def _page(request: HttpRequest, case: ReviewCase, form: AlikeRulingForm) -> HttpResponse:
    user = user_of(request)
    sent = form["others"].value() or []
    context = {
        "case": case,
        "encounter": case.service.encounter,
        "cases": _listed(request, case),
        "chosen": {int(key) for key in sent if str(key).isdecimal()},
        "form": form,
        "holds": case.state == CaseState.CLAIMED and case.holder == user,
        "most": MOST_COUNTED,
        "sight": sight_of(user),
    }
    return form_page(request, "reviews/alike.html", context, refused=form.is_bound)
