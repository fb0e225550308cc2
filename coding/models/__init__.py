"""What the record says, and what the rules make of it."""

from coding.models.accounts import BreachedPassword, BreachedPasswordList, KnownPlace, RepeatedEvent
from coding.models.audit import AuditEvent, AuditHead
from coding.models.claim_checks import ClaimCheckRow
from coding.models.claim_tables import (
    AddOnEdit,
    HcpcsCode,
    Locality,
    PairEdit,
    Program,
    TableKind,
    TablePart,
    TableRelease,
    UnitLimitEdit,
)
from coding.models.code_sets import Code, CodeExclusion, CodeSet, CodeSetRelease
from coding.models.descriptors import DescriptorRelease
from coding.models.editions import CellComment, DraftEdition
from coding.models.encounters import (
    Diagnosis,
    Encounter,
    EncounterQuerySet,
    EncounterRevision,
    EncounterState,
    Sex,
    SupersededDocument,
)
from coding.models.facts import GIVEN_SOURCES, Answer, AnswerSource, DistinctAnswer, FactProfile
from coding.models.fee_schedules import FeeScheduleDetail, FeeScheduleRelease, FeeScheduleValue
from coding.models.house_notes import HouseNote
from coding.models.idempotency import ReceivedForm
from coding.models.jobs import ChunkState, Job, JobChunk, JobState
from coding.models.kept_texts import KeptText
from coding.models.lexicons import LexiconDocument, LexiconTerm
from coding.models.lists import ListExport, SavedFilter
from coding.models.operation import ScheduledRun, WorkerSign
from coding.models.people import User
from coding.models.precedents import Precedent
from coding.models.proposals import AccountProposal, ProposalKind, ProposalState
from coding.models.registers import (
    AuthorityAlias,
    Patient,
    Payer,
    PayerKind,
    PayerTerms,
    Provider,
    ProviderAffiliation,
    RegisterRow,
    RegisterState,
)
from coding.models.rule_sets import (
    Fact,
    ModifierRule,
    Rule,
    RuleDocument,
    RuleSet,
    RuleSetVersion,
    SupportingDiagnosis,
    VersionState,
)
from coding.models.services import Service, ServiceCode, ServiceLine, ServiceOrigin, ServiceState
from coding.models.signatures import Meaning, Means, Signature, SignedRecord
from coding.models.suggestions import Suggestion
from coding.models.table_loads import TableLoad, TableLoadFile, TableLoadPart
from coding.models.table_sign_offs import TableSignOff
from coding.models.teams import GlassBreak, Team
from coding.models.uploads import (
    IMPORTABLE,
    TAKEN,
    RowState,
    SourceLayout,
    Upload,
    UploadIndexPart,
    UploadPart,
    UploadRow,
)
from coding.models.voids import EncounterVoid
from coding.models.worked_cases import WorkedCase

__all__ = [
    "GIVEN_SOURCES",
    "IMPORTABLE",
    "TAKEN",
    "AccountProposal",
    "AddOnEdit",
    "Answer",
    "AnswerSource",
    "AuditEvent",
    "AuditHead",
    "AuthorityAlias",
    "BreachedPassword",
    "BreachedPasswordList",
    "CellComment",
    "ChunkState",
    "ClaimCheckRow",
    "Code",
    "CodeExclusion",
    "CodeSet",
    "CodeSetRelease",
    "DescriptorRelease",
    "Diagnosis",
    "DistinctAnswer",
    "DraftEdition",
    "Encounter",
    "EncounterQuerySet",
    "EncounterRevision",
    "EncounterState",
    "EncounterVoid",
    "Fact",
    "FactProfile",
    "FeeScheduleDetail",
    "FeeScheduleRelease",
    "FeeScheduleValue",
    "GlassBreak",
    "HcpcsCode",
    "HouseNote",
    "Job",
    "JobChunk",
    "JobState",
    "KeptText",
    "KnownPlace",
    "LexiconDocument",
    "LexiconTerm",
    "ListExport",
    "Locality",
    "Meaning",
    "Means",
    "ModifierRule",
    "PairEdit",
    "Patient",
    "Payer",
    "PayerKind",
    "PayerTerms",
    "Precedent",
    "Program",
    "ProposalKind",
    "ProposalState",
    "Provider",
    "ProviderAffiliation",
    "ReceivedForm",
    "RegisterRow",
    "RegisterState",
    "RepeatedEvent",
    "RowState",
    "Rule",
    "RuleDocument",
    "RuleSet",
    "RuleSetVersion",
    "SavedFilter",
    "ScheduledRun",
    "Service",
    "ServiceCode",
    "ServiceLine",
    "ServiceOrigin",
    "ServiceState",
    "Sex",
    "Signature",
    "SignedRecord",
    "SourceLayout",
    "Suggestion",
    "SupersededDocument",
    "SupportingDiagnosis",
    "TableKind",
    "TableLoad",
    "TableLoadFile",
    "TableLoadPart",
    "TablePart",
    "TableRelease",
    "TableSignOff",
    "Team",
    "UnitLimitEdit",
    "Upload",
    "UploadIndexPart",
    "UploadPart",
    "UploadRow",
    "User",
    "VersionState",
    "WorkedCase",
    "WorkerSign",
]
