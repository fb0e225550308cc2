"""Provider queries: their list; read one, type the provider's answer, or close it without one."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from coding.actions import encounters
from coding.actions.transitions import of
from coding.models import Encounter
from coding.views.access import allowed, user_of
from coding.views.acting_once import redirect_once, redirect_unless_refused
from coding.views.form_pages import form_page
from coding.views.pages import page_of
from reviews.actions import queries as actions
from reviews.coding_form.asked import asked_facts
from reviews.forms.provider import SendLinkForm
from reviews.forms.rulings import ProviderAnswerForm, ReasonForm
from reviews.lists.queues import QueryFilter
from reviews.models import ProviderQuery, QueryLink, QueryState
from reviews.transitions import QUERY
from reviews.views.reason_pages import reason_page

MAY_ANSWER = of(QUERY, "answer").permission
CLOSE = of(QUERY, "close")


@allowed("reviews.view_every_reviewcase")
def queries(request: HttpRequest) -> HttpResponse:
    """The queries that are open, or others, oldest first."""
    rows = ProviderQuery.objects.select_related("service__encounter", "asked_by")
    oldest_first = rows.order_by("asked_at", "pk")
    chosen = QueryFilter(request.GET, queryset=oldest_first, request=request)
    context = {
        "filter": chosen,
        "page": page_of(request, chosen.qs),
        "expiry_days": settings.QUERY_EXPIRY_DAYS,
    }
    return render(request, "reviews/queries.html", context)


@allowed("coding.view_encounter", send=MAY_ANSWER)
def query(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The question with its facts, and the form for what came back."""
    query = query_of(request, public_id)
    if request.method == "POST":
        return _answer(request, query)
    encounters.view(user_of(request), query.service.encounter)
    initial = {"provider": query.service.encounter.provider}
    return _page(request, query, ProviderAnswerForm(initial=initial))


def _answer(request: HttpRequest, query: ProviderQuery) -> HttpResponse:
    actor = user_of(request)
    form = ProviderAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, query, form)
    data = form.cleaned_data

    def act() -> str:
        actions.answer(actor, query, data["answer"], data["provider"], data["answered_on"])
        messages.success(
            request, "The answer is taken down. What it concerns is to be coded again."
        )
        return query.service.encounter.get_absolute_url()

    return redirect_unless_refused(actor, form, act) or _page(request, query, form)


@allowed(CLOSE.permission, send=CLOSE.permission)
def close(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Close a query without an answer, with a reason."""
    query = query_of(request, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor, reason = user_of(request), form.cleaned_data["reason"]

        def act() -> str:
            actions.close(actor, query, reason)
            messages.success(
                request, "The query is closed. The service is to be coded on what the note says."
            )
            return query.service.encounter.get_absolute_url()

        return redirect_once(actor, form, act)
    return reason_page(
        request,
        query.service.encounter,
        form,
        title="Close the query without an answer",
        verb="Close it",
    )


def query_of(request: HttpRequest, public_id: uuid.UUID) -> ProviderQuery:
    """The query of an address with its relations, if the person may see its encounter."""
    encounters_seen = Encounter.objects.for_user(user_of(request))
    queries = ProviderQuery.objects.filter(service__encounter__in=encounters_seen).select_related(
        "service__encounter",
        "service__rule_set",
        "service__version__document",
        "service__version__lexicon",
        "asked_by",
        "closed_by",
        "ruling__case",
    )
    return get_object_or_404(queries, public_id=public_id)


def _page(request: HttpRequest, query: ProviderQuery, form: ProviderAnswerForm) -> HttpResponse:
    encounter = query.service.encounter
    may_answer = query.state == QueryState.OPEN and request.user.has_perm(MAY_ANSWER)
    context = {
        "query": query,
        "encounter": encounter,
        "form": form if may_answer else None,
        "link_form": SendLinkForm(),
        "link": QueryLink.objects.filter(query=query).first(),
        "questions": [fact.question for fact in asked_facts(query)],
        "diagnoses": encounter.diagnoses.all(),
        "service_lines": encounter.service_lines.standing(),
        "revisions": encounter.revisions.all(),
    }
    return form_page(request, "reviews/query.html", context, refused=form.is_bound)
