"""Services that may be there: what lines, diagnoses and the note of an encounter speak for, and nobody has opened.

Reading them writes nothing. A person confirms each, or dismisses it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from coding.decision import Opening, codes_of, content_hash
from coding.evidence import Sentence, opening_statements, sentences
from coding.models import (
    Encounter,
    RuleSet,
    RuleSetVersion,
    Service,
    ServiceLine,
    ServiceOrigin,
    ServiceState,
)
from coding.rules.layers import Visit, all_in_force
from coding.rules.note_reading import NoteReading

# Of a note that says the same many times the first few passages are reason enough.
MOST_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for a service: a submitted line, a diagnosis code, or a passage of the note."""

    kind: Literal["line", "diagnosis", "note"]
    text: str

    def to_data(self) -> dict[str, str]:
        """As a dismissal keeps it."""
        return {"kind": self.kind, "text": self.text}


@dataclass(frozen=True, slots=True)
class ProposedService:
    """A service of a rule set that may be there. ``lines`` are submitted ones that no rule set codes so far."""

    rule_set: RuleSet
    reasons: tuple[Reason, ...]
    lines: tuple[ServiceLine, ...] = ()

    def data(self) -> list[dict[str, Any]]:
        """The reasons as data."""
        return [reason.to_data() for reason in self.reasons]

    @property
    def digest(self) -> str:
        """Equal if and only if the same speaks for it."""
        return content_hash([self.rule_set.key, self.data()])


def proposed_services(encounter: Encounter, services: Sequence[Service]) -> list[ProposedService]:
    """What speaks for rule sets of which none of the encounter's services is; ``services`` are all of them.

    Three queries at most. The note is split once, and read for each rule set that has a gate.
    """
    standing = [service for service in services if service.state != ServiceState.WITHDRAWN]
    present = {service.rule_set_id for service in standing}
    versions = all_in_force(Visit.of(encounter))
    absent = [version for version in versions if version.rule_set_id not in present]
    if not absent:
        return []
    diagnoses = [diagnosis.code for diagnosis in encounter.diagnoses.all()]
    unclaimed = _unclaimed(services)
    split = tuple(sentences(encounter.note))
    proposals = [_proposed(version, encounter, split, diagnoses, unclaimed) for version in absent]
    return [proposal for proposal in proposals if proposal.reasons]


def _unclaimed(services: Iterable[Service]) -> list[ServiceLine]:
    """The lines that no rule set codes yet; not those that a coder moved out of all of them."""
    uncoded = []
    for service in services:
        is_to_code = service.rule_set_id is None and service.state == ServiceState.TO_CODE
        if is_to_code and service.origin != ServiceOrigin.MOVED:
            uncoded.append(service.pk)
    if not uncoded:
        return []
    return list(ServiceLine.objects.standing().filter(service__in=uncoded))


def _proposed(
    version: RuleSetVersion,
    encounter: Encounter,
    split: Sequence[Sentence],
    diagnoses: Sequence[str],
    unclaimed: Sequence[ServiceLine],
) -> ProposedService:
    opening = Opening.from_document(version.opening)
    claimed = codes_of(opening.claims).union(version.family.split())
    lines = tuple(line for line in unclaimed if line.code in claimed)

    reasons = [Reason("line", str(line)) for line in lines]
    for code in opening.diagnoses_among(diagnoses):
        reasons.append(Reason("diagnosis", code))
    for passage in _passages(version, encounter.note, split):
        reasons.append(Reason("note", passage))
    return ProposedService(version.rule_set, tuple(reasons), lines)


def _passages(version: RuleSetVersion, note: str, split: Sequence[Sentence]) -> list[str]:
    """The passages that open a service of the rule set; a note that is of something else has none."""
    reading = NoteReading.of(version, note, split)
    if reading.lexicon is None or reading.is_of_another:
        return []
    opening = reading.passages(opening_statements(reading.lexicon, reading.statements))
    texts = list(dict.fromkeys(passage.text for passage in opening))
    return texts[:MOST_PASSAGES]
