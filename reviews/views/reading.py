"""“What the note says”: a service's proposals beside its note, confirmed together before the rest is asked."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from coding.actions import encounters
from coding.actions.signatures import NotSigned
from coding.forms.signing import SignedForm
from coding.models import Meaning, Service, ServiceState
from coding.signing.asking import PASSWORD, Signing
from coding.views.access import allowed, lead_back, user_of
from coding.views.form_pages import form_page
from reviews.actions import answers
from reviews.actions.confirming import AllContradicted, confirm
from reviews.coding_form.around import around
from reviews.coding_form.reading import ToConfirm, to_confirm
from reviews.coding_form.record import RecordOfService
from reviews.forms.reading import ReadingForm
from reviews.views.visible import service_to_code


@allowed("coding.code_encounter", send="coding.code_encounter")
def reading(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The page on which a service's coding begins. Where nothing is to be confirmed it leads on to the questions."""
    service = service_to_code(request, public_id)
    lead_back(request, service.encounter.get_absolute_url())
    to_read = None
    if service.state == ServiceState.TO_CODE:
        to_read = to_confirm(service, user_of(request))
    if to_read is None:
        return redirect(service)
    if request.method == "POST":
        return _take(request, service, to_read)
    encounters.view(user_of(request), service.encounter)
    return _page(request, to_read, ReadingForm(to_read))


def _take(request: HttpRequest, service: Service, to_read: ToConfirm) -> HttpResponse:
    form = ReadingForm(to_read, request.POST)
    if not form.is_valid():
        return _page(request, to_read, form)
    answers.check_as_read(service, form.cleaned_data["revision"])
    signature = _signature(request, request.POST)
    if request.POST.get(PASSWORD) and not signature.is_signed():
        return _page(request, to_read, form, signature)
    confirmation = signature.confirmation or signature.signing.confirmation
    confirmed = form.confirmed(confirmation=confirmation)
    try:
        confirm(user_of(request), service, confirmed)
    except AllContradicted as refusal:
        form.refuse(refusal)
        return _page(request, to_read, form, _signature(request))
    except NotSigned:
        # Answers are kept against the note with reasons, and not signed yet: the form asks for that.
        signature.full_clean()
        return _page(request, to_read, form, signature)
    number = len(confirmed.values)
    noun = "answer" if number == 1 else "answers"
    messages.success(request, f"{number} {noun} confirmed from the note.")
    return redirect(service)


def _signature(request: HttpRequest, *data: Any) -> SignedForm:
    """The form that signs answers which are kept against the note."""
    return SignedForm(*data, signing=Signing(request, Meaning.OVERRIDE))


def _page(
    request: HttpRequest, to_read: ToConfirm, form: ReadingForm, signature: SignedForm | None = None
) -> HttpResponse:
    service = to_read.guided.service
    context = {
        "service": service,
        "encounter": service.encounter,
        "guided": to_read.guided,
        "said": to_read,
        "form": form,
        "signature": signature,
        "segments": to_read.guided.segments(),
        "from_record": RecordOfService(to_read.guided).evidence(),
        **around(service),
    }
    return form_page(request, "reviews/reading.html", context, refused=form.is_bound)
