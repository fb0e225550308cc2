"""The dry run of exactly this content: what a version would make of every stored service of its rule set."""

from coding.models import AuditEvent, JobState, RuleSetVersion, Service, User
from reviews.models import ReevaluationRun

# A run with none of these looked at everything.
UNFILTERED = {
    "served_from": None,
    "served_until": None,
    "payer": "",
    "coder": None,
    "code": "",
    "state": "",
}


def runs_of(version: RuleSetVersion) -> list[ReevaluationRun]:
    """The runs over all services with the content of a version, for those whom it is for; the newest first."""
    same_layer = {"version__for_payer": version.for_payer, "version__for_place": version.for_place}
    runs = ReevaluationRun.objects.filter(
        document=version.document_id, version__rule_set=version.rule_set_id
    )
    runs = runs.filter(**UNFILTERED, **same_layer).exclude(plan_job__state=JobState.CANCELLED)
    return list(runs.select_related("job", "plan_job").order_by("-pk")[:20])


def finished_run_of(version: RuleSetVersion) -> ReevaluationRun | None:
    """The newest of them that ended."""
    return next(filter(_has_ended, runs_of(version)), None)


def run_under_way(version: RuleSetVersion) -> ReevaluationRun | None:
    """The newest of them that has not ended, if it is newer than all that have."""
    runs = runs_of(version)
    if not runs or _has_ended(runs[0]):
        return None
    return runs[0]


def _has_ended(run: ReevaluationRun) -> bool:
    return run.job is not None and run.job.state == JobState.DONE


def was_opened_by(person: User, version: RuleSetVersion) -> bool:
    """Whether a person opened one of them when it had ended."""
    return any(is_seen(person, run) for run in runs_of(version) if _has_ended(run))


def is_seen(person: User, run: ReevaluationRun) -> bool:
    """Whether a person opened what a run found (``reviews.actions.runs.view``)."""
    of_run = AuditEvent.objects.filter(
        subject_type=run._meta.label_lower, subject_id=str(run.public_id)
    )
    return of_run.filter(event="run.viewed", actor=person).exists()


def needs_dry_run(version: RuleSetVersion) -> bool:
    """Whether any service is stored that the content could decide otherwise."""
    stored = Service.objects.standing().filter(
        rule_set=version.rule_set_id, suggestion__isnull=False
    )
    return stored.exists()
