"""Encounters outside of a coder's work: opened with a reason, and who opened which, for auditors."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from coding.actions import glass as actions
from coding.forms.glass import BreakGlassForm
from coding.models import GlassBreak
from coding.views.access import allowed, user_of
from coding.views.acting_once import redirect_unless_refused
from coding.views.filters import GlassFilter
from coding.views.form_pages import form_page
from coding.views.pages import page_of


@allowed("coding.break_glass", send="coding.break_glass")
def break_glass(request: HttpRequest) -> HttpResponse:
    """Say which encounter is to be seen, and why. The page is not there where nothing lies outside."""
    actor = user_of(request)
    if not actions.may_break(actor):
        raise Http404
    form = BreakGlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> str:
            encounter = actions.outside_of_work(actor, data["external_id"], data["source"])
            broken = actions.break_glass(actor, encounter, data["reason"])
            until = timezone.localtime(broken.until)
            messages.success(request, f"The encounter is open to you until {until:%Y-%m-%d %H:%M}.")
            return encounter.get_absolute_url()

        leads_on = redirect_unless_refused(actor, form, act)
        if leads_on:
            return leads_on
    return form_page(request, "coding/break_glass.html", {"form": form}, refused=form.is_bound)


@allowed("coding.view_glassbreak")
def glass_breaks(request: HttpRequest) -> HttpResponse:
    """Who opened which encounter, why and until when: the latest first."""
    rows = GlassBreak.objects.select_related("person", "encounter").defer("encounter__note")
    chosen = GlassFilter(request.GET, queryset=rows, request=request)
    context = {"filter": chosen, "page": page_of(request, chosen.qs)}
    return render(request, "coding/glass_breaks.html", context)
