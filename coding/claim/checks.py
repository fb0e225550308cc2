"""Checks of claims, read from a document: which kind each is, how it stands, what it says; and the claim through all.

A kind is a function of this package, in one table; codes, modifiers and texts are the document's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import Any

from coding.claim import codes, diagnoses, fees, modifiers, pairs, sides, supplies, units, visits
from coding.claim.checking import Checking
from coding.claim.claim import Claim
from coding.claim.findings import Finding, Hit, Severity
from coding.claim.lists import CodeList, Lists
from coding.claim.proposals import KINDS as PROPOSAL_KINDS
from coding.claim.proposals import Proposal, ProposalRule
from coding.claim.rows import CheckRow, row_in_force
from coding.claim.tables import Tables


class CheckError(ValueError):
    """A document of checks that cannot be read; the message names the check and its member."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of check does, the tables without which it cannot speak, and whether it is about the lines' order."""

    apply: Callable[[Checking], Iterator[Hit]]
    needs: tuple[str, ...] = ()
    of_order: bool = False


# The tables that a check may need, by their names in ``Tables``.
FEES = "fees"
PAIRS = "pairs"
LIMITS = "unit_limits"
ADD_ONS = "add_ons"
TERMS = "terms"
CODE_SET = "diagnoses"
TABLE_NAMES = {
    FEES: "fee schedule",
    PAIRS: "NCCI pairs",
    LIMITS: "medically unlikely edits",
    ADD_ONS: "add-on codes",
    TERMS: "HCPCS Level II",
    CODE_SET: "ICD-10-CM",
}
# The kind of the one check that says which tables are missing: it is asked of no line.
UNCHECKED = "unchecked"
KINDS: Mapping[str, Kind] = {
    "pair_never": Kind(pairs.never_together, (PAIRS,)),
    "pair_not_told_apart": Kind(pairs.not_told_apart, (PAIRS,)),
    "pair_at_one_place": Kind(pairs.told_apart_at_one_place, (PAIRS,)),
    "told_apart_without_need": Kind(pairs.told_apart_without_need, (PAIRS,)),
    "units_of_a_day": Kind(units.over_a_day, (LIMITS,)),
    "units_of_a_line": Kind(units.over_a_line, (LIMITS,)),
    "units_not_paid": Kind(units.not_paid_here, (LIMITS,)),
    "line_twice": Kind(units.same_line_twice),
    "group_twice": Kind(units.one_group_twice),
    "add_on_alone": Kind(units.add_on_alone, (ADD_ONS,)),
    "add_on_alone_by_list": Kind(units.add_on_alone, (ADD_ONS,)),
    "add_on_of_contractor": Kind(units.add_on_alone, (ADD_ONS,)),
    "minutes": Kind(units.minutes_too_few),
    "visit_beside_minor": Kind(visits.beside_minor, (FEES,)),
    "visit_beside_major": Kind(visits.beside_major, (FEES,)),
    "visit_the_day_before": Kind(visits.visit_the_day_before, (FEES,)),
    "visit_modifier_exchanged": Kind(visits.exchanged, (FEES,)),
    "visit_modifier_elsewhere": Kind(visits.elsewhere),
    "two_visits": Kind(visits.two_visits),
    "visit_within_days": Kind(visits.visit_within_days, (FEES,)),
    "procedure_within_days": Kind(visits.procedure_within_days, (FEES,)),
    "new_but_seen": Kind(visits.new_but_seen),
    "established_but_unseen": Kind(visits.established_but_unseen),
    "place_of_visit": Kind(visits.place),
    "cast_without_treatment": Kind(visits.cast_without_treatment),
    "both_sides_refused": Kind(sides.both_refused, (FEES,)),
    "both_sides_with_units": Kind(sides.both_with_units, (FEES,)),
    "side_missing": Kind(sides.missing, (FEES,)),
    "side_against_diagnosis": Kind(sides.against_diagnosis, (CODE_SET,)),
    "no_rate_here": Kind(fees.no_rate_here, (FEES,)),
    "technical_in_facility": Kind(fees.technical_in_facility, (FEES,)),
    "status_not_paid": Kind(fees.not_paid, (FEES,)),
    "no_share": Kind(fees.no_share, (FEES,)),
    "helpers": Kind(fees.helpers, (FEES,)),
    "order_of_lines": Kind(fees.order, (FEES,), of_order=True),
    "exclusive_modifiers": Kind(modifiers.exclusive),
    "supply_in_facility": Kind(supplies.supply_in_facility),
    "drug_alone": Kind(supplies.drug_alone),
    "waste_not_said": Kind(supplies.waste_not_said),
    "payer_code": Kind(codes.payer_code),
    "second_person": Kind(codes.by_operator, (FEES,)),
    "term_of_code": Kind(codes.ended, (TERMS,)),
    "against_answers": Kind(codes.against_answers),
    "uncovered": Kind(codes.uncovered),
    "pointers": Kind(diagnoses.pointers),
    "diagnosis_incomplete": Kind(diagnoses.incomplete, (CODE_SET,)),
    "diagnoses_exclude": Kind(diagnoses.excluded, (CODE_SET,)),
    "seventh_character": Kind(diagnoses.seventh_character),
    "diagnosis_of_another_matter": Kind(diagnoses.other_diagnosis_only),
    "diagnosis_missing": Kind(diagnoses.diagnosis_missing),
}


