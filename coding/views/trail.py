"""The audit trail to read."""

from collections.abc import Iterable

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coding.models import AuditEvent, AuditHead, User
from coding.trail.events import EVENTS
from coding.trail.timeline import in_one_order, in_words
from coding.views.access import allowed
from coding.views.filters import TrailFilter
from coding.views.stretches import stretch_of

ACCOUNT = User._meta.label_lower


@allowed("coding.view_auditevent")
def trail(request: HttpRequest) -> HttpResponse:
    """The events, newest first, with the head of the chain."""
    chosen = TrailFilter(request.GET or None, queryset=AuditEvent.objects.order_by("-sequence"))
    page = stretch_of(request.GET, chosen.qs, key="sequence")
    accounts = _accounts(page)
    for event in page:
        event.values = [(name, in_words(event.after[name])) for name in in_one_order(event.after)]
        event.label = EVENTS.get(event.event, event.event)
        event.subject_name = _kind(event.subject_type)
        if event.subject_type == ACCOUNT:
            event.subject_name = accounts.get(event.subject_id, event.subject_name)
    context = {"filter": chosen, "page": page, "head": AuditHead.objects.filter(pk=1).first()}
    return render(request, "coding/trail.html", context)


def _accounts(events: Iterable[AuditEvent]) -> dict[str, str]:
    """The names of the accounts that the events are about, by their ids as the trail keeps them."""
    keys = {int(event.subject_id) for event in events if event.subject_type == ACCOUNT}
    people = User.objects.in_bulk(keys).values()
    return {str(person.pk): f"account of {person.name}" for person in people}


def _kind(model: str) -> str:
    """The kind of a subject in words; of one that there is no more, its stored name."""
    try:
        return str(apps.get_model(model)._meta.verbose_name)
    except LookupError:
        _, _, name = model.rpartition(".")
        return name
