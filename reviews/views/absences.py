"""Who of the supervisors is away: a list, and a form for one more."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from coding.actions.once import once
from coding.views.access import allowed, posted_from, user_of
from coding.views.pages import page_of
from reviews.actions import routing as actions
from reviews.forms.absences import AbsenceForm
from reviews.forms.rulings import MOST_DIGITS
from reviews.models import Absence


@allowed("reviews.view_absence", send=actions.MAY_ENTER_ABSENCES)
def absences(request: HttpRequest) -> HttpResponse:
    """The absences, those that end last first. The page takes its own form."""
    form = AbsenceForm(request.POST or None, initial={"idempotency_key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid() and _enter(request, form):
        return redirect("absences")
    rows = Absence.objects.select_related("person", "substitute")
    context = {"form": form, "page": page_of(request, rows), "today": timezone.localdate()}
    return render(request, "reviews/absences.html", context, status=422 if form.is_bound else 200)


def _enter(request: HttpRequest, form: AbsenceForm) -> bool:
    """Whether the absence is taken down."""
    actor, data = user_of(request), form.cleaned_data

    def act() -> str:
        actions.enter_absence(
            actor, data["person"], data["first_day"], data["last_day"], data["substitute"]
        )
        messages.success(request, f"{data['person'].name} is away until {data['last_day']}.")
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
    asked = request.POST.get("absence", "")
    is_id = asked.isdecimal() and len(asked) < MOST_DIGITS
    absence = get_object_or_404(Absence.objects.select_related("person"), pk=asked if is_id else 0)
    actions.end_absence(user_of(request), absence)
    messages.success(request, f"{absence.person.name} is back.")
    return redirect("absences")