@dataclass(frozen=True, slots=True)
class Check:
    """A check. ``payers`` names those it is for, all where it is empty; it speaks from ``since`` on, if that is set."""

    id: str
    kind: str
    severity: Severity
    message: str
    basis: str = ""
    payers: frozenset[str] = frozenset()
    since: date | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def is_for(self, claim: Claim) -> bool:
        """Whether the check speaks of this payer and day."""
        if self.payers and claim.payer not in self.payers:
            return False
        return self.since is None or self.since <= claim.day


@dataclass(frozen=True, slots=True)
class Checks:
    """All checks, with the lists that they name, and the rows that settle them otherwise from a day on."""

    lists: Lists
    checks: tuple[Check, ...]
    # The check that says which tables are missing; its message takes {table} and {day}.
    unchecked: Check | None = None
    rows: tuple[CheckRow, ...] = ()
    proposal_rules: tuple[ProposalRule, ...] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Checks":
        """Read a document with the members ``codes``, ``modifiers`` and ``checks``. Raises CheckError."""
        lists = Lists(
            codes={name: CodeList.of(listed) for name, listed in document["codes"].items()},
            modifiers={name: frozenset(listed) for name, listed in document["modifiers"].items()},
        )

        checks = []
        unchecked = []
        for entry in document["checks"]:
            check = _check(entry)
            if check.kind == UNCHECKED:
                unchecked.append(check)
            else:
                checks.append(check)

        proposal_rules = [_proposal_rule(entry) for entry in document.get("proposals", ())]
        return cls(
            lists=lists,
            checks=tuple(checks),
            unchecked=unchecked[0] if unchecked else None,
            proposal_rules=tuple(proposal_rules),
        )

    def with_rows(self, rows: Iterable[CheckRow]) -> "Checks":
        """These checks as rows settle them, which stand in the order in which they were written."""
        return replace(self, rows=tuple(rows))

    def proposals(self, claim: Claim, tables: Tables) -> list[Proposal]:
        """What is proposed of a claim's lines, by line."""
        in_one_order = claim.in_one_order()
        proposals: list[Proposal] = []
        for rule in self.proposal_rules:
            # Without a modifier it is about the order in which the lines stand.
            lines = in_one_order if rule.modifier else claim
            proposals += rule.proposals(Checking(lines, tables, self.lists, rule.options))
        return sorted(set(proposals), key=attrgetter("lines", "id", "modifier", "message"))

    def findings(self, claim: Claim, tables: Tables) -> list[Finding]:
        """What all checks say of a claim, errors first, and what could not be checked."""
        findings: set[Finding] = set()
        for check in self.checks:
            findings.update(self._of(check, claim, tables))
        findings.update(self._not_checked(claim, tables))

        gravity = {severity: place for place, severity in enumerate(Severity)}
        # A set has no order of its own: without the message, what one check says of the same lines would change places.
        in_one_order = sorted(findings, key=attrgetter("check", "lines", "message"))
        return sorted(in_one_order, key=lambda finding: gravity[finding.severity])

    def _of(self, check: Check, claim: Claim, tables: Tables) -> Iterator[Finding]:
        row = self._row(check, claim)
        if not _speaks(check, row, claim):
            return
        # What the house wrote on the check goes before what the check and its kind say.
        text = check.message
        severity = None
        if row is not None:
            text = row.message or check.message
            severity = row.severity

        kind = KINDS[check.kind]
        lines = claim if kind.of_order else claim.in_one_order()
        for hit in kind.apply(Checking(lines, tables, self.lists, check.options)):
            message = text.format_map(hit.values)
            stands = severity or hit.severity or check.severity
            yield Finding(check.id, stands, message, hit.lines, hit.rests_on)

    def _row(self, check: Check, claim: Claim) -> CheckRow | None:
        return row_in_force(self.rows, check.id, check.kind, claim)

    def _not_checked(self, claim: Claim, tables: Tables) -> Iterator[Finding]:
        if self.unchecked is None:
            return

        needed: set[str] = set()
        for check in self.checks:
            if _speaks(check, self._row(check, claim), claim):
                needed.update(KINDS[check.kind].needs)

        for table in sorted(needed):
            loaded = getattr(tables, table)
            if loaded:
                unchecked = loaded.caveat
            else:
                unchecked = f"{TABLE_NAMES[table]}, nothing is loaded for {claim.day}"
            if unchecked:
                message = self.unchecked.message.format_map({"what": unchecked})
                yield Finding(self.unchecked.id, self.unchecked.severity, message, ())


