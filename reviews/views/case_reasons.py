"""What is done with a case for a reason: it is returned to its coder, its ruling is reopened or objected to."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from coding.actions.errors import Conflict
from coding.actions.transitions import of
from coding.forms.parts import IdempotentForm
from coding.models import Meaning
from coding.signing.asking import Signing
from coding.views.access import allowed, user_of
from coding.views.acting_once import redirect_once
from reviews.actions import cases as actions
from reviews.actions import second_looks
from reviews.forms.holds import FavouriteReasonForm
from reviews.forms.rulings import ReasonForm, SignedReasonForm
from reviews.models import ReasonUse, ReviewCase
from reviews.transitions import CASE, SERVICE
from reviews.views.cases import case_of
from reviews.views.reason_pages import reason_page

RETURN, REOPEN, REBUT = of(CASE, "return"), of(SERVICE, "reopen"), of(SERVICE, "rebut")


@allowed(RETURN.permission, send=RETURN.permission)
def return_case(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return a case to its coder, with a reason."""
    actor = user_of(request)
    case = case_of(request, public_id)
    form = FavouriteReasonForm(request.POST or None, use=ReasonUse.RETURN)

    def act() -> str:
        second_looks.return_to_coder(actor, case, form.words)
        messages.success(request, "The case is back with its coder.")
        return case.get_absolute_url()

    if request.method == "POST" and form.is_valid():
        return redirect_once(actor, form, act)
    return _page(request, case, form, "Return the case to its coder", "Return it")


@allowed(REOPEN.permission, send=REOPEN.permission)
def reopen(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Reopen a ruling, with a reason."""
    actor = user_of(request)
    case = case_of(request, public_id)
    actions.check_may_judge(actor, case)
    form = SignedReasonForm(request.POST or None, signing=Signing(request, Meaning.REOPENING))

    def act() -> str:
        if not hasattr(case, "ruling"):
            raise Conflict("There is no ruling yet to be reopened.")
        reason = form.cleaned_data["reason"]
        reopened = second_looks.reopen(actor, case.ruling, reason, form.confirmation)
        return reopened.get_absolute_url()

    if request.method == "POST" and form.is_signed():
        return redirect_once(actor, form, act)
    return _page(request, case, form, "Reopen the ruling", "Reopen it")


@allowed(REBUT.permission, send=REBUT.permission)
def rebut(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Object to a ruling: another supervisor decides."""
    actor = user_of(request)
    case = case_of(request, public_id)
    form = ReasonForm(request.POST or None)

    def act() -> str:
        second_looks.rebut(actor, case, form.cleaned_data["reason"])
        messages.success(request, "Your objection is in the queue. Another supervisor decides it.")
        return case.service.encounter.get_absolute_url()

    if request.method == "POST" and form.is_valid():
        return redirect_once(actor, form, act)
    return _page(request, case, form, "Object to the ruling", "Object")


def _page(
    request: HttpRequest, case: ReviewCase, form: IdempotentForm, title: str, verb: str
) -> HttpResponse:
    """The page that asks why, with the ruling that the case has."""
    ruling = getattr(case, "ruling", None)
    lead = f"{ruling}. {ruling.reason}" if ruling else ""
    encounter = case.service.encounter
    return reason_page(request, encounter, form, title=title, verb=verb, lead=lead, case=case)
