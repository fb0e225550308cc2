"""One's own cases: what to act on, what one holds; a coder's new rulings, open queries, and all else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from coding.actions.transitions import of
from coding.views.access import allowed, posted_from, user_of
from coding.views.stretches import stretch_of
from reviews import queues
from reviews.actions import cases as actions
from reviews.actions import comments
from reviews.forms.own_cases import ReadForm
from reviews.models import CaseState, ReviewCase, SecondCoding
from reviews.own_cases import SHOWN, OwnCaseFilter, new_for, open_queries_of, read_before
from reviews.transitions import CASE

OWN = "reviews.add_codingdecision"
RULE = of(CASE, "rule")


@allowed(OWN, RULE.permission)
def my_cases(request: HttpRequest) -> HttpResponse:
    """What one has to act on and what one holds; then what is new, until it is read."""
    coder = user_of(request)
    new = new_for(coder)
    chosen = OwnCaseFilter(request.GET, queryset=read_before(coder), request=request)
    held = queues.in_rows(ReviewCase.objects.filter(holder=coder, state=CaseState.CLAIMED))
    to_code = SecondCoding.objects.filter(coder=coder, done_at=None)
    context = {
        "to_act_on": comments.to_act_on(coder).select_related("case__service__encounter", "author")[:SHOWN],
        "to_code_blind": to_code.select_related("service__encounter", "service__rule_set")[:SHOWN],
        "held": queues.by_urgency(held)[:SHOWN],
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
