"""Re-evaluation runs: plan one, launch it, watch it, steer it, see what it found, apply it."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from coding.models import Job, JobState, User
from coding.signing.shown import latest_signatures
from coding.views.access import HtmxRequest, View, allowed, posted_from, user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import form_page, page_or_part
from coding.views.pages import page_of
from coding.work.progress import progress
from reviews.actions import runs as actions
from reviews.forms.runs import RunForm
from reviews.models import ReevaluationRun, RunMode
from reviews.reevaluation.report import Report, estimated_seconds


@allowed("reviews.view_reevaluationrun")
def runs(request: HttpRequest) -> HttpResponse:
    """The runs, newest first."""
    runs = ReevaluationRun.objects.select_related(
        "version__rule_set", "plan_job", "job", "created_by"
    )
    return render(request, "reviews/runs.html", {"page": page_of(request, runs)})


@allowed("reviews.add_reevaluationrun", send="reviews.add_reevaluationrun")
def new_run(request: HttpRequest) -> HttpResponse:
    """Choose a version and a filter, and have the run planned."""
    actor = user_of(request)
    form = RunForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        version, mode = form.cleaned_data["version"], form.cleaned_data["mode"]
        scope = form.scope()

        def act() -> str:
            return actions.plan(actor, version, scope, mode).get_absolute_url()

        return redirect_once(actor, form, act)
    return form_page(request, "reviews/run_form.html", {"form": form}, refused=form.is_bound)


@allowed("reviews.view_reevaluationrun")
def run(request: HtmxRequest, public_id: uuid.UUID) -> HttpResponse:
    """A run's progress and what it found; the part alone for htmx, which asks until the run has ended."""
    run = _run(public_id)
    now = progress(run.current_job)
    applying = progress(run.apply_job) if run.apply_job else None
    state = now.job.state
    is_running = state == JobState.RUNNING
    is_applied_now = applying is not None and applying.job.state == JobState.RUNNING
    context: dict[str, object] = {
        "run": run,
        "progress": now,
        "applying": applying,
        "working": is_running or is_applied_now or _goes_on(run, now.job),
        "planned": run.job is not None,
        "state": state,
        "estimate": estimated_seconds(run) if state == JobState.PLANNED else None,
        "signatures": latest_signatures(run),
        "report": None,
    }
    if run.job is not None and state == JobState.DONE:
        context["report"] = Report(run)
        actions.view(user_of(request), run)
    return page_or_part(request, "reviews/run.html", "reviews/_run.html", context)


def _goes_on(run: ReevaluationRun, job: Job) -> bool:
    """Whether the job ended after the run was read: then there is a next one that the run as it was read lacks."""
    lacks_next = run.job is None or (run.mode == RunMode.APPLY and run.apply_job is None)
    return job.state == JobState.DONE and lacks_next


def steering(verb: Callable[[User, ReevaluationRun], None], confirmation: str) -> View:
    """A view that carries out a verb on a run and says what was done."""

    @posted_from("run")
    @allowed("reviews.add_reevaluationrun")
    def view(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        run = _run(public_id)
        verb(user_of(request), run)
        messages.success(request, confirmation)
        return redirect(run)

    return view


launch = steering(actions.launch, "The run begins.")
pause = steering(actions.pause, "The run is paused. Nothing is written until it is resumed.")
resume = steering(actions.resume, "The run goes on.")
cancel = steering(actions.cancel, "The run is cancelled. Nothing more is written.")


@posted_from("run")
@allowed("reviews.apply_reevaluationrun")
def apply(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Open review cases for what the run contradicts."""
    run = _run(public_id)
    actions.apply(user_of(request), run)
    messages.success(request, "The review cases are being opened. No final code is changed.")
    return redirect(run)


def _run(public_id: uuid.UUID) -> ReevaluationRun:
    runs = ReevaluationRun.objects.select_related(
        "version__rule_set", "plan_job", "job", "apply_job", "created_by", "coder", "applied_by"
    )
    return get_object_or_404(runs, public_id=public_id)
