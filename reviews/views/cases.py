"""The supervisor queue, a review case, and the coder's own cases."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from coding.actions import encounters
from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.decision import diagnoses_for, explain, needs
from coding.rules import rulebook
from coding.trail.timeline import timeline
from coding.views.access import allowed, user_of
from coding.views.pages import page_of
from reviews import queues
from reviews.actions import cases as actions
from reviews.forms.rulings import CaseRulingForm
from reviews.models import ReviewCase
from reviews.transitions import CaseState


@allowed("reviews.view_every_reviewcase")
def queue(request: HttpRequest) -> HttpResponse:
    """The supervisor queue, oldest case first."""
    cases = queues.in_rows(queues.visible_to(user_of(request)))
    chosen = queues.QueueFilter(request.GET, queryset=cases, request=request)
    return render(request, "reviews/queue.html", {"filter": chosen, "page": page_of(request, chosen.qs)})


@allowed("reviews.add_codingdecision")
def my_cases(request: HttpRequest) -> HttpResponse:
    """The cases of what one coded oneself, with their rulings; unread rulings first."""
    cases = queues.in_rows(ReviewCase.objects.filter(coder=user_of(request)))
    unread = cases.filter(state=CaseState.RESOLVED).order_by("-opened_at")
    rest = cases.exclude(state=CaseState.RESOLVED).order_by("-opened_at")
    return render(request, "reviews/my_cases.html", {"unread": unread[:25], "page": page_of(request, rest)})


@allowed("reviews.view_reviewcase")
def case(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A case: note, answers, suggestion and the coder's choice side by side."""
    found = _case(request, public_id)
    encounters.view(user_of(request), found.encounter)
    seen = {"idempotency_key": uuid.uuid4(), "revision": found.encounter.revision}
    return _render(request, found, CaseRulingForm(initial=seen))


@require_POST
@allowed("reviews.rule_on_reviewcase")
def claim(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Claim a case, or release it."""
    found = _case(request, public_id)
    if request.POST.get("release") == "yes":
        actions.release(user_of(request), found)
        messages.success(request, "The case is back in the queue.")
        return redirect("queue")
    actions.claim(user_of(request), found)
    return redirect(found)


@require_POST
@allowed("reviews.rule_on_reviewcase")
def rule(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take the supervisor's ruling."""
    found = _case(request, public_id)
    form = CaseRulingForm(request.POST)
    if not form.is_valid():
        return _render(request, found, form)
    if form.cleaned_data["revision"] != found.encounter.revision:
        raise Conflict(actions.CORRECTED)
    actor, finding = user_of(request), form.finding()

    def act() -> str:
        ruling = actions.rule(actor, found, finding)
        messages.success(request, f"{ruling.get_kind_display()}. Final: {ruling.reported}.")
        return found.get_absolute_url()

    return redirect(once(actor, form.cleaned_data["idempotency_key"], act))


@require_POST
@allowed("reviews.add_codingdecision")
def acknowledge(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The coder has read the ruling."""
    found = _case(request, public_id)
    actions.acknowledge(user_of(request), found)
    messages.success(request, "The ruling is marked as read.")
    return redirect("my-cases")


def _case(request: HttpRequest, public_id: uuid.UUID) -> ReviewCase:
    visible = queues.in_rows(queues.visible_to(user_of(request)))
    return get_object_or_404(visible.select_related("suggestion__document", "suggestion__profile"), public_id=public_id)


def _render(request: HttpRequest, found: ReviewCase, form: CaseRulingForm) -> HttpResponse:
    user = user_of(request)
    table = rulebook.table_of(found.suggestion.document)
    answers = rulebook.current_answers(found.encounter)
    facts = rulebook.facts_of(answers, table)
    needed = {need.fact: need for need in needs(table, facts, found.decision.code)}
    explanation = explain(table, facts, rulebook.decision_of(found.suggestion))
    decisive = {said.fact for said in explanation.deciding}
    context = {
        "case": found,
        "encounter": found.encounter,
        "diagnoses": found.encounter.diagnoses.all(),
        "service_lines": found.encounter.service_lines.all(),
        "revisions": found.encounter.revisions.all(),
        "facts": [
            {
                "label": definition.label,
                "answer": definition.describe(facts[key]) if key in facts else "not asked",
                "by": answers[key].answered_by if key in answers else None,
                "given": answers.get(key),
                "decides": key in decisive,
                "needed": needed.get(key),
            }
            for key, definition in table.fact_by_key.items()
            if key in facts or key in needed
        ],
        "explanation": explanation,
        "supporting": diagnoses_for(table, facts),
        "form": form,
        "timeline": timeline(found.encounter),
        "holds": found.state == CaseState.CLAIMED and found.holder == user,
        "may_claim": found.state == CaseState.QUEUED
        and found.coder != user
        and user.has_perm("reviews.rule_on_reviewcase"),
        "may_acknowledge": found.state == CaseState.RESOLVED and found.coder == user,
    }
    return render(request, "reviews/case.html", context, status=422 if form.is_bound else 200)
