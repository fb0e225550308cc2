"""The decision core: facts in, one outcome with its trace out. Pure: no Django, no file, no clock."""

from coding.decision.added_lines import AddedLine, Line, Step, lines_from_text
from coding.decision.applying import applies
from coding.decision.batch import NumberedAnswers, decide_batch
from coding.decision.canonical import canonical_json, content_hash
from coding.decision.claim_facts import ClaimFact
from coding.decision.code_region import Asked, CodeRegion, code_region
from coding.decision.code_rules import label_of, rules_of, rules_with, short_names
from coding.decision.compare import ChangeOfMeaning, Condition, Region, changed_regions
from coding.decision.complete import Derived, complete, derived_beside_inputs, derived_values
from coding.decision.condition_text import format_rows, parse_rows
from coding.decision.contrast import Contrast, Difference, contrast
from coding.decision.decide import decide
from coding.decision.engine import EDITIONS, ENGINE
from coding.decision.errors import DecisionError, FactError, TableError
from coding.decision.explain import (
    Explanation,
    WhyNot,
    diagnoses_for,
    explain,
    in_words,
    supports,
    why_not,
)
from coding.decision.fact_document import facts_of as facts_of_document
from coding.decision.facts import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Band,
    Choice,
    FactDefinition,
    Facts,
    FactValue,
    Kind,
    Known,
    Source,
    describe_facts,
    facts_from_data,
    facts_to_data,
    known,
)
from coding.decision.findings import Finding, Flaw
from coding.decision.flips import Change, Flip, flips, needs, needs_by_code
from coding.decision.grouped import asked_in_rows, grouped_services
from coding.decision.groups import Aggregate, Group, GroupedService, came_about, services
from coding.decision.guide import (
    Guidance,
    can_guide,
    guide,
    in_bands,
    possible_outcomes,
    tells_apart,
)
from coding.decision.opening import OneService, Opening, codes_of
from coding.decision.outcomes import Decision, Outcome
from coding.decision.revisions import Edit, Revised, Revision, revisions
from coding.decision.rule_cases import case_of_rule
from coding.decision.table import HitPolicy, OutcomeKind, Rule, RuleTable
from coding.decision.trace import RuleTrace, Trace, Verdict, trace
from coding.decision.verify import verify

__all__ = [
    "CONFLICTING",
    "EDITIONS",
    "ENGINE",
    "NOT_DOCUMENTED",
    "AddedLine",
    "Aggregate",
    "Asked",
    "Band",
    "Change",
    "ChangeOfMeaning",
    "Choice",
    "ClaimFact",
    "CodeRegion",
    "Condition",
    "Contrast",
    "Decision",
    "DecisionError",
    "Derived",
    "Difference",
    "Edit",
    "Explanation",
    "FactDefinition",
    "FactError",
    "FactValue",
    "Facts",
    "Finding",
    "Flaw",
    "Flip",
    "Group",
    "GroupedService",
    "Guidance",
    "HitPolicy",
    "Kind",
    "Known",
    "Line",
    "NumberedAnswers",
    "OneService",
    "Opening",
    "Outcome",
    "OutcomeKind",
    "Region",
    "Revised",
    "Revision",
    "Rule",
    "RuleTable",
    "RuleTrace",
    "Source",
    "Step",
    "TableError",
    "Trace",
    "Verdict",
    "WhyNot",
    "applies",
    "asked_in_rows",
    "came_about",
    "can_guide",
    "canonical_json",
    "case_of_rule",
    "changed_regions",
    "code_region",
    "codes_of",
    "complete",
    "content_hash",
    "contrast",
    "decide",
    "decide_batch",
    "derived_beside_inputs",
    "derived_values",
    "describe_facts",
    "diagnoses_for",
    "explain",
    "facts_from_data",
    "facts_of_document",
    "facts_to_data",
    "flips",
    "format_rows",
    "grouped_services",
    "guide",
    "in_bands",
    "in_words",
    "known",
    "label_of",
    "lines_from_text",
    "needs",
    "needs_by_code",
    "parse_rows",
    "possible_outcomes",
    "revisions",
    "rules_of",
    "rules_with",
    "services",
    "short_names",
    "supports",
    "tells_apart",
    "trace",
    "verify",
    "why_not",
]
