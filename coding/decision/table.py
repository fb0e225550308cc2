"""The rule table: facts, ordered rules, modifiers and supporting diagnoses, read strictly from a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from coding.decision.added_lines import AddedLine, line_to_data, lines_from_data
from coding.decision.canonical import content_hash
from coding.decision.cells import In, Rows, check_name, rows_to_data, tested_facts
from coding.decision.claim_facts import ClaimFact, claim_from_data, claim_to_data
from coding.decision.document import (
    check_object,
    check_unique,
    list_of,
    one_of,
    optional_list,
    optional_text,
    rows_of,
    text_of,
    texts_of,
)
from coding.decision.errors import DanglingFact, ForeignCode, MissingKey, UnsuitableTest
from coding.decision.fact_document import fact_to_data, facts_of
from coding.decision.facts import FactDefinition, Source
from coding.decision.groups import Group, group_to_data, groups_from_data
from coding.decision.opening import MEMBERS, Opening


class OutcomeKind(StrEnum):
    """The four ways in which every combination of answers ends."""

    CODE = "code"
    PROVIDER_QUERY = "provider_query"
    SUPERVISOR_REVIEW = "supervisor_review"
    NO_FAMILY_CODE = "no_family_code"

    @property
    def words(self) -> str:
        """The way as people read it."""
        return self.value.replace("_", " ")


class HitPolicy(StrEnum):
    """What it means that several rules apply: the first counts, or the table is wrong."""

    FIRST = "first"
    UNIQUE = "unique"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule applies if one of its rows does; a row applies if all its cells do. ``basis`` is its source.

    ``see`` names the rule sets with which a form goes on where this family has no code. ``guards`` are facts whose
    cells are meant though they test nothing, so that a row can be read on its own.
    """

    id: str
    title: str
    rows: Rows
    outcome: OutcomeKind
    code: str
    message: str
    basis: str
    see: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModifierRule:
    """A modifier that is reported with a code when one of the rows applies."""

    modifier: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class SupportingDiagnoses:
    """Diagnosis codes that support the service when one of the rows applies; ``S61.4*`` is all that begin so."""

    codes: tuple[str, ...]
    rows: Rows


# Compared by identity: two tables are the same if their content hash is.
@dataclass(frozen=True, eq=False)
class RuleTable:
    """A rule set as the core sees it. Facts stand in the order of their questions, rules in their order."""

    key: str
    name: str
    description: str
    notes: tuple[str, ...]
    family: tuple[str, ...]
    hit_policy: HitPolicy
    facts: tuple[FactDefinition, ...]
    rules: tuple[Rule, ...]
    modifiers: tuple[ModifierRule, ...]
    diagnoses: tuple[SupportingDiagnoses, ...]
    lines: tuple[AddedLine, ...] = ()
    groups: tuple[Group, ...] = ()
    claim: tuple[ClaimFact, ...] = ()
    opening: Opening = field(default_factory=Opening)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "RuleTable":
        """Read a document. Raises a ``TableError`` that names the rule, the cell and the cause."""
        check_object(document, TABLE_KEYS, PLACE)

        facts = facts_of(list_of(document, "facts", PLACE))
        by_key = {fact.key: fact for fact in facts}
        family = texts_of(document, "family", PLACE)
        hit_policy = document.get("hit_policy", HitPolicy.FIRST.value)

        rules = [rule_from_data(data, by_key, family) for data in list_of(document, "rules", PLACE)]
        check_unique("rules", (rule.id for rule in rules))

        modifiers = optional_list(document, "modifiers", PLACE)
        diagnoses = optional_list(document, "diagnoses", PLACE)
        lines = optional_list(document, "lines", PLACE)
        groups = optional_list(document, "groups", PLACE)

        return cls(
            key=text_of(document, "key", PLACE),
            name=text_of(document, "name", PLACE),
            description=optional_text(document, "description", PLACE),
            notes=texts_of(document, "notes", PLACE),
            family=family,
            hit_policy=one_of(HitPolicy, hit_policy, f"{PLACE}, hit_policy"),
            facts=facts,
            rules=tuple(rules),
            modifiers=tuple(modifier_from_data(data, by_key) for data in modifiers),
            diagnoses=tuple(diagnoses_from_data(data, by_key) for data in diagnoses),
            lines=lines_from_data(lines, by_key),
            groups=groups_from_data(groups, by_key),
            claim=claim_from_data(document.get("claim", {}), by_key),
            opening=Opening.from_document(document, by_key),
        )

    def to_document(self) -> dict[str, Any]:
        """The canonical document; ``from_document`` of it gives an equal table."""
        document: dict[str, Any] = {
            "key": self.key,
            "name": self.name,
            "description": self.description,
            "notes": list(self.notes),
            "family": list(self.family),
            "hit_policy": self.hit_policy.value,
            "facts": [fact_to_data(fact) for fact in self.facts],
            "rules": [_rule_to_data(rule) for rule in self.rules],
            "modifiers": [_modifier_to_data(line) for line in self.modifiers],
            "diagnoses": [_diagnoses_to_data(line) for line in self.diagnoses],
        }

        # These came later. A document without them keeps the hash that stored decisions name.
        if self.lines:
            document["lines"] = [line_to_data(line) for line in self.lines]
        if self.groups:
            document["groups"] = [group_to_data(group) for group in self.groups]
        if self.claim:
            document["claim"] = claim_to_data(self.claim)

        return document | self.opening.to_document()

    @cached_property
    def content_hash(self) -> str:
        """By which a stored decision names the table: the same for ever, whatever becomes of the classes."""
        return content_hash(self.to_document())

    @cached_property
    def fact_by_key(self) -> dict[str, FactDefinition]:
        return {fact.key: fact for fact in self.facts}

    @cached_property
    def derived(self) -> tuple[FactDefinition, ...]:
        return tuple(fact for fact in self.facts if fact.derived)

    @cached_property
    def rule_by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}


