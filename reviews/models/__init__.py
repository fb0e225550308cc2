"""What people decide about what the rules suggest."""

from reviews.models.cases import (
    BACK_WITH_CODER,
    OPEN_STATES,
    CaseCluster,
    CaseRoute,
    CaseState,
    Level,
    ReviewCase,
    RouteReason,
)
from reviews.models.checked_reports import CheckedReport
from reviews.models.claim_answers import FindingOverride, NamedService, ProposalAnswer
from reviews.models.comments import CaseComment
from reviews.models.decisions import ENDS, Choice, CodingDecision, FinalCode
from reviews.models.defects import DefectState, RuleDefect
from reviews.models.dismissals import DismissedService
from reviews.models.holds import FavouriteReason, ReasonUse, ServiceHold
from reviews.models.queries import ProviderQuery, QueryState
from reviews.models.query_links import QueryLink
from reviews.models.reevaluations import (
    Ending,
    ReevaluationRun,
    RunAgreement,
    RunCell,
    RunChange,
    RunMode,
    RunPart,
)
from reviews.models.replays import ReplayDifference, ReplayProof
from reviews.models.reports import Report, ReportExport, ReportKind
from reviews.models.retention import CountedFrom, RecordKind, RetentionRule
from reviews.models.rounds import CodingRound, RoundEnd, RoundReason
from reviews.models.routing import Absence, Priority, Recipient, RoutingRule
from reviews.models.rulings import Cause, Ruling, RulingKind, Severity
from reviews.models.sampling import SamplingRate
from reviews.models.second_codings import SecondCoding
from reviews.models.shadows import ShadowResult, ShadowWatch
from reviews.models.submissions import NamedCure, NamedReversal

__all__ = [
    "BACK_WITH_CODER",
    "ENDS",
    "OPEN_STATES",
    "Absence",
    "CaseCluster",
    "CaseComment",
    "CaseRoute",
    "CaseState",
    "Cause",
    "CheckedReport",
    "Choice",
    "CodingDecision",
    "CodingRound",
    "CountedFrom",
    "DefectState",
    "DismissedService",
    "Ending",
    "FavouriteReason",
    "FinalCode",
    "FindingOverride",
    "Level",
    "NamedCure",
    "NamedReversal",
    "NamedService",
    "Priority",
    "ProposalAnswer",
    "ProviderQuery",
    "QueryLink",
    "QueryState",
    "ReasonUse",
    "Recipient",
    "RecordKind",
    "ReevaluationRun",
    "ReplayDifference",
    "ReplayProof",
    "Report",
    "ReportExport",
    "ReportKind",
    "RetentionRule",
    "ReviewCase",
    "RoundEnd",
    "RoundReason",
    "RouteReason",
    "RoutingRule",
    "RuleDefect",
    "Ruling",
    "RulingKind",
    "RunAgreement",
    "RunCell",
    "RunChange",
    "RunMode",
    "RunPart",
    "SamplingRate",
    "SecondCoding",
    "ServiceHold",
    "Severity",
    "ShadowResult",
    "ShadowWatch",
]
