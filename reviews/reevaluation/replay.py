"""Prove that what is stored can be decided again: every suggestion under its own document, with its trace."""

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


def chunks() -> list[tuple[int, Range]]:
    """Ranges of suggestions' ids; their sizes are counted."""
    ends = Suggestion.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return []
    ranges = [
        Range(start, min(start + CHUNK_SUGGESTIONS - 1, ends["last"]))
        for start in range(ends["first"], ends["last"] + 1, CHUNK_SUGGESTIONS)
    ]
    sizes = [Suggestion.objects.filter(pk__range=bounds).count() for bounds in ranges]
    return [(size, bounds) for size, bounds in zip(sizes, ranges, strict=True) if size]


class Replay:
    """Decides the suggestions of a range again."""

    def compute(self, chunk: JobChunk) -> list[tuple[Suggestion, str]]:
        """The suggestions that do not give what is stored, each with what is wrong."""
        in_range = Suggestion.objects.filter(pk__range=Range(*chunk.payload))
        suggestions = list(in_range.select_related("profile", "document").order_by("pk"))
        wrong = []
        for portion in leases.portions(chunk, suggestions, lambda suggestion: suggestion.pk):
            wrong += [
                (suggestion, problem) for suggestion in portion if (problem := _problem(suggestion))
            ]
        killers = [suggestion for suggestion in suggestions if suggestion.pk in chunk.quarantined]
        return [
            *wrong,
            *((suggestion, "Deciding it ended the worker's process.") for suggestion in killers),
        ]

    def write(self, chunk: JobChunk, results: list[tuple[Suggestion, str]]) -> None:
        """Store the differences."""
        proof = ReplayProof.objects.get(job=chunk.job_id)
        ReplayDifference.objects.bulk_create(
            ReplayDifference(proof=proof, suggestion=suggestion, problem=problem)
            for suggestion, problem in results
        )

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
    try:
        return (
            ""
            if suggesting.replays(suggestion)
            else "Deciding again gives something else than what is stored."
        )
    except (DecisionError, FactError) as error:
        return str(error)[:300]
