"""An encounter to read, and the guided form that codes it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from coding.actions import encounters
from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.models import Encounter, EncounterStatus, RuleSetVersion
from coding.trail.timeline import timeline
from coding.views.access import HtmxRequest, allowed, user_of
from reviews import queues
from reviews.actions import decisions
from reviews.coding_form.guided import GuidedForm, guided_form
from reviews.forms.coding import AnswerForm, DecisionForm
from reviews.models import CodingDecision, FinalCode


def home(request: HttpRequest) -> HttpResponse:
    """Everybody begins where their next action is."""
    user = user_of(request)
    places = [
        ("coding.code_encounter", reverse("worklist") + "?status=to_code"),
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
    found = _encounter(request, public_id)
    user = user_of(request)
    encounters.view(user, found)
    decision = CodingDecision.objects.filter(encounter=found).select_related("coder", "suggestion", "version").first()
    context = {
        "encounter": found,
        "diagnoses": found.diagnoses.all(),
        "service_lines": found.service_lines.all(),
        "revisions": found.revisions.all(),
        "decision": decision,
        "final": FinalCode.objects.current().filter(encounter=found).first(),
        "cases": queues.in_rows(queues.visible_to(user).filter(encounter=found)),
        "timeline": timeline(found),
        "may_code": user.has_perm("coding.code_encounter")
        and found.status == EncounterStatus.TO_CODE
        and found.assigned_to in (None, user),
    }
    return render(request, "reviews/encounter.html", context)


@allowed("coding.code_encounter")
def code(request: HtmxRequest, public_id: uuid.UUID) -> HttpResponse:
    """The guided form beside the note."""
    found = _encounter(request, public_id)
    if found.status != EncounterStatus.TO_CODE:
        return redirect(found)
    encounters.view(user_of(request), found)
    return _guided(request, found)


@require_POST
@allowed("coding.code_encounter")
def answer(request: HtmxRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take an answer, or take one back with ``change``, and show what is left to ask."""
    found = _encounter(request, public_id)
    version = _version(found)
    guided = guided_form(found, version)
    definition = guided.table.fact_by_key.get(request.POST.get("fact", ""))
    if definition is None:
        raise Conflict("The rules do not ask this any more. Reload the page.")
    if "change" in request.POST:
        encounters.answer(user_of(request), found, version, definition.key, None)
        return _after_answer(request, found, definition.key)
    form = AnswerForm(definition, request.POST)
    if not form.is_valid():
        return _guided(request, found, question=form)
    if form.cleaned_data["revision"] != found.revision:
        raise Conflict("The source corrected this encounter while you coded it. Reload the page and read it again.")
    try:
        encounters.answer(user_of(request), found, version, definition.key, form.cleaned_data["value"], form.support())
    except encounters.Contradicted as refusal:
        form.refuse(refusal)
        return _guided(request, found, question=form)
    return _after_answer(request, found)


def _after_answer(request: HtmxRequest, found: Encounter, ask: str = "") -> HttpResponse:
    if request.htmx:
        return _guided(request, found, ask=ask)
    return redirect(reverse("code", args=[found.public_id]) + (f"?ask={ask}" if ask else ""))


@require_POST
@allowed("reviews.add_codingdecision")
def decide(request: HtmxRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take the coder's decision, and go on to the next encounter if asked."""
    found = _encounter(request, public_id)
    actor = user_of(request)
    version = _version(found)
    guided = guided_form(found, version)
    if guided.suggestion is None:
        raise Conflict("There is no suggestion yet. Answer the open questions first.")
    form = DecisionForm(guided.suggestion, request.POST)
    if not form.is_valid():
        return _guided(request, found, decision=form)
    if form.cleaned_data["revision"] != found.revision:
        raise Conflict("The source corrected this encounter while you coded it. Read it again before you decide.")
    judgement, seen, key = form.judgement(), form.cleaned_data["seen"], form.cleaned_data["idempotency_key"]

    def act() -> str:
        made = decisions.decide(actor, found, version, judgement, seen)
        messages.success(request, f"{found.external_id}: {summary(made)}")
        return found.get_absolute_url()

    address = once(actor, key, act)
    return redirect(_next_to_code(request) or address) if request.POST.get("then") == "next" else redirect(address)


def summary(decision: CodingDecision) -> str:
    """What became of a decision, for the message."""
    if decision.review_cases.exists():
        return "your decision went to the supervisor queue."
    return f"{decision} is final."


def _next_to_code(request: HttpRequest) -> str | None:
    waiting = Encounter.objects.for_user(user_of(request)).open_to(user_of(request)).first()
    return reverse("code", args=[waiting.public_id]) if waiting else None


def _encounter(request: HttpRequest, public_id: uuid.UUID) -> Encounter:
    visible = Encounter.objects.for_user(user_of(request)).select_related("rule_set", "assigned_to")
    return get_object_or_404(visible, public_id=public_id)


def _version(found: Encounter) -> RuleSetVersion:
    version = RuleSetVersion.objects.in_force(found.rule_set, found.date_of_service)
    if version is None:
        raise Conflict(
            f"No version of the rules is in force on {found.date_of_service}. Ask a rule approver to publish one."
        )
    return version


def _guided(
    request: HtmxRequest,
    found: Encounter,
    question: AnswerForm | None = None,
    decision: DecisionForm | None = None,
    ask: str = "",
) -> HttpResponse:
    guided = guided_form(found, _version(found))
    user = user_of(request)
    bound = question or decision
    asked = question or _question(guided, ask or request.GET.get("ask", ""))
    context = {
        "encounter": found,
        "diagnoses": found.diagnoses.all(),
        "service_lines": found.service_lines.all(),
        "revisions": found.revisions.all(),
        "guided": guided,
        "question": asked,
        "proposed": guided.proposed(asked.definition.key) if asked else None,
        "marked": guided.reading.marked(asked.cleaned_data.get("passage", ())) if asked and asked.is_bound else [],
        "segments": guided.segments(asked.definition.key if asked else ""),
        "decision_form": decision or _decision_form(guided, found),
        "taken": found.assigned_to not in (None, user),
    }
    template = "reviews/_guide_and_note.html" if request.htmx else "reviews/code.html"
    response = render(request, template, context, status=422 if bound else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _question(guided: GuidedForm, ask: str) -> AnswerForm | None:
    definition = guided.table.fact_by_key.get(ask) if ask in guided.guidance.open_facts else None
    definition = definition or guided.guidance.next_question
    if definition is None:
        return None
    proposed = guided.proposed(definition.key)
    initial = {"value": proposed.text if proposed else None, "revision": guided.encounter.revision}
    return AnswerForm(definition, initial=initial)


def _decision_form(guided: GuidedForm, found: Encounter) -> DecisionForm | None:
    if guided.suggestion is None:
        return None
    seen = {"seen": guided.suggestion.pk, "revision": found.revision}
    return DecisionForm(guided.suggestion, initial={**seen, "idempotency_key": uuid.uuid4()})
