"""Claims checked against dated tables: pure, without Django, files or a clock."""

from coding.claim.checks import Check, CheckError, Checks, speaking
from coding.claim.claim import Claim, EarlierLine, Line
from coding.claim.findings import Finding, Severity
from coding.claim.proposals import Proposal
from coding.claim.rows import CheckRow
from coding.claim.tables import (
    AddOn,
    Diagnosis,
    DiagnosisState,
    Fee,
    Pair,
    Table,
    Tables,
    Term,
    UnitLimit,
)
from coding.claim.taken import LineContent, TakenLine, TakenProposal, shared_modifiers, take

__all__ = [
    "AddOn",
    "Check",
    "CheckError",
    "CheckRow",
    "Checks",
    "Claim",
    "Diagnosis",
    "DiagnosisState",
    "EarlierLine",
    "Fee",
    "Finding",
    "Line",
    "LineContent",
    "Pair",
    "Proposal",
    "Severity",
    "Table",
    "Tables",
    "TakenLine",
    "TakenProposal",
    "Term",
    "UnitLimit",
    "shared_modifiers",
    "speaking",
    "take",
]
