"""Verbs on re-evaluation runs: plan, launch, pause, resume, cancel, apply, export."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from coding import trail
from coding.actions import jobs as job_actions
from coding.actions.errors import Conflict
from coding.actions.locks import locked
from coding.actions.require import require
from coding.actions.signatures import sign
from coding.models import Job, JobState, Meaning, RuleSetVersion, User, VersionState
from coding.signing.confirmation import Confirmation
from coding.signing.content import SignedContent
from coding.work import leases
from coding.work.celery import hint_after_commit
from reviews.models import ReevaluationRun, RunMode
from reviews.publishing import dry_runs
from reviews.reevaluation.applying import begin_applying
from reviews.reevaluation.planning import PLAN, preparations


@dataclass(frozen=True, slots=True)
class Scope:
    """Which services a run looks at; None and empty mean all."""

    served_from: date | None = None
    served_until: date | None = None
    payer: str = ""
    coder: User | None = None
    code: str = ""
    state: str = ""


def plan(
    actor: User, version: RuleSetVersion, scope: Scope, mode: RunMode = RunMode.DRY_RUN
) -> ReevaluationRun:
    """Let the workers count what a run would look at. It is launched when a person has seen the counts."""
    require(actor, "reviews.add_reevaluationrun", "start re-evaluation runs")
    if mode == RunMode.APPLY:
        require(actor, "reviews.apply_reevaluationrun", "apply re-evaluation runs")
        _check_published(version)
    return open_run(actor, version, scope, mode)


def view(actor: User, run: ReevaluationRun) -> None:
    """Note, once, that a person opened what a run found: the gate of publishing asks whether they did."""
    if dry_runs.is_seen(actor, run):
        return
    with transaction.atomic():
        trail.record(actor, "run.viewed", run)


def open_run(
    actor: User, version: RuleSetVersion, scope: Scope, mode: RunMode = RunMode.DRY_RUN
) -> ReevaluationRun:
    """Open a run without asking who may: part of a verb that brings one with it, such as a version of a past day."""
    if version.document is None:
        raise Conflict(f"{version} has errors. Mend it before you re-evaluate with it.")
    with transaction.atomic():
        run = ReevaluationRun(
            version=version,
            document=version.document,
            mode=mode,
            served_from=scope.served_from,
            served_until=scope.served_until,
            payer=scope.payer,
            coder=scope.coder,
            code=scope.code,
            state=scope.state,
            created_by=actor,
        )
        run.plan_job = leases.start(PLAN, actor, preparations(run))
        run.save()
        trail.record(
            actor,
            "run.started",
            run,
            after={"version": str(version), "mode": run.get_mode_display()},
        )
        hint_after_commit()
    return run


def launch(actor: User, run: ReevaluationRun) -> None:
    """Begin with a planned run."""
    _steer(actor, run, job_actions.launch)


def pause(actor: User, run: ReevaluationRun) -> None:
    """Stop a run until it is resumed; nothing is written meanwhile."""
    _steer(actor, run, job_actions.pause)


def resume(actor: User, run: ReevaluationRun) -> None:
    """Go on with a paused run, or try again what failed."""
    _steer(actor, run, job_actions.resume)


def cancel(actor: User, run: ReevaluationRun) -> None:
    """Stop a run for good; nothing more is written."""
    _steer(actor, run, job_actions.cancel)


def _steer(actor: User, run: ReevaluationRun, verb: Callable[[User, Job], None]) -> None:
    require(actor, "reviews.add_reevaluationrun", "start and stop re-evaluation runs")
    if run.mode == RunMode.APPLY:
        require(
            actor, "reviews.apply_reevaluationrun", "start and stop runs that open review cases"
        )
    verb(actor, run.current_job)


def apply(actor: User, run: ReevaluationRun) -> None:
    """Let the workers open a review case for each final code that the run contradicts. Rewrites no final code.

    Applied again it tells only what is missing: a service with an open case gets no second one.
    """
    require(actor, "reviews.apply_reevaluationrun", "apply re-evaluation runs")
    with transaction.atomic():
        [now] = locked(ReevaluationRun.objects.filter(pk=run.pk), "version", "job", "apply_job")
        if now.job is None or now.job.state != JobState.DONE:
            raise Conflict("The run is not done. Apply it when it has ended.")
        _check_published(now.version)
        if now.version.document_id != now.document_id:
            raise Conflict("The version was edited after the run. Run it again.")
        begin_applying(actor, now)
        hint_after_commit()


def _check_published(version: RuleSetVersion) -> None:
    if version.state != VersionState.PUBLISHED:
        raise Conflict(
            "Only a run of a published version is applied. Publish the version and run it again."
        )


def export(
    actor: User,
    run: ReevaluationRun,
    content: dict[str, object],
    sha256: str,
    confirmation: Confirmation | None = None,
) -> None:
    """Note, signed, that a person takes changes of a run away: a file with this SHA-256. ``content`` tells which."""
    require(actor, "reviews.export_reevaluationrun", "export the changes of a run")
    with transaction.atomic():
        signed = sign(actor, Meaning.EXPORT, [SignedContent(run, sha256)], confirmation)
        after = content | signed.in_trail(run)
        trail.record(actor, "run.exported", run, after=after, rows=signed.rows(run))
