"""A cluster: the review cases of a run that are alike, read and ruled on together."""

import uuid

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from coding.actions.once import once
from coding.views.access import allowed, user_of
from coding.views.pages import page_of
from reviews import queues
from reviews.actions import clusters as actions
from reviews.forms.rulings import RulingForm
from reviews.models import CaseCluster
from reviews.transitions import CaseState


@allowed("reviews.view_every_reviewcase")
def cluster(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The cases of a cluster with what changed, and one ruling for all that are open."""
    return _render(request, _cluster(public_id), RulingForm(initial={"idempotency_key": uuid.uuid4()}))


@require_POST
@allowed("reviews.rule_on_reviewcase")
def rule(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Rule on all open cases of the cluster."""
    found, form = _cluster(public_id), RulingForm(request.POST)
    if not form.is_valid():
        return _render(request, found, form)
    actor, finding = user_of(request), form.finding()

    def act() -> str:
        ruled = actions.rule(actor, found, finding)
        messages.success(request, f"Cases ruled on: {ruled.cases}. Still open: {ruled.left}.")
        return found.get_absolute_url()

    return redirect(once(actor, form.cleaned_data["idempotency_key"], act))


def _cluster(public_id: uuid.UUID) -> CaseCluster:
    return get_object_or_404(CaseCluster.objects.select_related("run__version__rule_set"), public_id=public_id)


def _render(request: HttpRequest, found: CaseCluster, form: RulingForm) -> HttpResponse:
    user = user_of(request)
    cases = queues.in_rows(queues.visible_to(user).filter(cluster=found)).order_by("state", "pk")
    queued = Q(state=CaseState.QUEUED)
    counts = found.cases.aggregate(queued=Count("pk", filter=queued), mine=Count("pk", filter=queued & Q(coder=user)))
    context = {
        "cluster": found,
        "form": form,
        "page": page_of(request, cases),
        "to_rule": counts["queued"] - counts["mine"] if user.has_perm("reviews.rule_on_reviewcase") else 0,
        "most": actions.MOST_CASES,
    }
    return render(request, "reviews/cluster.html", context, status=422 if form.is_bound else 200)
