"""What makes one service, and which there are: services that may be there, splitting one, joining two."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.models import Encounter, Service, ServiceState
from coding.views.access import allowed, posted_from, user_of
from reviews.actions import proposals, splitting
from reviews.forms.services import JoinServiceForm, ProposalForm, SplitServiceForm

MAY = splitting.JOIN.permission


@posted_from("encounter")
@allowed("coding.code_encounter")
def settle_proposal(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open a service that something speaks for, or dismiss it."""
    actor = user_of(request)
    encounter = get_object_or_404(Encounter.objects.for_user(actor), public_id=public_id)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was done: choose a proposed service, and whether to open or dismiss it.")
        return redirect(encounter)
    rule_set, reason = form.cleaned_data["rule_set"], form.cleaned_data["reason"]

    def act() -> str:
        if form.cleaned_data["verb"] == "confirm":
            return proposals.confirm(actor, encounter, rule_set).get_absolute_url()
        proposals.dismiss(actor, encounter, rule_set, reason)
        messages.success(request, f"{rule_set.name} is dismissed, until something else speaks for it.")
        return encounter.get_absolute_url()

    return redirect(once(actor, form.cleaned_data["idempotency_key"], act))


@allowed(MAY, send=MAY)
def split_service(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Split a service into two."""
    service = _service(request, public_id)
    form = SplitServiceForm(request.POST or None, lines=list(service.lines.standing()))
    if request.method == "POST" and form.is_valid():
        actor, data = user_of(request), form.cleaned_data

        def act() -> str:
            opened = splitting.split(actor, service, form.going, data["reason"])
            messages.success(request, f"Service {opened.number} is open. Its form offers the answers of the first.")
            return service.encounter.get_absolute_url()

        return redirect(once(actor, data["idempotency_key"], act))
    context = {"service": service, "encounter": service.encounter, "form": form}
    return render(request, "reviews/service_split.html", context, status=422 if form.is_bound else 200)


@allowed(MAY, send=MAY)
def join_service(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Join a service to another one of its family."""
    service = _service(request, public_id)
    to_code = service.encounter.services.filter(rule_set=service.rule_set_id, state=ServiceState.TO_CODE)
    # What no rule set codes stays apart: the list is empty, and the page says so.
    others = to_code.exclude(rule_set=None).exclude(pk=service.pk).select_related("encounter")
    form = JoinServiceForm(
        request.POST or None,
        others=list(others.prefetch_related("lines")),
        initial={"into": request.GET.get("into")},
    )
    if request.method == "POST" and not form.others:
        raise Conflict("The encounter has no other service of this family that is to be coded. Reload its page.")
    if request.method == "POST" and form.is_valid():
        actor, owner, reason = user_of(request), form.owner, form.cleaned_data["reason"]

        def act() -> str:
            splitting.join(actor, service, owner, reason)
            messages.success(request, f"Service {service.number} is joined to service {owner.number}.")
            return service.encounter.get_absolute_url()

        return redirect(once(actor, form.cleaned_data["idempotency_key"], act))
    context = {"service": service, "encounter": service.encounter, "form": form, "others": form.others}
    return render(request, "reviews/service_join.html", context, status=422 if form.is_bound else 200)


def _service(request: HttpRequest, public_id: uuid.UUID) -> Service:
    visible = Service.objects.for_user(user_of(request)).select_related("encounter", "rule_set")
    return get_object_or_404(visible, public_id=public_id)
