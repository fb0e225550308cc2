"""What the note says of a service's open questions: all of it at once, for the coder to confirm by reading."""

from dataclasses import dataclass

from coding.decision import FactDefinition
from coding.models import Service, User
from reviews.coding_form.guided import GuidedForm, ProposedAnswer, guided_form, version_of


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """The proposals of a guided form that a coder may confirm together, and the questions on which the note is silent.

    A note of another rule set, or one of several treatments, proposes nothing here: what it says of one treatment
    may be true of the other.
    """

    guided: GuidedForm

    @property
    def proposals(self) -> list[ProposedAnswer]:
        """The undisputed ones first, each kind in the table's order."""
        if self.guided.suggestion or self.guided.treatments or self.guided.reading.is_of_another:
            return []
        # A sort keeps the order of what is alike.
        return sorted(self.guided.proposals, key=is_undisputed, reverse=True)

    @property
    def undisputed(self) -> list[ProposedAnswer]:
        """Those that a narrative says and nothing contradicts."""
        return [proposal for proposal in self.proposals if is_undisputed(proposal)]

    @property
    def silent(self) -> list[FactDefinition]:
        """The open questions of which the note says nothing."""
        proposed = {proposal.definition.key for proposal in self.proposals}
        return [
            definition for definition in self.guided.questions if definition.key not in proposed
        ]


def is_undisputed(proposal: ProposedAnswer) -> bool:
    """Whether one key may confirm it together with others."""
    return proposal.firm and not proposal.conflicting


def to_confirm(service: Service, reader: User) -> ToConfirm | None:
    """What there is to confirm by reading; None where nothing is, or where another coder has the service."""
    if service.rule_set is None or service.assigned_to not in (None, reader):
        return None
    reading = ToConfirm(guided_form(service, version_of(service)))
    return reading if reading.undisputed else None