def _speaks(check: Check, row: CheckRow | None, claim: Claim) -> bool:
    """Whether a check speaks of a claim. A row for a payer counts also where the check is shipped for others."""
    if row is None:
        return check.is_for(claim)
    return row.is_on and (bool(row.payer) or check.is_for(claim))


def _check(entry: Mapping[str, Any]) -> Check:
    name = entry.get("id", "a check without id")
    kind = _kind(entry, {*KINDS, UNCHECKED}, name)
    try:
        since = date.fromisoformat(entry["since"]) if "since" in entry else None
        return Check(
            id=entry["id"],
            kind=kind,
            severity=Severity(entry["severity"]),
            message=entry["message"],
            basis=entry.get("basis", ""),
            payers=frozenset(entry.get("payers", ())),
            since=since,
            options=entry.get("options", {}),
        )
    except KeyError as error:
        raise _missing(error, name) from error
    except ValueError as error:
        raise CheckError(f"{name}: {error}.") from error


def _proposal_rule(entry: Mapping[str, Any]) -> ProposalRule:
    name = entry.get("id", "a proposal without id")
    kind = _kind(entry, PROPOSAL_KINDS, name)
    try:
        return ProposalRule(
            id=entry["id"],
            kind=kind,
            message=entry["message"],
            modifier=entry.get("modifier", ""),
            options=entry.get("options", {}),
            joins=entry.get("joins", False),
        )
    except KeyError as error:
        raise _missing(error, name) from error


def _kind(entry: Mapping[str, Any], kinds: Iterable[str], name: str) -> str:
    kind = str(entry.get("kind", ""))
    if kind not in kinds:
        raise CheckError(f"{name}: kind “{kind}” is none of {', '.join(sorted(kinds))}.")
    return kind


def _missing(error: KeyError, name: str) -> CheckError:
    return CheckError(f"{name}: {error.args[0]} is missing.")


def speaking(findings: Iterable[Finding]) -> set[str]:
    """The ids of the checks that spoke."""
    return {finding.check for finding in findings}
