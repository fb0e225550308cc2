"""A review case: its page, and what is done with it."""

import uuid
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from coding.actions import encounters
from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.actions.transitions import of
from coding.models import Meaning, Precedent
from coding.models.counting import CountOf
from coding.rules import rulebook
from coding.signing.asking import Signing
from coding.views.access import allowed, posted_from, user_of
from coding.views.acting_once import redirect_unless_refused
from coding.views.form_pages import form_page
from reviews.actions import adjudications, rulings
from reviews.actions import cases as actions
from reviews.coding_form.asked import drafted
from reviews.coding_form.case import case_page
from reviews.forms.rulings import CaseRulingForm
from reviews.judging import rebuttals
from reviews.judging.alike import (
    MOST_COUNTED,
    count_alike,
    ruled_on_same_answers,
    ruled_on_same_difference,
)
from reviews.judging.blind import hidden_in, sight_of
from reviews.lists import queues
from reviews.models import CaseComment, CaseState, ReviewCase, SecondCoding
from reviews.transitions import CASE
from reviews.views.blind import IS_LOOK, blind_look
from reviews.views.case_offers import is_settled, offers_to
from reviews.views.going_on import go_on
from reviews.views.kept import initial_of, with_filters

RULE = of(CASE, "rule")


@allowed("reviews.view_reviewcase", send=RULE.permission)
def case(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A case: note, answers, suggestion and the coder's choice side by side. It takes its own form, the ruling."""
    case = case_of(request, public_id)
    if sight_of(user_of(request)).hides_codes(case):
        return blind_look(request, case)
    if IS_LOOK in request.POST:
        # Sent twice: the first was taken, and the case shows everything since.
        return redirect(case)
    if request.method == "POST":
        return _rule(request, case)
    encounters.view(user_of(request), case.service.encounter)
    form = _new_form(request, case) if _holds(request, case) else None
    return _page(request, case, form)


def _holds(request: HttpRequest, case: ReviewCase) -> bool:
    return case.state == CaseState.CLAIMED and case.holder == user_of(request)


def _new_form(request: HttpRequest, case: ReviewCase) -> CaseRulingForm:
    """The form of the ruling as its holder left it."""
    rulebook.read_answers(case.service)
    kept = initial_of(
        request,
        _kept(case),
        revision=case.service.encounter.revision,
        suggestion=case.suggestion_id,
    )
    initial = {"question": drafted(case)} | kept
    return _ruling_form(request, case, initial=initial)


def _ruling_form(
    request: HttpRequest, case: ReviewCase, *data: Any, **initial: Any
) -> CaseRulingForm:
    signing = Signing(request, Meaning.RULING)
    kinds = adjudications.offered_for(case)
    asking = [kind for kind in kinds if adjudications.asks_provider(case, kind)]
    return CaseRulingForm(*data, kinds=kinds, asking=asking, signing=signing, **initial)


def _rule(request: HttpRequest, case: ReviewCase) -> HttpResponse:
    """Take the supervisor's ruling."""
    actor = user_of(request)
    actions.check_may_judge(actor, case)
    form = _ruling_form(request, case, request.POST)
    if not form.is_valid():
        return _page(request, case, form)
    if form.cleaned_data["revision"] != case.service.encounter.revision:
        raise Conflict(rulings.CORRECTED)
    if not form.confirm():
        return _page(request, case, form)
    case.suggestion_id = form.cleaned_data["suggestion"]
    adjudication = form.adjudication()

    def act() -> str:
        ruling = rulings.rule(actor, case, adjudication, form.confirmation)
        asked = adjudications.asks_provider(case, adjudication.kind)
        what_follows = "The provider is asked." if asked else f"Final: {ruling.words}."
        messages.success(request, f"{ruling.get_kind_display()}. {what_follows}")
        return case.get_absolute_url()

    leads_on = redirect_unless_refused(actor, form, act)
    if leads_on is None:
        # A refused ruling has written into the case: it is read once more.
        return _page(request, case_of(request, case.public_id), form)
    if request.POST.get("next") != "yes":
        return leads_on
    # By itself: a ruling holds the head of the trail by now, and cases are locked before it.
    key_of_next = uuid.uuid5(form.cleaned_data["idempotency_key"], "next")
    following = once(actor, key_of_next, lambda: go_on(request))
    return redirect(following)


@posted_from("case")
@allowed(of(CASE, "claim").permission)
def claim(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Claim a case, or release it."""
    case = case_of(request, public_id)
    if request.POST.get("release") == "yes":
        actions.release(user_of(request), case)
        messages.success(request, "The case is back in the queue.")
        return redirect("queue")
    actions.claim(user_of(request), case)
    return redirect(with_filters(case.get_absolute_url(), request.GET))


@posted_from("case")
@allowed("reviews.add_codingdecision")
def acknowledge(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The coder has read the ruling."""
    case = case_of(request, public_id)
    actions.acknowledge(user_of(request), case)
    messages.success(request, "The ruling is marked as read.")
    return redirect("my-cases")


@posted_from("case")
def old_address(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Where a ruling was sent before the case's page took it."""
    return redirect("case", public_id)


def case_of(request: HttpRequest, public_id: uuid.UUID) -> ReviewCase:
    """The case of an address with its relations, if the person may see it."""
    # With the long texts too: a case shows them.
    visible = queues.in_rows(queues.visible_to(user_of(request))).defer(None)
    related = visible.select_related(
        "suggestion__document",
        "suggestion__profile",
        "service__rule_set",
        "service__version__document",
        "service__version__lexicon",
        "ruling__supervisor",
        "decision__version__rule_set",
    )
    later = ReviewCase.objects.filter(service=OuterRef("service"), pk__gt=OuterRef("pk"))
    comments = CaseComment.objects.filter(case=OuterRef("pk"))
    beside = {"has_later": Exists(later), "comments_count": CountOf(comments)}
    # Tables and lexicons are large, and kept by their hashes once they were read.
    large = (
        "suggestion__document__document",
        "service__version__document__document",
        "service__version__lexicon__document",
    )
    read = related.annotate(**beside).defer(*large)
    case: ReviewCase = get_object_or_404(read, public_id=public_id)
    return case


def _kept(case: ReviewCase) -> str:
    return f"ruling:{case.public_id}"


def _page(request: HttpRequest, case: Any, form: CaseRulingForm | None) -> HttpResponse:
    """The page of a case as ``case_of`` read it; ``form`` where its holder may rule."""
    user = user_of(request)
    codings = SecondCoding.objects.filter(decision=case.decision)
    seconds = list(codings.select_related("profile", "coder"))
    sees_all = user.has_perm("reviews.view_every_reviewcase")
    context = {
        **case_page(case, seconds, tells_rulings=sees_all),
        **asdict(offers_to(user, case, seconds)),
        **(_of_others(case) if sees_all else {}),
        **(_of_standing_ruling(case) if is_settled(case) else {}),
        "form": form,
        "kept": _kept(case),
        "sight": sight_of(user),
        "hidden": hidden_in(case.service.encounter, user),
        "looks": [second for second in seconds if second.coder == user],
        "holds": _holds(request, case),
        "asked_for": with_filters("", request.GET),
        "comments": case.comments_count,
    }
    return form_page(
        request, "reviews/case.html", context, refused=form is not None and form.is_bound
    )


def _of_others(case: ReviewCase) -> dict[str, object]:
    """Cases beside this one, for whoever sees all: open ones that are alike, and rulings on the same."""
    return {
        "alike": count_alike(case),
        "most_alike": MOST_COUNTED,
        "same_answers": ruled_on_same_answers(case),
        "same_difference": ruled_on_same_difference(case),
    }


def _of_standing_ruling(case: ReviewCase) -> dict[str, object]:
    """The precedent that its ruling was made, and until when its coder may object."""
    return {
        "precedent": Precedent.objects.filter(ruled_case=case.public_id).first(),
        "object_until": rebuttals.last_day(case.ruling),
    }
