"""What is done with a case for a reason: it is returned to its coder, its ruling is reopened or objected to."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from coding.actions import kept_texts
from coding.actions.errors import Conflict
from coding.actions.transitions import of
from coding.forms.parts import IdempotentForm
from coding.models import Meaning, User
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
from reviews.views.kept import initial_of
from reviews.views.reason_pages import reason_page

RETURN, REOPEN, REBUT = of(CASE, "return"), of(SERVICE, "reopen"), of(SERVICE, "rebut")


@allowed(RETURN.permission, send=RETURN.permission)
def return_case(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return a case to its coder, with a reason."""
    case = case_of(request, public_id)
    kept = _kept_under("return-it", case)
    form = FavouriteReasonForm(
        request.POST or None, use=ReasonUse.RETURN, initial=initial_of(request, kept)
    )

    def act(actor: User) -> str:
        second_looks.return_to_coder(actor, case, form.words)
        messages.success(request, "The case is back with its coder.")
        return str(case.get_absolute_url())

    if request.method == "POST" and form.is_valid():
        return _act_once(request, form, act, kept)
    return _page(request, case, form, kept, "Return the case to its coder", "Return it")


@allowed(REOPEN.permission, send=REOPEN.permission)
def reopen(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Reopen a ruling, with a reason."""
    case = case_of(request, public_id)
    actions.check_may_judge(user_of(request), case)
    kept = _kept_under("reopen-it", case)
    signing = Signing(request, Meaning.REOPENING)
    form = SignedReasonForm(
        request.POST or None, signing=signing, initial=initial_of(request, kept)
    )

    def act(actor: User) -> str:
        if not hasattr(case, "ruling"):
            raise Conflict("There is no ruling yet to be reopened.")
        reason = form.cleaned_data["reason"]
        reopened = second_looks.reopen(actor, case.ruling, reason, form.confirmation)
        return str(reopened.get_absolute_url())

    if request.method == "POST" and form.is_signed():
        return _act_once(request, form, act, kept)
    return _page(request, case, form, kept, "Reopen the ruling", "Reopen it")


@allowed(REBUT.permission, send=REBUT.permission)
def rebut(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Object to a ruling: another supervisor decides."""
    case = case_of(request, public_id)
    kept = _kept_under("object", case)
    form = ReasonForm(request.POST or None, initial=initial_of(request, kept))

    def act(actor: User) -> str:
        second_looks.rebut(actor, case, form.cleaned_data["reason"])
        messages.success(request, "Your objection is in the queue. Another supervisor decides it.")
        return str(case.service.encounter.get_absolute_url())

    if request.method == "POST" and form.is_valid():
        return _act_once(request, form, act, kept)
    return _page(request, case, form, kept, "Object to the ruling", "Object")


def _kept_under(verb: str, case: ReviewCase) -> str:
    """The name under which is kept what a person typed and did not send."""
    return f"{verb}:{case.public_id}"


def _act_once(
    request: HttpRequest, form: IdempotentForm, act: Callable[[User], str], kept: str
) -> HttpResponse:
    """Carry out a verb once, and forget what was typed for it."""
    actor = user_of(request)
    leads_on = redirect_once(actor, form, lambda: act(actor))
    kept_texts.forget(actor, kept)
    return leads_on


def _page(
    request: HttpRequest, case: ReviewCase, form: IdempotentForm, kept: str, title: str, verb: str
) -> HttpResponse:
    """The page that asks why, with the ruling that the case has."""
    ruling = getattr(case, "ruling", None)
    lead = f"{ruling}. {ruling.reason}" if ruling else ""
    encounter = case.service.encounter
    return reason_page(
        request, encounter, form, title=title, verb=verb, lead=lead, case=case, kept=kept
    )
