"""A service's coding page: the guided form beside the note, or the decision on a line that no rule set codes."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from coding.actions import encounters, kept_texts
from coding.actions.require import require
from coding.actions.signatures import NotSigned
from coding.actions.transitions import of
from coding.forms.signing import SignedForm
from coding.models import Meaning, Service, ServiceState
from coding.models.reported import lines_in_words
from coding.rules.note_reading import Passage
from coding.rules.shared_answers import OfferedAnswer, offered_answers
from coding.signing.asking import PASSWORD, Signing
from coding.views.access import HtmxRequest, allowed, lead_back, posted_from, user_of
from coding.views.acting_once import redirect_unless_refused
from coding.views.form_pages import form_page, page_or_part
from reviews.actions import answers, decisions
from reviews.coding_form.around import (
    around,
    goes_on,
    latest_fact,
    newer_version,
    next_open,
    question_form,
    second_service,
)
from reviews.coding_form.guided import GuidedForm, guided_form, version_of
from reviews.coding_form.record import RecordOfService
from reviews.forms.coding import AnswerForm
from reviews.forms.decisions import DecisionForm
from reviews.models import CodingDecision, ServiceHold
from reviews.transitions import SERVICE
from reviews.views.kept import initial_of
from reviews.views.visible import encounter_of, service_of, service_to_code


@allowed("coding.code_encounter", send="coding.code_encounter")
def code(request: HtmxRequest, public_id: uuid.UUID) -> HttpResponse:
    """The page of a service to code. It takes its own two forms: an answer, and the decision."""
    service = service_to_code(request, public_id)
    if request.method == "POST":
        takes_answer = "fact" in request.POST
        return _take_answer(request, service) if takes_answer else _take_decision(request, service)
    if service.state != ServiceState.TO_CODE:
        return redirect(service.encounter)
    encounters.view(user_of(request), service.encounter)
    lead_back(request, service.encounter.get_absolute_url())
    if service.rule_set is None:
        return _line_page(request, service)
    return _page(request, guided_form(service, version_of(service)))


def _take_answer(request: HtmxRequest, service: Service) -> HttpResponse:
    """Take an answer, or take one back with ``change``, and show what is left to ask."""
    actor = user_of(request)
    fact = request.POST.get("fact", "")
    if "change" in request.POST:
        guided = answers.answer(actor, service, fact, None)
        return _after_answer(request, service, guided, fact)

    form = AnswerForm(answers.definition_of(service, fact), request.POST)
    if not form.is_valid():
        return _page(request, guided_form(service, version_of(service)), question=form)
    answers.check_as_read(service, form.cleaned_data["revision"])

    signature = _signature(request, request.POST)
    if request.POST.get(PASSWORD) and not signature.is_signed():
        return _unsigned(request, service, form, signature)
    confirmation = signature.confirmation or signature.signing.confirmation
    support = replace(form.support(), confirmation=confirmation)
    try:
        guided = answers.answer(actor, service, fact, form.cleaned_data["value"], support)
    except answers.Contradicted as refusal:
        form.refuse(refusal)
        return _unsigned(request, service, form, _signature(request))
    except NotSigned:
        # It is kept against the note with a reason, and not signed yet: the form asks for that.
        signature.full_clean()
        return _unsigned(request, service, form, signature)
    return _after_answer(request, service, guided)


def _signature(request: HttpRequest, *data: Any) -> SignedForm:
    """The form that signs an answer which is kept against the note."""
    return SignedForm(*data, signing=Signing(request, Meaning.OVERRIDE))


def _unsigned(
    request: HtmxRequest, service: Service, form: AnswerForm, signature: SignedForm
) -> HttpResponse:
    """The question again, with what the note says against the answer, and the fields that sign it."""
    guided = guided_form(service, version_of(service))
    form.against = guided.reading.against(form.definition.key, form.cleaned_data["value"])
    return _page(request, guided, question=form, signature=signature)


def _after_answer(
    request: HtmxRequest, service: Service, guided: GuidedForm, ask: str = ""
) -> HttpResponse:
    """What is left to ask, as a part for htmx; without it the page opened anew. ``ask`` is the fact to begin with."""
    if request.htmx:
        is_alone = not getattr(service, "has_siblings", True)
        return _page(request, guided, ask=ask, alone=is_alone)
    address = guided.service.get_absolute_url()
    return redirect(f"{address}?ask={ask}" if ask else address)


def _take_decision(request: HtmxRequest, service: Service) -> HttpResponse:
    """Take the coder's decision, and go on to the next service if asked."""
    actor = user_of(request)
    require(actor, "reviews.add_codingdecision", "make coding decisions")
    guided = guided_form(service, version_of(service)) if service.rule_set else None
    suggestion = guided.suggestion if guided else None
    lines = list(service.lines.standing())
    form = DecisionForm(request.POST, suggestion=suggestion, lines=lines)
    if not form.is_valid():
        return _refused_decision(request, service, guided, form)
    answers.check_as_read(service, form.cleaned_data["revision"])
    judgement = form.judgement()
    seen = form.cleaned_data["seen"]

    def act() -> str:
        decision = decisions.decide(actor, service, judgement, seen)
        kept_texts.forget(actor, _kept(service))
        messages.success(request, f"{service.encounter.external_id}: {summary(decision)}")
        return service.encounter.get_absolute_url()

    leads_on = redirect_unless_refused(actor, form, act)
    if leads_on is None:
        return _refused_decision(request, service, guided, form)
    goes_on_to_next = request.POST.get("then") == "next"
    following = _next_to_code(request, service) if goes_on_to_next else None
    return redirect(following) if following else leads_on


def _refused_decision(
    request: HtmxRequest, service: Service, guided: GuidedForm | None, form: DecisionForm
) -> HttpResponse:
    if guided is None:
        return _line_page(request, service, form)
    return _page(request, guided, decision=form)


