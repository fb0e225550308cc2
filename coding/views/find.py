"""Finding encounters by external id and patient reference, void ones too.

What is looked for names a patient: it is sent by POST and kept in the person's session, which ends when they sign out.
No address and no log holds it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from coding.forms.find import FindForm
from coding.models import Encounter
from coding.views.access import allowed, user_of
from coding.views.pages import page_of

SOUGHT = "sought_encounter"


@allowed("coding.view_encounter")
def find_encounters(request: HttpRequest) -> HttpResponse:
    """The form, and what was found by what was sent last."""
    if request.method == "POST":
        return _look_for(request)
    sought = request.session.get(SOUGHT, {})
    return _page(request, FindForm(initial=sought), sought)


def _look_for(request: HttpRequest) -> HttpResponse:
    if "forget" in request.POST:
        request.session.pop(SOUGHT, None)
        return redirect("find-encounters")
    form = FindForm(request.POST)
    if not form.is_valid():
        return _page(request, form, {})
    request.session[SOUGHT] = {name: text for name, text in form.cleaned_data.items() if text}
    return redirect("find-encounters")


def _page(request: HttpRequest, form: FindForm, sought: dict[str, str]) -> HttpResponse:
    """What is sought are columns with their exact values: an index serves each."""
    found = Encounter.objects.for_user(user_of(request)).filter(**sought) if sought else Encounter.objects.none()
    page = page_of(request, found.defer("note").order_by("-date_of_service", "-pk"))
    context = {"form": form, "sought": sought, "page": page}
    return render(request, "coding/find.html", context, status=422 if form.is_bound else 200)
