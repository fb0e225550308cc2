"""What people decide about what the rules suggest."""

from reviews.models.cases import CaseCluster, CaseRoute, ReviewCase, RouteReason
from reviews.models.decisions import Choice, CodingDecision, FinalCode
from reviews.models.reevaluations import Ending, ReevaluationRun, RunAgreement, RunCell, RunChange, RunMode, RunPart
from reviews.models.replays import ReplayDifference, ReplayProof
from reviews.models.rulings import Ruling, RulingKind
from reviews.models.shadows import ShadowResult, ShadowWatch

__all__ = [
    "CaseCluster",
    "CaseRoute",
    "Choice",
    "CodingDecision",
    "Ending",
    "FinalCode",
    "ReevaluationRun",
    "ReplayDifference",
    "ReplayProof",
    "ReviewCase",
    "RouteReason",
    "Ruling",
    "RulingKind",
    "RunAgreement",
    "RunCell",
    "RunChange",
    "RunMode",
    "RunPart",
    "ShadowResult",
    "ShadowWatch",
]
