"""Verify: what is wrong or idle in a table, each finding with a case that shows it.

Nothing is enumerated. Whether a rule can be reached, whether answers are left without a rule and whether a cell
tests anything are questions to one search (``cover.py``): is there a case in this box of answers that none of
those rows accepts? Overlaps are intersections of boxes, one pass over the facts for each row. That a fact can
never decide follows from its cells: a fact changes the rule of some case if and only if some cell on it tests
something. Answers come in the classes that the tests tell apart, so ranges and sets of codes are exact.

A derived fact is one more fact whose contradictions (``derived.py``) count as rows that take a case: so only reachable
cases are looked at. Its own table is verified by itself, over all that its inputs can be.

Cost: rows times facts operations on bit sets, and one search for each row and each cell, most of them answered
by changing one answer of a case already found. A search that takes too long makes the finding "undecided".
"""

from collections.abc import Iterator
from dataclasses import replace

from coding.decision.compiled import compiled
from coding.decision.compiled_facts import CompiledFact
from coding.decision.cover import Cover
from coding.decision.derived import own_table, silence_is_named
from coding.decision.errors import Entangled
from coding.decision.examination import Examination
from coding.decision.facts import FactDefinition
from coding.decision.findings import Finding, Flaw
from coding.decision.table import RuleTable
from coding.decision.unmentioned import unmentioned


def verify(table: RuleTable) -> tuple[Finding, ...]:
    """All findings, the gravest first."""
    try:
        rows = compiled(table)
        cover = Cover(rows.facts)
    except Entangled as error:
        return (Finding(Flaw.UNDECIDED, f"Nothing could be checked. {error}"),)

    findings: list[Finding] = []
    for fact in table.derived:
        findings += _derived(table, fact)

    # In this order: cells are judged in the cases that the rules decide, facts by what was seen of their cells.
    examination = Examination(table, rows, cover)
    findings += examination.gap()
    findings += examination.overlaps()
    findings += examination.rules()
    findings += examination.cells()
    findings += examination.facts()
    findings += unmentioned(table)

    gravity = {flaw: place for place, flaw in enumerate(Flaw)}
    return tuple(sorted(findings, key=lambda finding: gravity[finding.flaw]))


def _derived(table: RuleTable, fact: FactDefinition) -> Iterator[Finding]:
    """What is wrong or idle in the table of a derived fact; carried silences need no line."""
    own = own_table(table, fact)
    rows = compiled(own)
    cover = Cover(rows.facts)

    box = list(cover.everything)
    for place, own_fact in enumerate(rows.facts):
        if not silence_is_named(fact, own_fact.key):
            box[place] = cover.allowed(place, _documented(own_fact))

    examination = Examination(own, rows, cover, box)
    for finding in (*examination.gap(), *examination.rules(), *examination.cells()):
        # Lines are written to be read from the top: that one is partly masked is how they are meant.
        if finding.flaw is Flaw.PARTLY_MASKED:
            continue
        words = f"{fact.label}: {finding.words}"
        yield replace(finding, words=words, fact=finding.fact or fact.key)


def _documented(fact: CompiledFact) -> list[int]:
    """The classes that hold a documented answer."""
    return [place for place, group in enumerate(fact.classes) if group.documented]
