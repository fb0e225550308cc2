"""Verbs on re-evaluation runs: start, cancel, apply."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from coding import jobs, trail
from coding.errors import Conflict
from coding.models import Encounter, EncounterStatus, JobState, RuleSetVersion, Suggestion, User, VersionState
from coding.permissions import require
from coding.tasks import hint_after_commit
from reviews.actions.decisions import open_case
from reviews.models import CodingDecision, ReevaluationRun, RouteReason
from reviews.reevaluation import CHUNK_PROFILES, KIND, contradictions, in_scope
from reviews.transitions import OPEN_STATES

trail.register({"run.started": "Re-evaluation run started", "run.applied": "Re-evaluation run applied"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Which decisions a run looks at; None and empty mean all."""

    served_from: date | None = None
    served_until: date | None = None
    payer: str = ""
    coder: User | None = None


def start(actor: User, version: RuleSetVersion, scope: Scope) -> ReevaluationRun:
    """Plan a dry run over the profiles of the decisions in scope, and let the workers look."""
    require(actor, "reviews.add_reevaluationrun", "start re-evaluation runs")
    if version.document is None:
        raise Conflict(f"{version} has errors. Mend it before you re-evaluate with it.")
    with transaction.atomic():
        run = ReevaluationRun(
            version=version,
            document=version.document,
            served_from=scope.served_from,
            served_until=scope.served_until,
            payer=scope.payer,
            coder=scope.coder,
            last_decision=CodingDecision.objects.aggregate(last=Max("pk"))["last"] or 0,
            created_by=actor,
        )
        decisions = in_scope(run)
        profiles = list(
            decisions.order_by("suggestion__profile").values_list("suggestion__profile", flat=True).distinct()
        )
        run.encounters, run.profiles = decisions.count(), len(profiles)
        run.job = jobs.start(KIND, actor, [(len(chunk), chunk) for chunk in in_chunks(profiles)])
        run.save()
        trail.record(
            actor,
            "run.started",
            run,
            after={"version": str(version), "encounters": run.encounters, "profiles": run.profiles},
        )
        hint_after_commit()
    return run


def in_chunks(profiles: list[int]) -> Iterator[list[int]]:
    """The profiles in lists of a chunk's size."""
    rest = iter(profiles)
    while chunk := list(islice(rest, CHUNK_PROFILES)):
        yield chunk


def cancel(actor: User, run: ReevaluationRun) -> None:
    """Stop a run; nothing more is written."""
    require(actor, "reviews.add_reevaluationrun", "cancel re-evaluation runs")
    if not jobs.cancel(actor, run.job):
        raise Conflict("The run has ended already. Reload the page to see its result.")


def apply(actor: User, run: ReevaluationRun) -> int:
    """Open a review case for each final code that the run contradicts; the number opened. Rewrites no final code.

    Applied again it opens only what is missing: an encounter with an open case gets no second one.
    """
    require(actor, "reviews.apply_reevaluationrun", "apply re-evaluation runs")
    with transaction.atomic():
        locked = ReevaluationRun.objects.select_for_update(of=("self",)).select_related("version", "job").get(pk=run.pk)
        if locked.job.state != JobState.DONE:
            raise Conflict("The run is not done. Apply it when it has ended.")
        if locked.version.state != VersionState.PUBLISHED or locked.version.document_id != locked.document_id:
            raise Conflict("Only a run of a published version is applied. Publish the version and run it again.")
        opened = _open_cases(actor, locked)
        ReevaluationRun.objects.filter(pk=locked.pk).update(applied_by=actor, applied_at=timezone.now())
        trail.record(actor, "run.applied", locked, after={"cases opened": opened})
    return opened


def _open_cases(actor: User, run: ReevaluationRun) -> int:
    waiting = (
        contradictions(run)
        .exclude(encounter__review_cases__state__in=OPEN_STATES)
        .exclude(encounter__review_cases__run=run)
    )
    new_suggestions = dict(waiting.values_list("pk", F("result__suggestion")))
    suggestions = Suggestion.objects.in_bulk(new_suggestions.values())
    for decision in CodingDecision.objects.filter(pk__in=new_suggestions).select_related("encounter", "coder"):
        open_case(actor, decision, [RouteReason.RULE_CHANGE], suggestions[new_suggestions[decision.pk]], run)
    Encounter.objects.filter(decisions__in=new_suggestions).update(status=EncounterStatus.IN_REVIEW)
    return len(new_suggestions)
