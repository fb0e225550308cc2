"""The coder's own cases: new rulings, open questions to providers, and all else with its filters."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from coding.views.access import allowed, posted_from, user_of
from coding.views.stretches import stretch_of
from reviews.actions import cases as actions
from reviews.forms.own_cases import ReadForm
from reviews.own_cases import SHOWN, OwnCaseFilter, new_for, open_queries_of, read_before

OWN = "reviews.add_codingdecision"


@allowed(OWN)
def my_cases(request: HttpRequest) -> HttpResponse:
    """What is new stands first, until it is read."""
    coder = user_of(request)
    new = new_for(coder)
    chosen = OwnCaseFilter(request.GET, queryset=read_before(coder), request=request)
    context = {
        "unread": new[:SHOWN],
        "more_unread": len(new) > SHOWN,
        "queries": open_queries_of(coder),
        "filter": chosen,
        "page": stretch_of(request.GET, chosen.qs),
    }
    return render(request, "reviews/my_cases.html", context)


@posted_from("my-cases")
@allowed(OWN)
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark the new rulings as read."""
    form = ReadForm(request.POST)
    number = actions.acknowledge_all(user_of(request), form.cleaned_data["case"]) if form.is_valid() else 0
    messages.success(request, f"{number} ruling{'' if number == 1 else 's'} marked as read.")
    return redirect("my-cases")
