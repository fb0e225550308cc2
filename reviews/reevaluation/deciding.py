"""Decide the profiles of a run under its pinned document, and put the parts together when all are there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from coding import trail
from coding.decision import Decision, DecisionError, FactError
from coding.models import Job, JobChunk, Suggestion
from coding.models.reported import short_of
from coding.rules import profiles
from coding.work import bulk, leases
from coding.work.payloads import Weighed
from reviews.models import Ending, ReevaluationRun, RunCell, RunChange, RunMode, RunPart
from reviews.reevaluation import summary
from reviews.reevaluation.applying import begin_applying

DECIDE = "reevaluation"
KILLED = DecisionError(
    "Deciding it ended the worker's process twice; an operator finds the cause in the log."
)

CHANGE_COLUMNS = (
    "run_id",
    "suggestion_id",
    "ending",
    "new_report",
    "new_code",
    "new_rule",
    "problem",
    "services",
)
CELL_COLUMNS = ("run_id", "old", "new", "ending", "profiles", "services")

# A suggestion of the plan: its id, what it reports, and the answers of its profile.
Stored = tuple[int, str, bytes | memoryview]
Result = Decision | DecisionError | FactError


@dataclass(frozen=True, slots=True)
class EndingKind:
    """How profiles end whose old report and whose decision are the same."""

    old: str
    ending: Ending
    report: str = ""
    code: str = ""
    rule: str = ""
    problem: str = ""

    @classmethod
    def of(cls, old: str, result: Result) -> "EndingKind":
        """What became of an old report."""
        if not isinstance(result, Decision):
            return cls(old, Ending.ERROR, problem=str(result)[:300])
        outcome = result.outcome
        if outcome is None:
            problem = f"Not answered: {', '.join(result.open_facts)}"
            return cls(old, Ending.UNANSWERED, problem=problem[:300])
        report = short_of(outcome)
        ending = Ending.SAME if report == old else Ending.OTHER
        return cls(old, ending, report, outcome.code, result.rule_id or "")


@dataclass(slots=True)
class Endings:
    """How the suggestions of a chunk of a run ended: for each the place of its kind among ``kinds``."""

    run_id: int
    kinds: dict[EndingKind, int] = field(default_factory=dict)
    place_of: dict[int, int] = field(default_factory=dict)

    def add(self, stored: Sequence[Stored], results: Sequence[Result]) -> None:
        """Take up suggestions with their results."""
        # What comes to the same is one object here: its kind is made once, and not for each of thousands.
        places: dict[tuple[str, int], int] = {}
        for (pk, old, _), result in zip(stored, results, strict=True):
            key = old, id(result)
            place = places.get(key)
            if place is None:
                kind = EndingKind.of(old, result)
                place = places[key] = self.kinds.setdefault(kind, len(self.kinds))
            self.place_of[pk] = place


class Decide:
    """Decides the profiles of a chunk's suggestions."""

    def compute(self, chunk: JobChunk) -> Endings:
        """How the suggestions of the chunk ended."""
        run = ReevaluationRun.objects.select_related("document", "version").get(job=chunk.job_id)
        payload: Weighed = chunk.payload
        stored = _stored(payload["suggestions"])
        decide = profiles.decider(run.version.rule_set_id, run.document)
        endings = Endings(run.pk)
        for portion in leases.portions(chunk, stored, itemgetter(0)):
            endings.add(portion, decide(answers for _, _, answers in portion))
        killers = [suggestion for suggestion in stored if suggestion[0] in chunk.quarantined]
        endings.add(killers, [KILLED] * len(killers))
        return endings

    def write(self, chunk: JobChunk, results: Endings) -> None:
        """Store the changes, and for every suggestion how it ended."""
        payload: Weighed = chunk.payload
        suggestions, weights = payload["suggestions"], payload["services"]
        places = [results.place_of[pk] for pk in suggestions]
        profiles_of = Counter(places)
        services_of = [0] * len(results.kinds)
        for place, weight in zip(places, weights, strict=True):
            services_of[place] += weight

        changing = {}
        for kind, place in results.kinds.items():
            if kind.ending is not Ending.SAME:
                changing[place] = (kind.ending, kind.report, kind.code, kind.rule, kind.problem)

        changes = []
        for pk, place, weight in zip(suggestions, places, weights, strict=True):
            if place in changing:
                changes.append((results.run_id, pk, *changing[place], weight))
        bulk.insert(RunChange, CHANGE_COLUMNS, changes)

        cells = [
            [kind.old, kind.report, kind.ending, profiles_of[place], services_of[place]]
            for kind, place in results.kinds.items()
        ]
        RunPart.objects.create(
            run_id=results.run_id, number=chunk.number, cells=cells, endings=profiles.pack(places)
        )

    def finish(self, job: Job) -> None:
        """Close the run if, and only if, every planned profile and service has its ending."""
        run = ReevaluationRun.objects.select_related("version", "created_by").get(job=job)
        bulk.refresh_statistics(RunChange)
        profiles_of = _store_cells(run)
        summary.store_judgements(run)
        trail.record(None, "run.finished", run, after={"profiles": run.profiles, **profiles_of})
        if run.mode == RunMode.APPLY:
            begin_applying(run.created_by, run)


def _store_cells(run: ReevaluationRun) -> Counter[str]:
    """Store the matrix; how many profiles ended in each way."""
    profiles_of = Counter[tuple[str, str, str]]()
    services_of = Counter[tuple[str, str, str]]()
    endings = 0
    for part in run.parts.all():
        endings += len(part.endings) // profiles.NUMBER_BYTES
        for old, new, ending, count, services in part.cells:
            profiles_of[old, new, ending] += count
            services_of[old, new, ending] += services

    planned = (run.profiles, run.profiles, run.services)
    if (endings, profiles_of.total(), services_of.total()) != planned:
        raise RuntimeError(
            f"Run {run.public_id} has {endings} endings for {run.profiles} profiles."
        )

    worth = summary.worth(run)
    cells = []
    by_ending = Counter[str]()
    for (old, new, ending), count in profiles_of.items():
        services = services_of[old, new, ending]
        cells.append((run.pk, old, new, ending, count, services, *worth[old, new].values()))
        by_ending[ending] += count
    bulk.insert(RunCell, (*CELL_COLUMNS, *summary.VALUES), cells)
    return by_ending


def _stored(planned: Sequence[int]) -> list[Stored]:
    """The planned suggestions, in the order of their ids."""
    # A range costs the database a tenth of a list of thousands; where most of it is not wanted, a list.
    dense = planned[-1] - planned[0] < 2 * len(planned)
    if dense:
        suggestions = Suggestion.objects.filter(pk__range=(planned[0], planned[-1]))
    else:
        suggestions = Suggestion.objects.filter(pk__in=planned)
    rows = list(suggestions.order_by("pk").values_list("pk", "reported", "profile__answers"))
    if len(rows) == len(planned):
        return rows
    ids = set(planned)
    return [row for row in rows if row[0] in ids]
