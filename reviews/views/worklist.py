"""The worklist, and finding an encounter.

A patient's reference is sent by POST, with each page of what was sought again, and kept nowhere: no address, no session
and no log holds it. All else that a list is narrowed to stands in its address.
"""

from dataclasses import replace
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from coding.actions.glass import may_break
from coding.models import Encounter, User
from coding.views.access import allowed, user_of
from coding.views.columns import chosen_columns, in_cells, keys_of
from coding.views.form_pages import form_page
from coding.views.lists import KeptList, export_list, frame, opening, saved_filter_view
from coding.views.stretches import Stretch, stretch_of
from reviews.forms.find import FindForm
from reviews.judging.blind import is_blind
from reviews.lists.whereabouts import with_whereabouts
from reviews.lists.worklist import EncounterFilter
from reviews.lists.worklist_columns import COLUMNS, worklist_columns

WORKLIST = KeptList("worklist", "encounters", "coding.view_encounter", COLUMNS)
# What a person who looks for one encounter asks: which one is it, and where is it now?
FIND_KEYS = {"encounter", "served", "system", "provider", "state", "where"}
FIND_COLUMNS = tuple(column for column in COLUMNS if column.key in FIND_KEYS)

worklist_filters = saved_filter_view(WORKLIST)


@allowed("coding.view_encounter")
def worklist(request: HttpRequest) -> HttpResponse:
    """The encounters that a person may open with their services, narrowed by the address."""
    led_on = opening(request, WORKLIST.place)
    if led_on:
        return led_on
    user = user_of(request)
    chosen = _chosen(request)
    context = frame(request, _list_of(user), chosen)
    with_all = partial(with_whereabouts, columns=keys_of(context["columns"]))
    page = stretch_of(request.GET, chosen.qs, with_all=with_all)
    context |= {
        "page": page,
        "shown": list(in_cells(page, context["columns"])),
        "may_break_glass": may_break(user),
    }
    return render(request, "reviews/worklist.html", context)


@allowed(WORKLIST.permission, send=WORKLIST.permission)
def export_worklist(request: HttpRequest, form: str) -> HttpResponseBase:
    """What the worklist shows, as a file."""
    kept = _list_of(user_of(request))
    columns = chosen_columns(kept.columns, request.GET)
    encounters = with_whereabouts(_chosen(request).qs, keys_of(columns))
    return export_list(request, kept, encounters, form)


def _list_of(reader: User) -> KeptList:
    return replace(WORKLIST, columns=worklist_columns(is_blind=is_blind(reader)))


def _chosen(request: HttpRequest) -> EncounterFilter:
    seen = Encounter.objects.for_user(user_of(request))
    return EncounterFilter(request.GET, queryset=seen, request=request)


@allowed("coding.view_encounter", send="coding.view_encounter")
def find_encounters(request: HttpRequest) -> HttpResponse:
    """Where an encounter is now: the form, and what was found by what was sent with it."""
    form = FindForm(request.POST if request.method == "POST" else None)
    sought: dict[str, str] = {}
    if form.is_valid():
        sought = {name: text for name, text in form.cleaned_data.items() if text}
    page = _sought(request, user_of(request), sought) if sought else Stretch()
    context = {
        "form": form,
        "sought": sought,
        "page": page,
        "columns": FIND_COLUMNS,
        "shown": list(in_cells(page, FIND_COLUMNS)),
    }
    return form_page(request, "reviews/find.html", context, refused=bool(form.errors))


def _sought(request: HttpRequest, user: User, sought: dict[str, str]) -> Stretch:
    """What is sought are columns with their exact values: an index serves each."""
    matching = Encounter.objects.for_user(user).filter(**sought).order_by("-date_of_service", "-pk")
    with_all = partial(with_whereabouts, columns=FIND_KEYS)
    return stretch_of(request.POST, matching, with_all=with_all)
