"""The supervisor queue: what waits, the most urgent first, narrowed, with columns of choice, and as a file."""

from dataclasses import replace
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from coding.forms.parts import IdempotentForm
from coding.views.access import allowed, user_of
from coding.views.columns import chosen_columns, in_cells, keys_of
from coding.views.lists import KeptList, export_list, frame, opening, saved_filter_view
from coding.views.stretches import stretch_of
from reviews.judging.blind import Sight, sight_of
from reviews.lists import queues
from reviews.lists.case_columns import queue_columns

QUEUE = KeptList("queue", "cases", "reviews.view_every_reviewcase", queue_columns(Sight()))

queue_filters = saved_filter_view(QUEUE)


@allowed(QUEUE.permission)
def queue(request: HttpRequest) -> HttpResponse:
    """The supervisor queue, the most urgent case first."""
    led_on = opening(request, QUEUE.place)
    if led_on:
        return led_on
    user, chosen = user_of(request), _chosen(request)
    context = frame(request, _list_of(request), chosen)
    with_all = partial(queues.in_rows, columns=keys_of(context["columns"]))
    page = stretch_of(request.GET, chosen.qs, with_all=with_all)
    context |= {
        "page": page,
        "shown": list(in_cells(page, context["columns"])),
        "next_form": IdempotentForm() if user.has_perm("reviews.rule_on_reviewcase") else None,
    }
    return render(request, "reviews/queue.html", context)


@allowed(QUEUE.permission, send=QUEUE.permission)
def export_queue(request: HttpRequest, form: str) -> HttpResponseBase:
    """What the queue shows, as a file."""
    kept = _list_of(request)
    columns = chosen_columns(kept.columns, request.GET)
    cases = queues.in_rows(_chosen(request).qs, keys_of(columns))
    return export_list(request, kept, cases, form)


def _list_of(request: HttpRequest) -> KeptList:
    """With what the reader may see in its columns."""
    return replace(QUEUE, columns=queue_columns(sight_of(user_of(request))))


def _chosen(request: HttpRequest) -> queues.QueueFilter:
    cases = queues.by_urgency(queues.visible_to(user_of(request)))
    return queues.QueueFilter(request.GET, queryset=cases, request=request)
