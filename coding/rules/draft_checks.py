"""What is wrong or idle in a draft as it stands, each thing at its cell. Data for JSON."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from coding.decision import (
    FactError,
    Finding,
    Flaw,
    HitPolicy,
    RuleTable,
    describe_facts,
    format_rows,
    in_words,
    verify,
)
from coding.decision.gaps import GapRegion, gap_regions
from coding.models import RuleSetVersion
from coding.rules import case_rows, precedents, rulebook
from coding.rules.draft_content import Content, cells_of, content_of
from coding.rules.draft_reading import Problem, Reading, read_content
from coding.rules.trial import told_of_lexicon

# So many failing cases are listed beside the grid; the page of worked cases has all.
MOST_CASES = 20
# Under first hit a rule may stand on those above it, and a cell may say again what they leave.
BY_DESIGN = frozenset({Flaw.PARTLY_MASKED, Flaw.IDLE_CELL})


def checks_of(version: RuleSetVersion) -> dict[str, Any]:
    """All problems, findings, regions without a rule, and cases that fail.

    What cannot be read is left out of what is checked; cases are run once all is read.
    """
    content = content_of(version)
    reading = read_content(version.rule_set, content)
    table = reading.table
    if version.document and reading.is_whole:
        # The same object as elsewhere: what was verified of it is kept.
        table = rulebook.table_of(version.document)

    findings, regions = _verified(table)
    ids = {row["rule_id"]: row["id"] for row in content["rules"]}
    # A gap is told by its regions, where there are some.
    others = [finding for finding in findings if finding.flaw is not Flaw.GAP or not regions]
    problems = [_problem(problem, content) for problem in reading.problems]
    failing = list(_failing(version, table)) if reading.is_whole else []
    return {
        "edition": version.edition,
        "left_out": reading.left_out,
        "problems": [*problems, *_problems_of_lexicon(version, reading)],
        "findings": [_finding(table, finding, ids) for finding in others],
        "gaps": [_gap(table, region) for region in regions],
        "cases": failing[:MOST_CASES],
        "failing": len(failing),
    }


def _failing(version: RuleSetVersion, table: RuleTable) -> Iterator[str]:
    """The worked cases that do not come out as expected, and the precedents that come out otherwise, in words."""
    for result in case_rows.run(version, table):
        if not result.passes:
            yield f"{result.row} expects {result.expected}. {result.problem}"
    for reversal in precedents.reversals(version.rule_set_id, table):
        precedent = reversal.precedent
        yield f"{precedent.name}, “{precedent.title}”, was ruled {precedent.words}. It comes out as {reversal.instead}."


@lru_cache(maxsize=16)
def _verified(table: RuleTable) -> tuple[tuple[Finding, ...], tuple[GapRegion, ...]]:
    findings = verify(table)
    # One of a derived fact's own table names the fact; it has no region among the rules.
    has_gap = any(finding.flaw is Flaw.GAP and not finding.fact for finding in findings)
    if not has_gap:
        return findings, ()
    return findings, gap_regions(table)


def _problem(problem: Problem, content: Content) -> dict[str, Any]:
    row: Mapping[str, Any] = {}
    if problem.part in ("facts", "rules"):
        row = content[problem.part][problem.row]
    return {
        "part": problem.part,
        "row": row.get("id"),
        "name": row.get("rule_id") or row.get("key") or "",
        "column": problem.column,
        "alternative": problem.alternative,
        "words": _in_words(problem, content),
    }


def _problems_of_lexicon(version: RuleSetVersion, reading: Reading) -> Iterator[dict[str, Any]]:
    """What of the lexicon cannot be read; it stands in no cell."""
    if reading.is_whole:
        for words in told_of_lexicon(version, reading.table):
            yield {"part": "lexicon", "words": words}


def _in_words(problem: Problem, content: Content) -> str:
    """The words of a problem with the label of its question, as it heads the column, in place of its key."""
    labels = {fact["key"]: fact["label"] for fact in content["facts"]}
    words = problem.words
    if problem.part == "rules" and labels.get(problem.column):
        words = words.replace(f", {problem.column}:", f", {labels[problem.column]}:", 1)
    elif problem.part == "facts":
        key = content["facts"][problem.row]["key"]
        words = words.replace(f"fact {key}", f"question “{labels[key] or key}”", 1)
    return words[:1].upper() + words[1:]


def _finding(table: RuleTable, finding: Finding, ids: dict[str, int]) -> dict[str, Any]:
    return {
        "flaw": finding.flaw.value,
        "words": finding.words,
        "rules": [ids[rule] for rule in finding.rules if rule in ids],
        "fact": finding.fact,
        "case": _case(table, finding),
        "is_defect": finding.is_defect,
        "by_design": finding.flaw in BY_DESIGN and table.hit_policy is HitPolicy.FIRST,
    }


def _case(table: RuleTable, finding: Finding) -> str:
    if not finding.witness:
        return ""
    try:
        return describe_facts(table.facts, finding.witness)
    except FactError:
        # The case of a derived fact's own table names what that table asks.
        return ""


def _gap(table: RuleTable, region: GapRegion) -> dict[str, Any]:
    facts = table.fact_by_key
    [cells] = cells_of(format_rows((region.row,), facts))
    return {
        "words": conditions_of(table, region),
        "cells": cells,
        "case": describe_facts(table.facts, region.witness),
    }


def conditions_of(table: RuleTable, region: GapRegion) -> list[str]:
    """What a region asks of its facts, in words."""
    conditions = []
    for cell in region.row:
        fact = table.fact_by_key[cell.fact]
        conditions.append(f"{fact.label}: {in_words(fact, cell)}")
    return conditions or ["any answers"]
