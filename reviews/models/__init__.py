"""What people decide about what the rules suggest."""

from reviews.models.cases import CaseRoute, ReviewCase, RouteReason
from reviews.models.decisions import Choice, CodingDecision, FinalCode
from reviews.models.reevaluations import ReevaluationResult, ReevaluationRun, ResultState
from reviews.models.rulings import Ruling, RulingKind

__all__ = [
    "CaseRoute",
    "Choice",
    "CodingDecision",
    "FinalCode",
    "ReevaluationResult",
    "ReevaluationRun",
    "ResultState",
    "ReviewCase",
    "RouteReason",
    "Ruling",
    "RulingKind",
]
