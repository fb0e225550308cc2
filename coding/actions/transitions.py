"""One table for each state machine: verb, from, to, event, permission. Views, verbs and tests read them. Pure data.

Here are jobs, rule set versions, rows of the registers and proposals; ``reviews.transitions`` has services, cases and
queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import TextChoices

from coding.models import JobState, ProposalState, RegisterState, VersionState

S = TypeVar("S", bound=TextChoices)


@dataclass(frozen=True, slots=True)
class Transition(Generic[S]):
    """What one verb does to a state. Where it may end in several, what the person says decides.

    ``event`` is the name in the audit trail. Without ``permission`` the verb asks for something else, which the
    table says: that it is one's own, or what the job is for.
    """

    verb: str
    start: tuple[S, ...]
    end: tuple[S, ...]
    event: str
    permission: str = ""


PLANNED, RUNNING, PAUSED = JobState.PLANNED, JobState.RUNNING, JobState.PAUSED

# Who may steer a job is said by what it is for: an upload, a run.
JOB = (
    Transition("launch", (PLANNED,), (RUNNING,), "job.launched"),
    Transition("pause", (RUNNING,), (PAUSED,), "job.paused"),
    Transition("resume", (PAUSED, JobState.FAILED), (RUNNING,), "job.resumed"),
    Transition(
        "cancel",
        (PLANNED, RUNNING, PAUSED, JobState.FAILED),
        (JobState.CANCELLED,),
        "job.cancelled",
    ),
)

DRAFT, IN_REVIEW, PUBLISHED = VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.PUBLISHED
RETIRED = VersionState.RETIRED

VERSION = (
    Transition(
        "submit", (DRAFT,), (IN_REVIEW,), "version.submitted", "coding.change_rulesetversion"
    ),
    Transition(
        "discard",
        (DRAFT,),
        (VersionState.DISCARDED,),
        "version.discarded",
        "coding.change_rulesetversion",
    ),
    Transition(
        "return", (IN_REVIEW,), (DRAFT,), "version.returned", "coding.publish_rulesetversion"
    ),
    Transition(
        "publish", (IN_REVIEW,), (PUBLISHED,), "version.published", "coding.publish_rulesetversion"
    ),
    Transition(
        "retire", (PUBLISHED,), (RETIRED,), "version.retired", "coding.publish_rulesetversion"
    ),
    Transition(
        "put in force again",
        (RETIRED,),
        (PUBLISHED,),
        "version.restored",
        "coding.publish_rulesetversion",
    ),
)


NEW, COMPLETE, MERGED = RegisterState.NEW, RegisterState.COMPLETE, RegisterState.MERGED

# Each register asks for a permission of its own: ``coding.actions.registers``.
REGISTER = (
    Transition("complete", (NEW, COMPLETE), (COMPLETE,), "register.completed"),
    Transition("merge", (NEW, COMPLETE), (MERGED,), "register.merged"),
    Transition("take apart", (MERGED,), (NEW,), "register.taken_apart"),
)


PROPOSED = ProposalState.PROPOSED

# Another administrator than the one who proposed decides; who proposed withdraws.
PROPOSAL = (
    Transition(
        "approve", (PROPOSED,), (ProposalState.APPROVED,), "proposal.approved", "coding.change_user"
    ),
    Transition(
        "refuse", (PROPOSED,), (ProposalState.REFUSED,), "proposal.refused", "coding.change_user"
    ),
    Transition(
        "withdraw",
        (PROPOSED,),
        (ProposalState.WITHDRAWN,),
        "proposal.withdrawn",
        "coding.change_user",
    ),
)


def of(table: Iterable[Transition[S]], verb: str) -> Transition[S]:
    """The row of a verb. Raises LookupError for a verb that the table does not name."""
    for transition in table:
        if transition.verb == verb:
            return transition
    raise LookupError(f"{verb} is no verb of this table.")
