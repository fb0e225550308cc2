"""Who of the supervisors is away: a list, and a form for one more."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from coding.views.access import allowed, posted_from, user_of
from coding.views.acting_once import redirect_unless_refused
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
    if request.method == "POST" and form.is_valid():
        leads_on = _enter(request, form)
        if leads_on:
            return leads_on
    rows = Absence.objects.select_related("person", "substitute")
    context = {"form": form, "page": page_of(request, rows), "today": timezone.localdate()}
    return form_page(request, "reviews/absences.html", context, refused=form.is_bound)


def _enter(request: HttpRequest, form: AbsenceForm) -> HttpResponse | None:
    """Where it leads once the absence is taken down; None where the verb refuses it."""
    actor = user_of(request)
    data = form.cleaned_data
    person, last_day = data["person"], data["last_day"]

    def act() -> str:
        actions.enter_absence(actor, person, data["first_day"], last_day, data["substitute"])
        messages.success(request, f"{person.name} is away until {last_day}.")
        return reverse("absences")

    return redirect_unless_refused(actor, form, act)


@posted_from("absences")
@allowed(actions.MAY_ENTER_ABSENCES)
def end_absence(request: HttpRequest) -> HttpResponse:
    """The person is back."""
    absences = Absence.objects.select_related("person")
    absence = sent_row(absences, request.POST.get("absence", ""))
    actions.end_absence(user_of(request), absence)
    messages.success(request, f"{absence.person.name} is back.")
    return redirect("absences")
