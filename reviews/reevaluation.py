"""Re-evaluation: what a version makes of past decisions, profile by profile, and what flips."""

from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from coding import jobs, rulebook, trail
from coding.decision import DecisionError, FactError
from coding.models import FactProfile, Job, JobChunk, Suggestion
from reviews.models import CodingDecision, ReevaluationResult, ReevaluationRun, ResultState

KIND = "reevaluation"
CHUNK_PROFILES = 200

trail.register({"run.finished": "Re-evaluation run finished"})


def in_scope(run: ReevaluationRun) -> QuerySet[CodingDecision]:
    """The decisions that a run looks at: those of its filter that existed when it began."""
    wanted = Q(version__rule_set=run.version.rule_set_id, pk__lte=run.last_decision)
    if run.served_from:
        wanted &= Q(encounter__date_of_service__gte=run.served_from)
    if run.served_until:
        wanted &= Q(encounter__date_of_service__lte=run.served_until)
    if run.payer:
        wanted &= Q(encounter__payer=run.payer)
    if run.coder_id:
        wanted &= Q(coder=run.coder_id)
    return CodingDecision.objects.filter(wanted)


def flips(run: ReevaluationRun) -> QuerySet[CodingDecision, Any]:
    """The decisions in scope whose outcome changes, with ``new_report``, ``new_rule`` and ``new_suggestion``."""
    return (
        in_scope(run)
        .annotate(
            result=FilteredRelation(
                "suggestion__profile__reevaluation_results",
                condition=Q(suggestion__profile__reevaluation_results__run=run.pk),
            )
        )
        .filter(result__state=ResultState.WRITTEN)
        .annotate(
            new_report=F("result__suggestion__reported"),
            new_rule=F("result__suggestion__rule_id"),
            new_suggestion=F("result__suggestion"),
        )
        .exclude(suggestion__reported=F("new_report"))
        .order_by("pk")
    )


def matrix(run: ReevaluationRun) -> QuerySet[CodingDecision, Any]:
    """How many encounters go from which old to which new outcome, most first."""
    return (
        flips(run)
        .order_by()
        .values(old=F("suggestion__reported"), new=F("new_report"))
        .annotate(encounters=Count("pk"))
        .order_by("-encounters", "old", "new")
    )


def contradictions(run: ReevaluationRun) -> QuerySet[CodingDecision, Any]:
    """The flips whose encounter has a final code that the new outcome contradicts, with ``final_report``."""
    return (
        flips(run)
        .annotate(
            final=FilteredRelation("encounter__final_codes", condition=Q(encounter__final_codes__superseded=False))
        )
        .filter(final__isnull=False)
        .annotate(final_report=F("final__reported"))
        .exclude(final_report=F("new_report"))
    )


class Reevaluation:
    """Decides the profiles of a chunk under the run's pinned document."""

    def compute(self, chunk: JobChunk) -> list[ReevaluationResult]:
        """A result for each profile, its suggestion not stored yet."""
        run = ReevaluationRun.objects.select_related("document").get(job=chunk.job_id)
        profiles = FactProfile.objects.filter(pk__in=chunk.payload).order_by("pk")
        return [self._result(run, profile) for profile in profiles]

    def _result(self, run: ReevaluationRun, profile: FactProfile) -> ReevaluationResult:
        result = ReevaluationResult(run=run, profile=profile, state=ResultState.SKIPPED)
        try:
            decision = rulebook.decide_profile(profile, run.document)
        except FactError as error:
            result.problem = str(error)
        except DecisionError as error:
            result.state, result.problem = ResultState.ERROR, str(error)
        else:
            if decision.outcome is None:
                result.problem = f"Not answered: {', '.join(decision.open_facts)}"
            else:
                result.state = ResultState.WRITTEN
                result.suggestion = rulebook.unsaved_suggestion(profile, run.document, decision)
        return result

    def write(self, chunk: JobChunk, results: list[ReevaluationResult]) -> None:
        """Store the suggestions that are new, and the results."""
        decided = [result for result in results if result.suggestion]
        Suggestion.objects.bulk_create([r.suggestion for r in decided if r.suggestion], ignore_conflicts=True)
        if decided:
            stored = Suggestion.objects.filter(
                document=decided[0].run.document, profile__in=[result.profile for result in decided]
            )
            by_profile = {suggestion.profile_id: suggestion for suggestion in stored}
            for result in decided:
                result.suggestion = by_profile[result.profile_id]
        ReevaluationResult.objects.bulk_create(results)

    def finish(self, job: Job) -> None:
        """Close the run if, and only if, every profile has its result."""
        run = ReevaluationRun.objects.get(job=job)
        counts = {row["state"]: row["n"] for row in run.results.order_by().values("state").annotate(n=Count("pk"))}
        if sum(counts.values()) != run.profiles:
            raise RuntimeError(f"Run {run.public_id} has {sum(counts.values())} results for {run.profiles} profiles.")
        trail.record(None, "run.finished", run, after={"profiles": run.profiles, **counts})


jobs.handlers[KIND] = Reevaluation()
