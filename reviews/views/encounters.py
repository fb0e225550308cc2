"""An encounter to read: its ledger, its note, its time line; and what may be done with its services."""

import uuid
from collections import Counter

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from coding.actions import encounters
from coding.actions.once import once
from coding.actions.transitions import of
from coding.models import (
    Encounter,
    EncounterState,
    EncounterVoid,
    Service,
    ServiceState,
    Upload,
    UploadRow,
    User,
)
from coding.registers.history import is_doubtful, others_of_patient
from coding.registers.patients import contradictions_of
from coding.trail.timeline import timeline
from coding.views.access import allowed, posted_from, user_of
from coding.views.pages import page_of
from reviews import queues
from reviews.actions import decisions, services
from reviews.actions.corrections import may_correct
from reviews.actions.voiding import may_void
from reviews.blocking import what_blocks
from reviews.claim_step import findings_of
from reviews.coding_form.ledger import LedgerRow, ledger
from reviews.coding_form.services_there import services_there
from reviews.forms.rulings import ReasonForm
from reviews.forms.services import AddServiceForm, MoveServiceForm, ProposalForm
from reviews.models import CaseState, CodingDecision, CodingRound, ReviewCase
from reviews.transitions import SERVICE

# Why a service is left by one button.
NOT_OF_THE_RULE_SET = "The note is not of this rule set."
WITHDRAW = of(SERVICE, "withdraw")
# Of the items of uploads that brought or corrected an encounter.
LATEST_ROWS = 10
# Beside the note there is room for a few.
OTHERS_A_PAGE = 5


def home(request: HttpRequest) -> HttpResponse:
    """Everybody begins where their next action is."""
    user = user_of(request)
    places = [
        ("coding.code_encounter", reverse("worklist") + "?state=to_code"),
        ("reviews.rule_on_reviewcase", reverse("queue")),
        ("coding.view_auditevent", reverse("trail")),
        ("coding.view_rulesetversion", reverse("rule-sets")),
        ("coding.change_user", reverse("admin:index")),
    ]
    address = next((url for permission, url in places if user.has_perm(permission)), None)
    return redirect(address) if address else render(request, "home.html")


