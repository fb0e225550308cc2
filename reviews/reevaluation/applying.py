"""Apply a run: open a review case for each final code that it contradicts, some hundred at a time.

Whatever happens between, a case is opened once: what has an open case, or one from this run, is left out, and the
database refuses a second one.
"""

from itertools import islice

from django.utils import timezone

from coding import trail
from coding.models import Encounter, EncounterStatus, FactProfile, Job, JobChunk, JobState, Suggestion, User
from coding.rules import rulebook
from coding.work import leases
from reviews.models import CaseCluster, CaseRoute, ReevaluationRun, ReviewCase, RouteReason
from reviews.reevaluation.scope import to_open

APPLY = "reevaluation_apply"
CHUNK_CASES = 200


def begin_applying(actor: User, run: ReevaluationRun) -> None:
    """Let the workers open the cases. Part of a verb's transaction; does nothing while they are at it."""
    if run.apply_job and run.apply_job.state in (JobState.RUNNING, JobState.PAUSED):
        return
    rest = iter(to_open(run).values_list("pk", flat=True))
    chunks = []
    while part := list(islice(rest, CHUNK_CASES)):
        chunks.append((len(part), part))
    run.apply_job, run.applied_by = leases.start(APPLY, actor, chunks), actor
    run.save(update_fields=["apply_job", "applied_by"])
    trail.record(actor, "run.applying", run, after={"cases to open": sum(size for size, _ in chunks)})


class Apply:
    """Opens the cases of a chunk of encounters."""

    def compute(self, chunk: JobChunk) -> dict[int, Suggestion | None]:
        """What the rules make of each profile now, with its trace, as a case shows it."""
        run = ReevaluationRun.objects.select_related("document", "version").get(apply_job=chunk.job_id)
        profiles = FactProfile.objects.filter(encounters__in=chunk.payload).distinct().order_by("pk")
        found: dict[int, Suggestion | None] = {}
        for portion in leases.portions(chunk, list(profiles), lambda profile: profile.pk):
            for profile in portion:
                found[profile.pk] = rulebook.suggest(profile, run.document)
        return found

    def write(self, chunk: JobChunk, results: dict[int, Suggestion | None]) -> None:
        """Open the cases that are still missing."""
        run = ReevaluationRun.objects.select_related("version", "applied_by").get(apply_job=chunk.job_id)
        locked = Encounter.objects.select_for_update(of=("self",)).filter(pk__in=chunk.payload).order_by("pk")
        list(locked.values_list("pk"))
        clusters: dict[tuple[str, str, str], CaseCluster] = {}
        cases = []
        waiting = to_open(run).filter(pk__in=chunk.payload).prefetch_related("decisions")
        for encounter in waiting.filter(profile__in=[key for key, made in results.items() if made]):
            key = encounter.old_report, encounter.new_report, encounter.final_report
            if key not in clusters:
                old, new, final = key
                clusters[key], _ = CaseCluster.objects.get_or_create(run=run, old=old, new=new, final=final)
            [decision] = encounter.decisions.all()
            cases.append(
                ReviewCase(
                    encounter=encounter,
                    decision=decision,
                    coder_id=decision.coder_id,
                    suggestion=results[encounter.profile_id],
                    run=run,
                    cluster=clusters[key],
                )
            )
        ReviewCase.objects.bulk_create(cases)
        CaseRoute.objects.bulk_create(CaseRoute(case=case, reason=RouteReason.RULE_CHANGE) for case in cases)
        Encounter.objects.filter(pk__in=[case.encounter_id for case in cases]).update(status=EncounterStatus.IN_REVIEW)
        after = {"reasons": [RouteReason.RULE_CHANGE.label]}
        trail.record_all(run.applied_by, [trail.Entry("case.opened", c, c.encounter, after=after) for c in cases])

    def finish(self, job: Job) -> None:
        """Note that the run is applied."""
        run = ReevaluationRun.objects.get(apply_job=job)
        run.applied_at = timezone.now()
        run.save(update_fields=["applied_at"])
        opened = run.review_cases.count()
        trail.record(None, "run.applied", run, after={"cases opened": opened})
