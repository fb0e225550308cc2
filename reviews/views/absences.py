"""Who of the supervisors is away: a list, and a form for one more."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from coding.actions.once import once
from coding.views.access import allowed, posted_from, user_of
from coding.views.form_pages import form_page
from coding.views.pages import page_of
from reviews.actions import routing as actions
from reviews.forms.absences import AbsenceForm
from reviews.models import Absence
from reviews.views.visible import sent_row


@allowed("reviews.view_absence", send=actions.MAY_ENTER_ABSENCES)
def absences(request: HttpRequest) -> HttpResponse:
    """The absences, those that end last first. The page takes its own form."""
    form = AbsenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _enter(request, form):
        return redirect("absences")
    rows = Absence.objects.select_related("person", "substitute")
    context = {"form": form, "page": page_of(request, rows), "today": timezone.localdate()}
    return form_page(request, "reviews/absences.html", context, refused=form.is_bound)


def _enter(request: HttpRequest, form: AbsenceForm) -> bool:
    """Whether the absence is taken down."""
    actor = user_of(request)
    data = form.cleaned_data
    person, last_day = data["person"], data["last_day"]

    def act() -> str:
        actions.enter_absence(actor, person, data["first_day"], last_day, data["substitute"])
        messages.success(request, f"{person.name} is away until {last_day}.")
        return reverse("absences")

    try:
        once(actor, data["idempotency_key"], act)
    except ValidationError as refusal:
        form.refuse(refusal)
        return False
    return True


@posted_from("absences")
@allowed(actions.MAY_ENTER_ABSENCES)
def end_absence(request: HttpRequest) -> HttpResponse:
    """The person is back."""
    absences = Absence.objects.select_related("person")
    absence = sent_row(absences, request.POST.get("absence", ""))
    actions.end_absence(user_of(request), absence)
    messages.success(request, f"{absence.person.name} is back.")
    return redirect("absences")
