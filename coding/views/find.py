"""Finding encounters by external id and patient reference, void ones too.

What is looked for names a patient: it is sent by POST, with each page of what was found again, and kept nowhere. No
address, no session and no log holds it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coding.forms.find import FindForm
from coding.models import Encounter
from coding.views.access import allowed, user_of
from coding.views.pages import numbered_page


@allowed("coding.view_encounter", send="coding.view_encounter")
def find_encounters(request: HttpRequest) -> HttpResponse:
    """The form, and what was found by what was sent with it."""
    form = FindForm(request.POST if request.method == "POST" else None)
    sought = {name: text for name, text in form.cleaned_data.items() if text} if form.is_valid() else {}
    # What is sought are columns with their exact values: an index serves each.
    visible = Encounter.objects.for_user(user_of(request))
    matching = visible.filter(**sought) if sought else visible.none()
    page = numbered_page(matching.defer("note").order_by("-date_of_service", "-pk"), request.POST.get("page", ""))
    context = {"form": form, "sought": sought, "page": page}
    return render(request, "coding/find.html", context, status=422 if form.errors else 200)
