"""The rule table: facts, ordered rules, modifiers and supporting diagnoses, read strictly from a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from coding.decision.added_lines import AddedLine, line_to_data, lines_from_data
from coding.decision.canonical import content_hash
from coding.decision.cells import In, Rows, check_name, rows_to_data
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
        check_object(document, TABLE_KEYS, "the rule set")
        facts = facts_of(list_of(document, "facts", "the rule set"))
        by_key = {fact.key: fact for fact in facts}
        family = texts_of(document, "family", "the rule set")
        rules = tuple(
            rule_from_data(data, by_key, family)
            for data in list_of(document, "rules", "the rule set")
        )
        check_unique("rules", (rule.id for rule in rules))
        return cls(
            key=text_of(document, "key", "the rule set"),
            name=text_of(document, "name", "the rule set"),
            description=optional_text(document, "description", "the rule set"),
            notes=texts_of(document, "notes", "the rule set"),
            family=family,
            hit_policy=one_of(
                HitPolicy, document.get("hit_policy", "first"), "the rule set, hit_policy"
            ),
            facts=facts,
            rules=rules,
            modifiers=tuple(
                modifier_from_data(data, by_key) for data in _part(document, "modifiers")
            ),
            diagnoses=tuple(
                diagnoses_from_data(data, by_key) for data in _part(document, "diagnoses")
            ),
            lines=lines_from_data(_part(document, "lines"), by_key),
            groups=groups_from_data(_part(document, "groups"), by_key),
            claim=claim_from_data(document.get("claim", {}), by_key),
            opening=Opening.from_document(document, by_key),
        )

    def to_document(self) -> dict[str, Any]:
        """The canonical document; ``from_document`` of it gives an equal table. What is not set is not written."""
        further = {
            "lines": [line_to_data(line) for line in self.lines],
            "groups": [group_to_data(group) for group in self.groups],
            "claim": claim_to_data(self.claim),
        }
        return {
            "key": self.key,
            "name": self.name,
            "description": self.description,
            "notes": list(self.notes),
            "family": list(self.family),
            "hit_policy": self.hit_policy.value,
            "facts": [fact_to_data(fact) for fact in self.facts],
            "rules": [_rule_to_data(rule) for rule in self.rules],
            "modifiers": [
                {"modifier": row.modifier, "rows": rows_to_data(row.rows)} for row in self.modifiers
            ],
            "diagnoses": [
                {"codes": list(row.codes), "rows": rows_to_data(row.rows)} for row in self.diagnoses
            ],
            **{name: part for name, part in further.items() if part},
            **self.opening.to_document(),
        }

    @cached_property
    def content_hash(self) -> str:
        # What a stored decision names: it has to be the same for ever, whatever becomes of the classes.
        return content_hash(self.to_document())

    @cached_property
    def fact_by_key(self) -> dict[str, FactDefinition]:
        """The facts by their keys, in order."""
        return {fact.key: fact for fact in self.facts}

    @cached_property
    def derived(self) -> tuple[FactDefinition, ...]:
        """The facts that are derived, in order."""
        return tuple(fact for fact in self.facts if fact.derived)

    @cached_property
    def rule_by_id(self) -> dict[str, Rule]:
        """The rules by their ids, in order."""
        return {rule.id: rule for rule in self.rules}


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
}
TABLE_KEYS |= {"lines", "groups", "claim", *MEMBERS}
RULE_KEYS = {"id", "title", "rows", "outcome", "code", "message", "basis", "see", "guards"}


def _part(document: Mapping[str, Any], name: str) -> Sequence[Any]:
    return optional_list(document, name, "the rule set")


def rule_from_data(
    data: Mapping[str, Any], facts: Mapping[str, FactDefinition], family: Sequence[str]
) -> Rule:
    """One rule of a document. Raises a ``TableError`` that names the cell and the cause."""
    check_object(data, RULE_KEYS, "a rule")
    rule_id = text_of(data, "id", "a rule")
    place = f"rule {rule_id}"
    outcome = one_of(OutcomeKind, data.get("outcome"), f"{place}, outcome")
    code = optional_text(data, "code", place)
    if outcome is OutcomeKind.CODE and code not in family:
        raise ForeignCode(f"{place}: “{code}” is not a code of the family ({', '.join(family)}).")
    if outcome is not OutcomeKind.CODE and code:
        raise ForeignCode(
            f"{place}: an outcome of {outcome.value} has no code, but “{code}” stands there."
        )
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


def _see(data: Mapping[str, Any], outcome: OutcomeKind, place: str) -> tuple[str, ...]:
    see = texts_of(data, "see", place) if "see" in data else ()
    check_unique(f"{place}, see", see)
    if see and outcome is not OutcomeKind.NO_FAMILY_CODE:
        raise UnsuitableTest(
            f"{place}: only an outcome of no_family_code names other rule sets under see."
        )
    for key in see:
        check_name(key, f"{place}, see")
    return see


def _guards(data: Mapping[str, Any], rows: Rows, place: str) -> tuple[str, ...]:
    guards = texts_of(data, "guards", place) if "guards" in data else ()
    check_unique(f"{place}, guards", guards)
    tested = {cell.fact for row in rows for cell in row}
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
    return {
        "id": rule.id,
        "title": rule.title,
        "rows": rows_to_data(rule.rows),
        "outcome": rule.outcome.value,
        **({"code": rule.code} if rule.code else {}),
        "message": rule.message,
        "basis": rule.basis,
        **({"see": list(rule.see)} if rule.see else {}),
        **({"guards": list(rule.guards)} if rule.guards else {}),
    }


def modifier_from_data(
    data: Mapping[str, Any], facts: Mapping[str, FactDefinition]
) -> ModifierRule:
    """One modifier of a document."""
    check_object(data, {"modifier", "rows"}, "a modifier")
    modifier = text_of(data, "modifier", "a modifier")
    return ModifierRule(modifier, rows_of(data, facts, f"modifier {modifier}"))


def diagnoses_from_data(
    data: Mapping[str, Any], facts: Mapping[str, FactDefinition]
) -> SupportingDiagnoses:
    """One line of supporting diagnoses of a document."""
    check_object(data, {"codes", "rows"}, "supporting diagnoses")
    codes = texts_of(data, "codes", "supporting diagnoses")
    if not codes:
        raise MissingKey("supporting diagnoses: codes is missing.")
    return SupportingDiagnoses(codes, rows_of(data, facts, f"diagnoses {' '.join(codes)}"))