# What a refusal calls the document as a whole.
PLACE = "the rule set"
TABLE_KEYS = {
    "key",
    "name",
    "description",
    "notes",
    "family",
    "hit_policy",
    "facts",
    "rules",
    "modifiers",
    "diagnoses",
    "lines",
    "groups",
    "claim",
    *MEMBERS,
}
RULE_KEYS = {"id", "title", "rows", "outcome", "code", "message", "basis", "see", "guards"}


def rule_from_data(
    data: Mapping[str, Any], facts: Mapping[str, FactDefinition], family: Sequence[str]
) -> Rule:
    """One rule of a document. Raises a ``TableError`` that names the cell and the cause."""
    check_object(data, RULE_KEYS, "a rule")
    rule_id = text_of(data, "id", "a rule")
    place = f"rule {rule_id}"

    outcome = one_of(OutcomeKind, data.get("outcome"), f"{place}, outcome")
    code = optional_text(data, "code", place)
    _check_code(code, outcome, family, place)

    rows = rows_of(data, facts, place)
    if outcome is OutcomeKind.PROVIDER_QUERY:
        _check_no_set_up_is_queried(rows, facts, place)

    return Rule(
        id=rule_id,
        title=text_of(data, "title", place),
        rows=rows,
        outcome=outcome,
        code=code,
        message=text_of(data, "message", place),
        basis=text_of(data, "basis", place),
        see=_see(data, outcome, place),
        guards=_guards(data, rows, place),
    )


def _check_code(code: str, outcome: OutcomeKind, family: Sequence[str], place: str) -> None:
    """A code for the outcome of that name, and one of the family; none for any other outcome."""
    if outcome is OutcomeKind.CODE and code not in family:
        raise ForeignCode(f"{place}: “{code}” is not a code of the family ({', '.join(family)}).")
    if outcome is not OutcomeKind.CODE and code:
        raise ForeignCode(
            f"{place}: an outcome of {outcome.value} has no code, but “{code}” stands there."
        )


def _see(data: Mapping[str, Any], outcome: OutcomeKind, place: str) -> tuple[str, ...]:
    see = texts_of(data, "see", place)
    check_unique(f"{place}, see", see)
    if see and outcome is not OutcomeKind.NO_FAMILY_CODE:
        raise UnsuitableTest(
            f"{place}: only an outcome of no_family_code names other rule sets under see."
        )
    for key in see:
        check_name(key, f"{place}, see")
    return see


def _guards(data: Mapping[str, Any], rows: Rows, place: str) -> tuple[str, ...]:
    guards = texts_of(data, "guards", place)
    check_unique(f"{place}, guards", guards)

    tested = tested_facts(rows)
    for key in guards:
        if key not in tested:
            raise DanglingFact(f"{place}, guards: no cell of the rule tests “{key}”.")
    return guards


def _check_no_set_up_is_queried(
    rows: Rows, facts: Mapping[str, FactDefinition], place: str
) -> None:
    """What the practice has not set up, no provider can tell: that is a supervisor's to clear."""
    for row in rows:
        for cell in row:
            names_silence = isinstance(cell.test, In) and bool(cell.test.silences)
            if names_silence and facts[cell.fact].source is Source.SETUP:
                raise UnsuitableTest(
                    f"{place}: {cell.fact} comes from the set-up; no provider can tell what is missing there."
                    " Let a supervisor review it."
                )


def _rule_to_data(rule: Rule) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": rule.id,
        "title": rule.title,
        "rows": rows_to_data(rule.rows),
        "outcome": rule.outcome.value,
    }
    if rule.code:
        data["code"] = rule.code
    data["message"] = rule.message
    data["basis"] = rule.basis
    if rule.see:
        data["see"] = list(rule.see)
    if rule.guards:
        data["guards"] = list(rule.guards)
    return data


def modifier_from_data(
    data: Mapping[str, Any], facts: Mapping[str, FactDefinition]
) -> ModifierRule:
    check_object(data, {"modifier", "rows"}, "a modifier")
    modifier = text_of(data, "modifier", "a modifier")
    rows = rows_of(data, facts, f"modifier {modifier}")
    return ModifierRule(modifier, rows)


def _modifier_to_data(line: ModifierRule) -> dict[str, Any]:
    return {"modifier": line.modifier, "rows": rows_to_data(line.rows)}


def diagnoses_from_data(
    data: Mapping[str, Any], facts: Mapping[str, FactDefinition]
) -> SupportingDiagnoses:
    check_object(data, {"codes", "rows"}, "supporting diagnoses")
    codes = texts_of(data, "codes", "supporting diagnoses")
    if not codes:
        raise MissingKey("supporting diagnoses: codes is missing.")
    rows = rows_of(data, facts, f"diagnoses {' '.join(codes)}")
    return SupportingDiagnoses(codes, rows)


def _diagnoses_to_data(line: SupportingDiagnoses) -> dict[str, Any]:
    return {"codes": list(line.codes), "rows": rows_to_data(line.rows)}
