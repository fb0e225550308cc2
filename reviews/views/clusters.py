"""A cluster: the review cases of a run that are alike, read and ruled on together."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from coding.models import Meaning
from coding.signing.asking import Signing
from coding.views.access import allowed, user_of
from coding.views.acting_once import redirect_unless_refused
from coding.views.columns import in_cells, usual_columns
from coding.views.form_pages import form_page
from coding.views.pages import page_of
from reviews.actions import rulings
from reviews.forms.rulings import RulingForm
from reviews.judging.blind import seen_cases, sight_of
from reviews.lists import queues
from reviews.lists.case_columns import queue_columns
from reviews.models import CaseCluster, RulingKind

# A query asks about one patient.
KINDS = [kind for kind in RulingKind if kind is not RulingKind.PROVIDER_QUERY]


@allowed("reviews.view_every_reviewcase", send="reviews.rule_on_reviewcase")
def cluster(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The cases of a cluster with what changed. The page takes its own form: one ruling for all that are open."""
    clusters = CaseCluster.objects.select_related("run__version__rule_set")
    cluster = get_object_or_404(clusters, public_id=public_id)
    if request.method == "POST":
        return _rule(request, cluster)
    return _page(request, cluster, _form(request))


def _form(request: HttpRequest, *data: Any) -> RulingForm:
    return RulingForm(*data, kinds=KINDS, signing=Signing(request, Meaning.RULING))


def _rule(request: HttpRequest, cluster: CaseCluster) -> HttpResponse:
    """Rule on all open cases of the cluster."""
    actor = user_of(request)
    form = _form(request, request.POST)
    if not form.is_signed():
        return _page(request, cluster, form)
    adjudication = form.adjudication()

    def act() -> str:
        ruled = rulings.rule_cluster(actor, cluster, adjudication, form.confirmation)
        messages.success(request, f"Cases ruled on: {ruled.cases}. Still open: {ruled.left}.")
        return cluster.get_absolute_url()

    return redirect_unless_refused(actor, form, act) or _page(request, cluster, form)


def _page(request: HttpRequest, cluster: CaseCluster, form: RulingForm) -> HttpResponse:
    user = user_of(request)
    sight = sight_of(user)
    of_cluster = queues.visible_to(user).filter(routes__cluster=cluster)
    cases = queues.in_rows(seen_cases(of_cluster, sight)).order_by("state", "pk")
    page = page_of(request, cases)
    columns = usual_columns(queue_columns(sight))
    to_rule = 0
    if user.has_perm("reviews.rule_on_reviewcase"):
        to_rule = rulings.to_rule(cluster, user).count()
    context = {
        "cluster": cluster,
        "form": form,
        "page": page,
        "columns": columns,
        "shown": list(in_cells(page, columns)),
        "to_rule": to_rule,
        "most": rulings.MOST_CASES,
        "is_blind": sight.is_blind,
    }
    return form_page(request, "reviews/cluster.html", context, refused=form.is_bound)