def summary(decision: CodingDecision) -> str:
    """What became of a decision, for the message."""
    if decision.review_cases.exists():
        return "your decision went to the supervisor queue."
    return f"{decision.words} is final."


def _next_to_code(request: HttpRequest, service: Service) -> str | None:
    """The next service of the same encounter, or of the next one, oldest first."""
    actor = user_of(request)
    on_hold = ServiceHold.objects.filter(service=OuterRef("pk"), released_at=None)
    others = Service.objects.for_user(actor).open_to(actor).exclude(pk=service.pk)
    waiting = others.exclude(Exists(on_hold))
    of_encounter = waiting.filter(encounter=service.encounter_id)
    oldest_first = waiting.order_by("encounter__date_of_service", "encounter", "number")
    following = of_encounter.first() or oldest_first.first()
    return entrance_of(following) if following else None


def entrance_of(service: Service) -> str:
    """Where a service's coding begins: what the note says, or the decision on a line that no rule set codes."""
    if service.rule_set_id is None:
        return service.get_absolute_url()
    return reverse("reading", args=[service.public_id])


def _kept(service: Service) -> str:
    return f"decision:{service.public_id}"


def _page(
    request: HtmxRequest,
    guided: GuidedForm,
    question: AnswerForm | None = None,
    decision: DecisionForm | None = None,
    ask: str = "",
    signature: SignedForm | None = None,
    *,
    alone: bool = False,
) -> HttpResponse:
    """The page or its part. ``alone``: the encounter has no other service, whose answers would be offered."""
    service = guided.service
    is_refused = question is not None or decision is not None
    is_offered = not alone and guided.suggestion is None
    offers = offered_answers(service, guided.table) if is_offered else {}
    asked = question or question_form(guided, ask or request.GET.get("ask", ""), offers)
    context = {
        **_context(request, service),
        **_about_question(guided, asked, offers),
        **second_service(guided),
        "guided": guided,
        "signature": signature,
        "goes_on": goes_on(guided),
        "named_diagnoses": RecordOfService(guided).diagnoses() if guided.suggestion else [],
        "latest": latest_fact(guided),
        "decision_form": decision or _decision_form(request, service, guided),
    }
    if not request.htmx:
        context |= around(service)
        context["newer"] = newer_version(service)
        context["from_record"] = RecordOfService(guided).evidence()
    return page_or_part(
        request,
        "reviews/code.html",
        "reviews/_guide_and_note.html",
        context,
        refused=is_refused,
    )


def _about_question(
    guided: GuidedForm, asked: AnswerForm | None, offers: Mapping[str, OfferedAnswer]
) -> dict[str, object]:
    """The question that is asked, if one is, with what the note and other services say of its fact."""
    if asked is None:
        return {"question": None, "segments": guided.segments("")}
    fact = asked.definition.key
    marked: list[Passage] = []
    if asked.is_bound:
        marked = guided.reading.marked(asked.cleaned_data.get("passage", ()))
    return {
        "question": asked,
        "proposed": guided.proposed(fact),
        "group": guided.group_of(fact),
        "offered": offers.get(fact),
        "marked": marked,
        "later": next_open(guided, fact),
        "segments": guided.segments(fact),
    }


def _line_page(
    request: HtmxRequest, service: Service, decision: DecisionForm | None = None
) -> HttpResponse:
    """The page of a line that no rule set codes."""
    form = decision or _decision_form(request, service, None)
    context = {**_context(request, service), **around(service), "decision_form": form}
    return form_page(request, "reviews/code_line.html", context, refused=decision is not None)


def _context(request: HttpRequest, service: Service) -> dict[str, object]:
    """What the parts show that htmx swaps."""
    return {
        "service": service,
        "encounter": service.encounter,
        "taken": service.assigned_to not in (None, user_of(request)),
        "kept": _kept(service),
    }


def _decision_form(
    request: HttpRequest, service: Service, guided: GuidedForm | None
) -> DecisionForm | None:
    """A form to decide by; None while a rule set has no suggestion yet."""
    suggestion = guided.suggestion if guided else None
    if guided is not None and suggestion is None:
        return None
    lines = list(service.lines.standing())
    initial = initial_of(
        request,
        _kept(service),
        seen=guided.seen if guided else "",
        revision=service.encounter.revision,
        # Whoever reports another code leaves out what does not go with it.
        further_lines=lines_in_words(suggestion.further_lines) if suggestion else "",
    )
    return DecisionForm(initial=initial, suggestion=suggestion, lines=lines)


@posted_from("code")
@allowed("coding.code_encounter")
def renew_version(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Go on with the version in force."""
    service = service_to_code(request, public_id)
    answers.renew_version(user_of(request), service)
    messages.success(
        request, "The service goes on with the version in force. Your answers were kept."
    )
    return redirect(service)


@posted_from("service")
@allowed(of(SERVICE, "take back").permission)
def take_back(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Undo one's own decision."""
    service = service_to_code(request, public_id)
    decisions.take_back(user_of(request), service)
    messages.success(request, "Your decision is taken back. Your answers were kept.")
    return redirect(service)


@allowed("coding.view_encounter")
def service(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A service is read on its encounter's page."""
    service = service_of(request, public_id)
    return redirect(f"{service.encounter.get_absolute_url()}#service-{service.number}")


@allowed("coding.view_encounter")
def old_address(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Where an encounter was coded before it had services: its first open one, for coders, or its page."""
    encounter = encounter_of(request, public_id)
    to_code = encounter.services.filter(state=ServiceState.TO_CODE).order_by("number").first()
    codes = request.user.has_perm("coding.code_encounter")
    return redirect(entrance_of(to_code) if to_code and codes else encounter)
