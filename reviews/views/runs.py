"""Re-evaluation runs: start one, watch it, see what flips, cancel or apply it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from coding import jobs
from coding.idempotency import once
from coding.models import JobState, VersionState
from coding.views.access import HtmxRequest, allowed, user_of
from coding.views.pages import page_of
from reviews.actions import runs as actions
from reviews.forms.runs import RunForm
from reviews.models import ReevaluationRun, ResultState
from reviews.reevaluation import contradictions, flips, matrix


@allowed("reviews.view_reevaluationrun")
def runs(request: HttpRequest) -> HttpResponse:
    """The runs, newest first."""
    found = ReevaluationRun.objects.select_related("version__rule_set", "job", "created_by")
    return render(request, "reviews/runs.html", {"page": page_of(request, found)})


@allowed("reviews.add_reevaluationrun")
def new_run(request: HttpRequest) -> HttpResponse:
    """Choose a version and a filter, and start a dry run."""
    form = RunForm(request.POST or None, initial={"idempotency_key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        actor, version, scope = user_of(request), form.cleaned_data["version"], form.scope()
        key = form.cleaned_data["idempotency_key"]
        return redirect(once(actor, key, lambda: actions.start(actor, version, scope).get_absolute_url()))
    return render(request, "reviews/run_form.html", {"form": form}, status=422 if form.is_bound else 200)


@allowed("reviews.view_reevaluationrun")
def run(request: HtmxRequest, public_id: uuid.UUID) -> HttpResponse:
    """A run's progress and what it found; the part alone for htmx, which asks until the run has ended."""
    found = _run(public_id)
    user = user_of(request)
    progress = jobs.progress(found.job)
    done = progress.job.state == JobState.DONE
    context = {
        "run": found,
        "progress": progress,
        "running": progress.job.state == JobState.RUNNING,
        "done": done,
        "matrix": matrix(found) if done else [],
        "results": [(ResultState(s).label, found.results.filter(state=s).count()) for s in ResultState.values],
        "contradictions": contradictions(found).count() if done else 0,
        "applicable": found.version.state == VersionState.PUBLISHED and found.version.document_id == found.document_id,
        "sees_encounters": user.has_perm("coding.view_encounter"),
        "page": page_of(request, flips(found).select_related("encounter", "coder", "suggestion")) if done else None,
    }
    response = render(request, "reviews/_run.html" if request.htmx else "reviews/run.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@allowed("reviews.add_reevaluationrun")
def cancel(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Stop a run."""
    found = _run(public_id)
    actions.cancel(user_of(request), found)
    messages.success(request, "The run is cancelled. Nothing more is written.")
    return redirect(found)


@require_POST
@allowed("reviews.apply_reevaluationrun")
def apply(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open review cases for what the run contradicts."""
    found = _run(public_id)
    opened = actions.apply(user_of(request), found)
    messages.success(request, f"Review cases opened: {opened}. No final code was changed.")
    return redirect(found)


def _run(public_id: uuid.UUID) -> ReevaluationRun:
    runs = ReevaluationRun.objects.select_related("version__rule_set", "job", "created_by", "coder", "applied_by")
    return get_object_or_404(runs, public_id=public_id)
