"""What is done with a case for a reason: it is returned to its coder, its ruling is reopened or objected to."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify

from coding.actions import kept_texts
from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.actions.transitions import of
from coding.models import Meaning, User
from coding.signing.asking import Signing
from coding.views.access import allowed, user_of
from reviews.actions import cases as actions
from reviews.actions import second_looks
from reviews.forms.holds import FavouriteReasonForm
from reviews.forms.rulings import ReasonForm, SignedReasonForm
from reviews.models import ReasonUse, ReviewCase
from reviews.transitions import CASE, SERVICE
from reviews.views.cases import case_of
from reviews.views.kept import initial_of

RETURN, REOPEN, REBUT = of(CASE, "return"), of(SERVICE, "reopen"), of(SERVICE, "rebut")


@allowed(RETURN.permission, send=RETURN.permission)
def return_case(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return a case to its coder, with a reason."""
    case = case_of(request, public_id)

    def act(actor: User, reason: str) -> str:
        second_looks.return_to_coder(actor, case, reason)
        messages.success(request, "The case is back with its coder.")
        return str(case.get_absolute_url())

    kept = _kept_reason("Return it", case)
    form = FavouriteReasonForm(
        request.POST or None, use=ReasonUse.RETURN, initial=_reason_initial(request, kept)
    )
    return _with_reason(request, case, act, "Return the case to its coder", "Return it", form)


@allowed(REOPEN.permission, send=REOPEN.permission)
def reopen(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Reopen a ruling, with a reason."""
    case = case_of(request, public_id)
    actions.check_may_judge(user_of(request), case)

    def act(actor: User, reason: str) -> str:
        if not hasattr(case, "ruling"):
            raise Conflict("There is no ruling yet to be reopened.")
        return str(
            second_looks.reopen(actor, case.ruling, reason, form.confirmation).get_absolute_url()
        )

    kept = _kept_reason("Reopen it", case)
    signing = Signing(request, Meaning.REOPENING)
    form = SignedReasonForm(
        request.POST or None, signing=signing, initial=_reason_initial(request, kept)
    )
    return _with_reason(request, case, act, "Reopen the ruling", "Reopen it", form)


@allowed(REBUT.permission, send=REBUT.permission)
def rebut(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Object to a ruling: another supervisor decides."""
    case = case_of(request, public_id)

    def act(actor: User, reason: str) -> str:
        second_looks.rebut(actor, case, reason)
        messages.success(request, "Your objection is in the queue. Another supervisor decides it.")
        return str(case.service.encounter.get_absolute_url())

    return _with_reason(request, case, act, "Object to the ruling", "Object")


def _with_reason(
    request: HttpRequest,
    case: ReviewCase,
    act: Callable[[User, str], str],
    title: str,
    verb: str,
    own: SignedReasonForm | FavouriteReasonForm | None = None,
) -> HttpResponse:
    """A thin page that asks why, and carries a verb out once."""
    actor = user_of(request)
    ruling = getattr(case, "ruling", None)
    kept = _kept_reason(verb, case)
    form = own or ReasonForm(request.POST or None, initial=_reason_initial(request, kept))
    signed = own if isinstance(own, SignedReasonForm) else None
    if request.method == "POST" and form.is_valid() and (signed is None or signed.confirm()):
        reason = own.words if isinstance(own, FavouriteReasonForm) else form.cleaned_data["reason"]
        address = once(actor, form.cleaned_data["idempotency_key"], lambda: act(actor, reason))
        kept_texts.forget(actor, kept)
        return redirect(address)
    context = {
        "case": case,
        "encounter": case.service.encounter,
        "form": form,
        "title": title,
        "verb": verb,
        "lead": f"{ruling}. {ruling.reason}" if ruling else "",
    }
    return render(
        request,
        "reviews/reason.html",
        {**context, "kept": kept},
        status=422 if form.is_bound else 200,
    )


def _kept_reason(verb: str, case: ReviewCase) -> str:
    return f"{slugify(verb)}:{case.public_id}"


def _reason_initial(request: HttpRequest, kept: str) -> dict[str, Any]:
    return initial_of(request, kept, idempotency_key=uuid.uuid4())
