"""One's own cases: what to act on, what one holds; a coder's new rulings, open queries, and all else."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from coding.actions.transitions import of
from coding.models import User
from coding.views.access import allowed, posted_from, user_of
from coding.views.columns import chosen_columns, in_cells, keys_of, usual_columns
from coding.views.lists import KeptList, export_list, frame, opening, saved_filter_view
from coding.views.stretches import stretch_of
from reviews.actions import cases as actions
from reviews.actions import comments
from reviews.forms.own_cases import ReadForm
from reviews.judging.blind import sight_of
from reviews.lists import queues
from reviews.lists.case_columns import OWN_COLUMNS, queue_columns
from reviews.lists.own_cases import SHOWN, OwnCaseFilter, new_for, open_queries_of, read_before
from reviews.models import CaseState, ReviewCase, SecondCoding
from reviews.transitions import CASE

OWN = "reviews.add_codingdecision"
RULE = of(CASE, "rule")

MY_CASES = KeptList("my-cases", "cases", OWN, OWN_COLUMNS)

my_cases_filters = saved_filter_view(MY_CASES)


@allowed(OWN, RULE.permission)
def my_cases(request: HttpRequest) -> HttpResponse:
    """What one has to act on and what one holds; then what is new, until it is read."""
    led_on = opening(request, MY_CASES.place)
    if led_on:
        return led_on
    user, chosen = user_of(request), _chosen(request)
    context = frame(request, MY_CASES, chosen)
    columns = context["columns"]
    new = new_for(user, keys_of(columns))
    with_all = partial(queues.in_rows, columns=keys_of(columns))
    page = stretch_of(request.GET, chosen.qs, with_all=with_all)
    context |= _to_act_on(user)
    context |= {
        "unread": list(in_cells(new[:SHOWN], columns)),
        "more_unread": len(new) > SHOWN,
        "queries": open_queries_of(user),
        "page": page,
        "shown": list(in_cells(page, columns)),
    }
    return render(request, "reviews/my_cases.html", context)


def _to_act_on(user: User) -> dict[str, object]:
    """What waits for the person: comments, services to code blind, and the cases that they hold."""
    asking = comments.to_act_on(user).select_related("case__service__encounter", "author")
    to_code = SecondCoding.objects.filter(coder=user, done_at=None)
    with_service = to_code.select_related("service__encounter", "service__rule_set")
    held = queues.in_rows(ReviewCase.objects.filter(holder=user, state=CaseState.CLAIMED))
    sight = sight_of(user)
    columns = usual_columns(queue_columns(sight))
    return {
        "to_act_on": asking[:SHOWN],
        "to_code_blind": with_service[:SHOWN],
        "sight": sight,
        "held_columns": columns,
        "held": list(in_cells(queues.by_urgency(held)[:SHOWN], columns)),
    }


@allowed(OWN, send=OWN)
def export_my_cases(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list of one's own cases, as a file."""
    columns = chosen_columns(OWN_COLUMNS, request.GET)
    cases = queues.in_rows(_chosen(request).qs, keys_of(columns))
    return export_list(request, MY_CASES, cases, form)


def _chosen(request: HttpRequest) -> OwnCaseFilter:
    return OwnCaseFilter(request.GET, queryset=read_before(user_of(request)), request=request)


@posted_from("my-cases")
@allowed(OWN)
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark the new rulings as read."""
    form = ReadForm(request.POST)
    number = 0
    if form.is_valid():
        number = actions.acknowledge_all(user_of(request), form.cleaned_data["case"])
    noun = "ruling" if number == 1 else "rulings"
    messages.success(request, f"{number} {noun} marked as read.")
    return redirect("my-cases")
