"""What answers are made of: rule sets of a day, dated tables, the checks of claims. Whoever asks brings them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from coding.ask.answer import Cite, Line
from coding.claim import Checks, Claim, Fee, Finding, Table, Tables
from coding.claim import Line as ClaimLine
from coding.decision import (
    CodeRegion,
    DecisionError,
    Outcome,
    RuleTable,
    code_region,
    in_words,
    label_of,
    rules_of,
    rules_with,
)
from coding.decision.table import ModifierRule, SupportingDiagnoses
from coding.evidence import Lexicon


@dataclass(frozen=True, slots=True)
class Family:
    """A version of a rule set: its name, address and first day, its rules, and what reads notes for it."""

    name: str
    address: str
    since: date
    table: RuleTable
    lexicon: Lexicon | None = None

    def label(self, code: str) -> str:
        """What its rules call a code."""
        return label_of(rules_of(self.table, code))

    def rule(self, rule_id: str | None) -> Cite:
        """A rule as a source."""
        return Cite(f"{rule_id}, {self.name}", f"{self.address}#{rule_id}")

    def rules_of(self, code: str) -> tuple[Cite, ...]:
        """The rules that yield a code."""
        return tuple(self.rule(rule.id) for rule in rules_of(self.table, code))

    def rules_with(self, outcomes: Iterable[Outcome]) -> tuple[Cite, ...]:
        """The rules that yield one of some outcomes."""
        return tuple(self.rule(rule.id) for rule in rules_with(self.table, outcomes))

    def region(self, code: str) -> CodeRegion | None:
        """The answers with which a code is reported; None where none reach it, or where they cannot be told."""
        try:
            return code_region(self.table, code)
        except DecisionError:
            return None

    def ways_to(
        self, row: ModifierRule | SupportingDiagnoses, region: CodeRegion | None = None
    ) -> str:
        """The answers with which a row yields what it names, in words: of a code only those that it leaves open."""
        facts = self.table.fact_by_key
        ways = []
        for cells in row.rows:
            if region and not region.leaves_open(cells):
                continue
            conditions = []
            for cell in cells:
                fact = facts[cell.fact]
                conditions.append(f"{fact.label}: {in_words(fact, cell)}")
            ways.append("; ".join(conditions))
        return " or ".join(ways)

    @property
    def whole(self) -> Cite:
        """The version as a source."""
        return Cite(self.name, self.address)


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a table with its first day."""

    name: str
    since: date


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All of it on one day. ``look_up`` reads the tables' rows of some codes; ``releases`` are all that are loaded.

    ``cases_of`` reads worked cases and precedents of a code, each with its place; ``on`` what is known on another day.
    """

    day: date
    families: tuple[Family, ...]
    coming: tuple[Family, ...]
    releases: tuple[Release, ...]
    checks: Checks
    look_up: Callable[[Collection[str]], Tables]
    cases_of: Callable[[str], tuple[Line, ...]] = lambda _: ()
    on: "Callable[[date], Knowledge] | None" = None

    @property
    def in_force(self) -> tuple[Cite, ...]:
        """What was gone through where no rule set says anything."""
        return (Cite(f"the {len(self.families)} rule sets in force on {self.day}"),)

    @property
    def loaded(self) -> tuple[Cite, ...]:
        """What was looked into where no table says anything."""
        return (Cite(f"the tables loaded for {self.day}"),)

    def family_of(self, code: str) -> Family | None:
        """The rule set whose family has a code."""
        for family in self.families:
            if code in family.table.family:
                return family
        return None

    def left_out(self, words: Iterable[str]) -> tuple[Line, ...]:
        """Words that an answer does not mind, such as the name of a payer, in a line; none where there are none."""
        named = ", ".join(f"“{word}”" for word in words)
        if not named:
            return ()
        text = f"The answer does not mind {named}."
        return (Line(text, self.in_force + self.loaded),)

    def findings(
        self, lines: Iterable[tuple[str, tuple[str, ...], int]], tables: Tables, place: str = ""
    ) -> list[Finding]:
        """What the checks say of lines without diagnoses: what asks for diagnoses is left out."""
        numbered = []
        for number, (code, modifiers, units) in enumerate(lines, start=1):
            covered = self.family_of(code) is not None
            numbered.append(ClaimLine(number, code, modifiers, units, covered=covered))

        claim = Claim(self.day, tuple(numbered), place=place)
        findings = self.checks.findings(claim, tables)
        of_diagnoses = {check.id for check in self.checks.checks if check.kind in OF_DIAGNOSES}
        return [finding for finding in findings if finding.check not in of_diagnoses]


def row_of(table: Table[Any], row: str) -> Cite:
    """A row of a loaded table as a source."""
    return Cite(f"{table.name}, {row}")


# What was asked where no check says anything.
CHECKS = (Cite("the claim checks"),)
# Kinds of checks that ask for the diagnoses of a line.
OF_DIAGNOSES = frozenset({"pointers", "diagnosis_missing", "diagnosis_of_another_matter"})


def finding_line(finding: Finding, before: str = "") -> Line:
    """A finding behind some words, with the check and the table's row on which it rests."""
    sources = [Cite(f"check {finding.check}")]
    if finding.rests_on:
        sources.append(Cite(finding.rests_on))
    return Line(f"{before}{finding.message}", tuple(sources))


def finding_lines(findings: Iterable[Finding]) -> list[Line]:
    """Findings behind their severity."""
    return [finding_line(finding, f"{finding.severity}: ") for finding in findings]


def totals(fee: Fee) -> str:
    """The values at both kinds of places; of some codes the schedule says that one of them has none."""
    inside = "not applicable" if fee.facility_na else fee.facility_total
    outside = "not applicable" if fee.non_facility_na else fee.non_facility_total
    return f"total in a facility {inside}, in an office {outside}"
