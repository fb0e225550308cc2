"""The state table of a review case: which verb leads from which state to which. Pure data."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a review case stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    RESOLVED = "resolved"
    ACKNOWLEDGED = "acknowledged"


class CaseVerb(StrEnum):
    """What can be done with a review case."""

    CLAIM = "claim"
    RELEASE = "release"
    RULE = "rule"
    ACKNOWLEDGE = "acknowledge"


TRANSITIONS: dict[CaseVerb, tuple[CaseState, CaseState]] = {
    CaseVerb.CLAIM: (CaseState.QUEUED, CaseState.CLAIMED),
    CaseVerb.RELEASE: (CaseState.CLAIMED, CaseState.QUEUED),
    CaseVerb.RULE: (CaseState.CLAIMED, CaseState.RESOLVED),
    CaseVerb.ACKNOWLEDGE: (CaseState.RESOLVED, CaseState.ACKNOWLEDGED),
}

OPEN_STATES = (CaseState.QUEUED, CaseState.CLAIMED)
