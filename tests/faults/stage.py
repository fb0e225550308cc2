"""Where the fault runs play: servers that can be killed, workers, the same data, and an undisturbed run of it."""

import signal
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from coding.models import JobState
from reviews.actions import runs
from tests import factories
from tests.faults import tally
from tests.faults.stored import store
from tests.faults.watched import Watched
from tests.faults.workers import Worker, wait_until

SUGGESTIONS = 6000
LEASE, SWEEP = 6, 1
SLOW, POISONED = "tests.faults.slow", "tests.faults.poisoned"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    goal: str
    test: str
    figure: str
    bound: str
    met: bool | None


class Stage:
    """The data, the two servers, and the workers that are now on."""

    def __init__(self, postgres, redis):
        self.postgres, self.redis = postgres, redis
        self.people = factories.People()
        self.supervisor = self.people["supervisor"]
        self.published = factories.published_hip(self.people)
        store(self.published, SUGGESTIONS)
        self.version = factories.draft_without_harness(self.people, self.published)
        self.on = []
        with self.play():
            self.worker()
            watched = self.launch()
            self.undisturbed_seconds = watched.end()
        self.undisturbed = watched.run

    def worker(self, app=SLOW, processes=2, **environment):
        """Start a worker."""
        own = {"JOB_LEASE_SECONDS": str(LEASE), "JOB_SWEEP_SECONDS": str(SWEEP), **environment}
        self.on.append(Worker(app, own, processes))
        return self.on[-1]

    @contextmanager
    def play(self):
        """End the scenario's workers with it."""
        try:
            yield
        finally:
            for worker in self.on:
                with suppress(ProcessLookupError):
                    worker.send(signal.SIGCONT)
                worker.kill()
            self.on.clear()

    def plan(self, version=None):
        """A run that a worker has planned."""
        run = runs.plan(self.supervisor, version or self.version, runs.Scope())
        wait_until(lambda: factories.fresh(run).job is not None)
        return factories.fresh(run)

    def launch(self, version=None):
        """A run that the workers begin with."""
        run = self.plan(version)
        runs.launch(self.supervisor, run)
        return Watched(run)

    def integrity(self, goal, test, watched):
        """The line that every scenario has: what was lost, doubled, or found otherwise than without the fault."""
        run = watched.run
        lost, doubled = tally.lost(run), tally.doubled(run)
        equal = tally.ended(run) == tally.ended(self.undisturbed)
        figure = f"lost {lost}, double {doubled}, {'same result' if equal else 'OTHER RESULT'}"
        figure += f"; {tally.wasted(run)} chunks computed again"
        done = run.job.state == JobState.DONE
        if not done:
            errors = run.job.chunks.exclude(error="").values_list("error", flat=True)
            figure += f"; the run is {run.job.state}: {', '.join(sorted(set(errors)))}"
        return Row(goal, test, figure, "0, 0, same", done and equal and not lost and not doubled)


def timed(goal, test, seconds, most, fault="recovery"):
    """A line with a time."""
    return Row(goal, test, f"{fault} {seconds:.1f} s", f"<= {most:.1f} s", seconds <= most)