@allowed("coding.view_encounter")
def encounter(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Everything about one encounter. Opening it is noted in the audit trail."""
    encounter = _encounter(request, public_id)
    encounters.view(user_of(request), encounter)
    return render(request, "reviews/encounter.html", _context(request, encounter))


def _context(request: HttpRequest, encounter: Encounter) -> dict[str, object]:
    user = user_of(request)
    prefetch_related_objects([encounter], "diagnoses")
    rows = ledger(encounter)
    cases = list(queues.in_rows(queues.visible_to(user).filter(service__encounter=encounter)))
    to_code = [row.service for row in rows if row.first and row.service.state == ServiceState.TO_CODE]
    owner = next((service.assigned_to for service in to_code if service.assigned_to), None)
    is_void = encounter.state == EncounterState.VOID
    others = page_of(request, others_of_patient(encounter).for_user(user), OTHERS_A_PAGE)
    codes_here = user.has_perm("coding.code_encounter") and owner in (None, user) and not is_void
    return {
        "encounter": encounter,
        "ledger": rows,
        "findings": None if is_void else findings_of(encounter, rows),
        "diagnoses": encounter.diagnoses.all(),
        "service_lines": [row.line for row in rows if row.line],
        "revisions": encounter.revisions.all(),
        "superseded": encounter.superseded_documents.all(),
        "blocked_by": what_blocks(encounter),
        "cases": cases,
        "rounds": CodingRound.objects.filter(service__encounter=encounter, number__gt=1).select_related("service"),
        "timeline": timeline(encounter),
        "came_with": _came_with(user, encounter),
        "others": others,
        "other_encounters": [(other, is_doubtful(encounter, other)) for other in others],
        "owner": owner,
        "opened": encounter.glass_breaks.in_force().filter(person=user).order_by("-until").first(),
        "may_assign": bool(to_code) and codes_here,
        "next_service": to_code[0] if to_code and codes_here else None,
        "there": None if is_void else services_there(encounter, [row.service for row in rows if row.first]),
        "several": _with_siblings(to_code),
        "proposal_form": ProposalForm() if codes_here else None,
        "may_take_back": _may_take_back(user, rows, cases),
        "add_form": AddServiceForm() if codes_here else None,
        "nothing_form": ReasonForm() if codes_here and not rows else None,
        "may_report": encounter.state == EncounterState.FINAL or (is_void and encounter.reports.exists()),
        "void": EncounterVoid.objects.select_related("voided_by").get(encounter=encounter) if is_void else None,
        "contradictions": contradictions_of(encounter),
        "may_correct": may_correct(user, encounter),
        "may_void": may_void(user, encounter, [row.service for row in rows if row.first]),
    }


def _with_siblings(services: list[Service]) -> set[int]:
    """The rule sets of which there are several services to code, by id: two of them can be joined."""
    counted = Counter(service.rule_set_id for service in services if service.rule_set_id)
    return {rule_set for rule_set, count in counted.items() if count > 1}


def _came_with(user: User, encounter: Encounter) -> list[tuple[UploadRow, bool]]:
    """The latest items that brought or corrected the encounter, each with whether the person may open its upload."""
    rows = encounter.rows.select_related("upload").defer("record").order_by("-pk")[:LATEST_ROWS]
    brought = list(rows)
    uploads = Upload.objects.for_user(user).filter(pk__in=[row.upload_id for row in brought])
    open_ones = set(uploads.values_list("pk", flat=True))
    return [(row, row.upload_id in open_ones) for row in brought]


def _may_take_back(user: User, rows: list[LedgerRow], cases: list[ReviewCase]) -> set[int]:
    """The services whose decision the person may still undo, by their ids."""
    mine: list[CodingDecision] = []
    for row in rows:
        if row.first and row.decision and row.decision.coder_id == user.pk:
            row.decision.service = row.service
            mine.append(row.decision)
    queued = {case.decision_id for case in cases if case.state == CaseState.QUEUED}
    ruled = {case.decision_id for case in cases if hasattr(case, "ruling")}
    undone = [
        decision
        for decision in mine
        if decision.pk not in ruled and (decision.pk in queued or decision.service.state == ServiceState.FINAL)
    ]
    stay = decisions.bound(undone) if undone else set()
    return {decision.service_id for decision in undone if decision.pk not in stay}


@allowed("coding.code_encounter", send="coding.code_encounter")
def add_service(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose the family of a service that no line asked for."""
    encounter = _encounter(request, public_id)
    form = AddServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor, rule_set = user_of(request), form.cleaned_data["rule_set"]
        key = form.cleaned_data["idempotency_key"]
        return redirect(once(actor, key, lambda: services.add(actor, encounter, rule_set).get_absolute_url()))
    context = {"encounter": encounter, "form": form}
    return render(request, "reviews/service_add.html", context, status=422 if form.is_bound else 200)


@allowed("reviews.add_codingdecision", send="reviews.add_codingdecision")
def report_nothing(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say that nothing of an encounter without a line is to be reported."""
    encounter = _encounter(request, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor, reason = user_of(request), form.cleaned_data["reason"]

        def act() -> str:
            services.report_nothing(actor, encounter, reason)
            messages.success(request, f"{encounter.external_id}: nothing is reported.")
            return encounter.get_absolute_url()

        return redirect(once(actor, form.cleaned_data["idempotency_key"], act))
    context = {"encounter": encounter, "form": form, "title": "Nothing to report", "verb": "Report nothing"}
    return render(request, "reviews/reason.html", context, status=422 if form.is_bound else 200)


@allowed(WITHDRAW.permission, send=WITHDRAW.permission)
def move_service(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Move a service to another family, or withdraw it."""
    service = get_object_or_404(
        Service.objects.for_user(user_of(request)).select_related("encounter", "rule_set"), public_id=public_id
    )
    has_lines = service.lines.standing().exists()
    form = MoveServiceForm(request.POST or None, present=service.rule_set, withdrawable=not has_lines)
    if request.method == "POST" and form.is_valid():
        actor, reason = user_of(request), form.cleaned_data["reason"]

        def act() -> str:
            if form.withdraws:
                services.withdraw(actor, service, reason)
                messages.success(request, "The service is withdrawn.")
                return service.encounter.get_absolute_url()
            return services.move(actor, service, form.rule_set, reason).get_absolute_url()

        return redirect(once(actor, form.cleaned_data["idempotency_key"], act))
    context = {"service": service, "encounter": service.encounter, "form": form}
    return render(request, "reviews/service_move.html", context, status=422 if form.is_bound else 200)


@posted_from("code")
@allowed(WITHDRAW.permission)
def leave_family(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Leave a rule set of which the note is not: withdraw the service, or move its lines out of every rule set."""
    service = get_object_or_404(
        Service.objects.for_user(user_of(request)).select_related("encounter", "rule_set"), public_id=public_id
    )
    actor = user_of(request)
    if service.lines.standing().exists():
        services.move(actor, service, None, NOT_OF_THE_RULE_SET)
        messages.success(request, "No rule set codes its lines any more. Decide on them yourself.")
    else:
        services.withdraw(actor, service, NOT_OF_THE_RULE_SET)
        messages.success(request, "The service is withdrawn.")
    return redirect(service.encounter)


@posted_from("encounter")
@allowed("coding.code_encounter")
def assign(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take an encounter's services, or give them back: all together."""
    actor = user_of(request)
    encounter = _encounter(request, public_id)
    take = request.POST.get("take") == "yes"
    encounters.assign(actor, encounter, actor if take else None)
    messages.success(request, "The encounter is yours." if take else "The encounter is free for others.")
    return redirect(encounter)


def _encounter(request: HttpRequest, public_id: uuid.UUID) -> Encounter:
    return get_object_or_404(Encounter.objects.for_user(user_of(request)), public_id=public_id)
