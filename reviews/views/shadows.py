"""Shadow versions: set one, see what it would have made of new decisions, end it."""

import uuid

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from coding.views.access import allowed, posted_from, user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import form_page
from coding.views.pages import page_of
from reviews.actions import shadows as actions
from reviews.forms.runs import VersionForm
from reviews.judging.blind import is_blind, seen_services
from reviews.models import ShadowWatch

COUNTS = {
    "evaluated": Count("results"),
    "differing": Count("results", filter=Q(results__differs=True)),
}


@allowed("reviews.view_shadowwatch", send="reviews.add_shadowwatch")
def shadows(request: HttpRequest) -> HttpResponse:
    """The watches, newest first, and the form for a new one."""
    actor = user_of(request)
    form = VersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]

        def act() -> str:
            return actions.start(actor, version).get_absolute_url()

        return redirect_once(actor, form, act)
    newest_first = _watches().order_by("-pk")
    context = {"form": form, "page": page_of(request, newest_first)}
    return form_page(request, "reviews/shadows.html", context, refused=form.is_bound)


@allowed("reviews.view_shadowwatch")
def shadow(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A watch: how often the shadow differed, and where."""
    watch = _watch(public_id)
    reader = user_of(request)
    shown = ("decision__service__encounter", "decision__suggestion", "decision__coder")
    differing = watch.results.filter(differs=True).select_related(*shown)
    seen = seen_services(differing, reader, "decision__service__")
    context = {"watch": watch, "page": page_of(request, seen), "is_blind": is_blind(reader)}
    return render(request, "reviews/shadow.html", context)


@posted_from("shadow")
@allowed("reviews.add_shadowwatch")
def end(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """End a watch."""
    watch = _watch(public_id)
    actions.end(user_of(request), watch)
    messages.success(request, "The shadow has ended. What it found stays here.")
    return redirect(watch)


def _watch(public_id: uuid.UUID) -> ShadowWatch:
    return get_object_or_404(_watches(), public_id=public_id)


def _watches() -> QuerySet[ShadowWatch]:
    """With how many decisions each has looked at, and in how many it differs."""
    related = ShadowWatch.objects.select_related("version__rule_set", "started_by")
    return related.annotate(**COUNTS)
