"""What makes one service, and which there are: adding, splitting, joining and moving, and what may be there."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from coding.actions.errors import Conflict
from coding.actions.transitions import of
from coding.models import Service, ServiceState
from coding.views.access import allowed, posted_from, user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import form_page
from reviews.actions import proposals, services, splitting
from reviews.forms.services import (
    AddServiceForm,
    JoinServiceForm,
    MoveServiceForm,
    ProposalForm,
    SplitServiceForm,
)
from reviews.transitions import SERVICE
from reviews.views.visible import encounter_of, service_of

MAY = splitting.JOIN.permission
WITHDRAW = of(SERVICE, "withdraw")
# Why a service is left by one button.
NOT_OF_THE_RULE_SET = "The note is not of this rule set."


@allowed("coding.code_encounter", send="coding.code_encounter")
def add_service(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose the family of a service that no line asked for."""
    encounter = encounter_of(request, public_id)
    form = AddServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = user_of(request)
        rule_set = form.cleaned_data["rule_set"]

        def act() -> str:
            return services.add(actor, encounter, rule_set).get_absolute_url()

        return redirect_once(actor, form, act)
    context = {"encounter": encounter, "form": form}
    return form_page(request, "reviews/service_add.html", context, refused=form.is_bound)


@posted_from("encounter")
@allowed("coding.code_encounter")
def settle_proposal(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open a service that something speaks for, or dismiss it."""
    actor = user_of(request)
    encounter = encounter_of(request, public_id)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        messages.error(
            request,
            "Nothing was done: choose a proposed service, and whether to open or dismiss it.",
        )
        return redirect(encounter)
    rule_set, reason = form.cleaned_data["rule_set"], form.cleaned_data["reason"]

    def act() -> str:
        if form.cleaned_data["verb"] == "confirm":
            return proposals.confirm(actor, encounter, rule_set).get_absolute_url()
        proposals.dismiss(actor, encounter, rule_set, reason)
        messages.success(
            request, f"{rule_set.name} is dismissed, until something else speaks for it."
        )
        return encounter.get_absolute_url()

    return redirect_once(actor, form, act)


@allowed(MAY, send=MAY)
def split_service(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Split a service into two."""
    service = service_of(request, public_id)
    form = SplitServiceForm(request.POST or None, lines=list(service.lines.standing()))
    if request.method == "POST" and form.is_valid():
        actor, reason = user_of(request), form.cleaned_data["reason"]

        def act() -> str:
            opened = splitting.split(actor, service, form.going, reason)
            done = f"Service {opened.number} is open. Its form offers the answers of the first."
            messages.success(request, done)
            return service.encounter.get_absolute_url()

        return redirect_once(actor, form, act)
    context = {"service": service, "encounter": service.encounter, "form": form}
    return form_page(request, "reviews/service_split.html", context, refused=form.is_bound)


@allowed(MAY, send=MAY)
def join_service(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Join a service to another one of its family."""
    service = service_of(request, public_id)
    others = _others_of_family(service)
    first = {"into": request.GET.get("into")}
    form = JoinServiceForm(request.POST or None, others=others, initial=first)
    if request.method == "POST" and not form.others:
        raise Conflict(
            "The encounter has no other service of this family that is to be coded. Reload its page."
        )
    if request.method == "POST" and form.is_valid():
        actor, owner, reason = user_of(request), form.owner, form.cleaned_data["reason"]

        def act() -> str:
            splitting.join(actor, service, owner, reason)
            messages.success(
                request, f"Service {service.number} is joined to service {owner.number}."
            )
            return service.encounter.get_absolute_url()

        return redirect_once(actor, form, act)
    context = {
        "service": service,
        "encounter": service.encounter,
        "form": form,
        "others": form.others,
    }
    return form_page(request, "reviews/service_join.html", context, refused=form.is_bound)


def _others_of_family(service: Service) -> list[Service]:
    """The other services to code under its rule set. What no rule set codes stays apart, and the page says so."""
    if service.rule_set_id is None:
        return []
    to_code = service.encounter.services.filter(state=ServiceState.TO_CODE)
    others = to_code.filter(rule_set=service.rule_set_id).exclude(pk=service.pk)
    return list(others.select_related("encounter").prefetch_related("lines"))


@allowed(WITHDRAW.permission, send=WITHDRAW.permission)
def move_service(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Move a service to another family, or withdraw it."""
    service = service_of(request, public_id)
    may_go = not service.lines.standing().exists()
    form = MoveServiceForm(request.POST or None, present=service.rule_set, withdrawable=may_go)
    if request.method == "POST" and form.is_valid():
        actor, reason = user_of(request), form.cleaned_data["reason"]

        def act() -> str:
            if form.withdraws:
                services.withdraw(actor, service, reason)
                messages.success(request, "The service is withdrawn.")
                return service.encounter.get_absolute_url()
            return services.move(actor, service, form.rule_set, reason).get_absolute_url()

        return redirect_once(actor, form, act)
    context = {"service": service, "encounter": service.encounter, "form": form}
    return form_page(request, "reviews/service_move.html", context, refused=form.is_bound)


@posted_from("code")
@allowed(WITHDRAW.permission)
def leave_family(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Leave a rule set of which the note is not: withdraw the service, or move its lines out of every rule set."""
    service = service_of(request, public_id)
    actor = user_of(request)
    if service.lines.standing().exists():
        services.move(actor, service, None, NOT_OF_THE_RULE_SET)
        messages.success(request, "No rule set codes its lines any more. Decide on them yourself.")
    else:
        services.withdraw(actor, service, NOT_OF_THE_RULE_SET)
        messages.success(request, "The service is withdrawn.")
    return redirect(service.encounter)
