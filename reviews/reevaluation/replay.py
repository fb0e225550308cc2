"""Prove that what is stored can be decided again: every suggestion under its own document, with its trace."""

from operator import attrgetter

import structlog
from django.db.models import Max, Min

from coding import trail
from coding.decision import DecisionError, FactError
from coding.models import Job, JobChunk, Suggestion
from coding.rules import suggesting
from coding.work import leases
from coding.work.payloads import Range
from reviews.models import ReplayDifference, ReplayProof

log = structlog.get_logger(__name__)

REPLAY = "replay"
CHUNK_SUGGESTIONS = 2000
KILLED = "Deciding it ended the worker's process."
OTHERWISE = "Deciding again gives something else than what is stored."


def chunks() -> list[tuple[int, Range]]:
    """Ranges of suggestions' ids; their sizes are counted."""
    ends = Suggestion.objects.aggregate(first=Min("pk"), last=Max("pk"))
    first, last = ends["first"], ends["last"]
    if first is None:
        return []

    chunks = []
    for start in range(first, last + 1, CHUNK_SUGGESTIONS):
        bounds = Range(start, min(start + CHUNK_SUGGESTIONS - 1, last))
        size = Suggestion.objects.filter(pk__range=bounds).count()
        if size:
            chunks.append((size, bounds))
    return chunks


class Replay:
    """Decides the suggestions of a range again."""

    def compute(self, chunk: JobChunk) -> list[tuple[Suggestion, str]]:
        """The suggestions that do not give what is stored, each with what is wrong."""
        in_range = Suggestion.objects.filter(pk__range=Range(*chunk.payload))
        suggestions = list(in_range.select_related("profile", "document").order_by("pk"))
        wrong = []
        for portion in leases.portions(chunk, suggestions, attrgetter("pk")):
            for suggestion in portion:
                problem = _problem(suggestion)
                if problem:
                    wrong.append((suggestion, problem))

        # Portions leave out what ended a worker before.
        for suggestion in suggestions:
            if suggestion.pk in chunk.quarantined:
                wrong.append((suggestion, KILLED))
        return wrong

    def write(self, chunk: JobChunk, results: list[tuple[Suggestion, str]]) -> None:
        """Store the differences."""
        proof = ReplayProof.objects.get(job=chunk.job_id)
        differences = [
            ReplayDifference(proof=proof, suggestion=suggestion, problem=problem)
            for suggestion, problem in results
        ]
        ReplayDifference.objects.bulk_create(differences)

    def finish(self, job: Job) -> None:
        """Tell the trail, and raise the alarm for any difference."""
        proof = ReplayProof.objects.get(job=job)
        differences = proof.differences.count()
        trail.record(
            None,
            "replay.proved",
            proof,
            after={"suggestions": proof.suggestions, "differences": differences},
        )
        if differences:
            log.error("replay_alarm", day=str(proof.day), differences=differences)


def _problem(suggestion: Suggestion) -> str:
    """What is wrong with a stored suggestion; empty where deciding again gives the same."""
    try:
        is_same = suggesting.replays(suggestion)
    except (DecisionError, FactError) as error:
        return str(error)[:300]
    return "" if is_same else OTHERWISE
