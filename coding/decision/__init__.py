"""The decision core: facts in, one outcome with its trace out. Pure: no Django, no file, no clock."""

from coding.decision.canonical import canonical_json, content_hash
from coding.decision.cells import format_rows, parse_rows
from coding.decision.decide import Decision, Outcome, RuleTrace, Verdict, applies, decide
from coding.decision.errors import DecisionError, FactError, TableError
from coding.decision.explain import Explanation, Need, diagnoses_for, explain, in_words, needs
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
    describe_facts,
    facts_from_data,
    facts_to_data,
)
from coding.decision.guide import Guidance, find_gap, guide, in_bands
from coding.decision.table import HitPolicy, OutcomeKind, Rule, RuleTable

__all__ = [
    "CONFLICTING",
    "NOT_DOCUMENTED",
    "Band",
    "Choice",
    "Decision",
    "DecisionError",
    "Explanation",
    "FactDefinition",
    "FactError",
    "FactValue",
    "Facts",
    "Guidance",
    "HitPolicy",
    "Kind",
    "Known",
    "Need",
    "Outcome",
    "OutcomeKind",
    "Rule",
    "RuleTable",
    "RuleTrace",
    "TableError",
    "Verdict",
    "applies",
    "canonical_json",
    "content_hash",
    "decide",
    "describe_facts",
    "diagnoses_for",
    "explain",
    "facts_from_data",
    "facts_to_data",
    "find_gap",
    "format_rows",
    "guide",
    "in_bands",
    "in_words",
    "needs",
    "parse_rows",
]
