"""A run, looked at from outside while its workers are at it."""

from coding.models import Job, JobState
from reviews.models import RunPart
from tests import factories
from tests.faults.workers import wait_until


class Watched:
    """A launched run, looked at from outside."""

    def __init__(self, run):
        self.run = factories.fresh(run)

    def parts(self):
        """How many chunks are written."""
        return RunPart.objects.filter(run=self.run).count()

    def chunks(self, state):
        """How many chunks are in a state."""
        return self.run.job.chunks.filter(state=state).count()

    def reach(self, parts):
        """Wait until so many chunks are written."""
        wait_until(lambda: self.parts() >= parts or self.has_ended())

    def next_part(self):
        """Seconds until another chunk is written, or the run has ended."""
        known = []

        def more():
            known.append(self.parts())
            return known[-1] > known[0] or self.has_ended()

        return wait_until(more)

    def has_ended(self):
        """Whether nothing more will happen by itself."""
        state = Job.objects.values_list("state", flat=True).get(pk=self.run.job_id)
        return state not in (JobState.RUNNING, JobState.PLANNED)

    def end(self):
        """Seconds until the run has ended."""
        seconds = wait_until(self.has_ended, seconds=1200)
        self.run = factories.fresh(self.run)
        return seconds

    def ended_after(self, moment):
        """Seconds from a moment to the end of the run."""
        self.end()
        return max(0.0, self.run.job.finished_at.timestamp() - moment)
