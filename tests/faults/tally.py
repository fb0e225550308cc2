"""What a run found, in a form in which two runs over the same data can be compared, and whether it accounts for all."""

from django.db.models import Sum

from coding.models import ChunkState
from coding.rules import profiles
from reviews.models import Ending, RunPart
from tests.faults.stored import numbers


def ended(run):
    """The matrix, the changed suggestions and how every suggestion ended, in the order of the plan."""
    cells = run.cells.order_by("old", "new", "ending")
    changes = run.changes.order_by("suggestion")
    parts = run.parts.order_by("number")
    return (
        list(cells.values_list("old", "new", "ending", "profiles", "services")),
        list(
            changes.values_list(
                "suggestion", "ending", "new_report", "new_code", "new_rule", "services"
            )
        ),
        [part.cells[place][:3] for part in parts for place in numbers(part.endings)],
    )


def lost(run):
    """Planned suggestions and services without an ending."""
    endings = sum(
        len(part.endings) // profiles.NUMBER_BYTES for part in RunPart.objects.filter(run=run)
    )
    totals = run.cells.aggregate(
        profiles=Sum("profiles", default=0), services=Sum("services", default=0)
    )
    return max(
        run.profiles - endings, run.profiles - totals["profiles"], run.services - totals["services"]
    )


def doubled(run):
    """Chunks that were written more than once, and suggestions or services that are counted twice."""
    numbers = list(run.parts.values_list("number", flat=True))
    return len(numbers) - len(set(numbers)) + max(0, -lost(run))


def wasted(run):
    """Computations of chunks beyond one for each."""
    chunks = run.job.chunks
    return chunks.aggregate(attempts=Sum("attempt", default=0))["attempts"] - chunks.count()


def problems(run):
    """The suggestions that ended as errors, with what is wrong."""
    return list(
        run.changes.filter(ending=Ending.ERROR)
        .order_by("suggestion")
        .values_list("suggestion", "problem")
    )


def quarantined(run):
    """The suggestions that were given up because they ended their workers."""
    return [pk for chunk in run.job.chunks.all() for pk in chunk.quarantined]


def unfinished(run):
    """Chunks that are not done."""
    return run.job.chunks.exclude(state=ChunkState.DONE).count()
