"""The rule table: facts, ordered rules, modifiers and supporting diagnoses, read strictly from a document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from coding.decision.canonical import content_hash
from coding.decision.cells import Rows, check_name, rows_from_data, rows_to_data
from coding.decision.errors import (
    DuplicateId,
    ForeignCode,
    ImpossibleRange,
    MissingKey,
    UnknownKey,
    UnsuitableTest,
    UnwritableName,
    WrongType,
)
from coding.decision.facts import SILENCES, Choice, FactDefinition, Kind
from coding.decision.opening import MEMBERS, Opening


class OutcomeKind(StrEnum):
    """The four ways in which every combination of answers ends."""

    CODE = "code"
    PROVIDER_QUERY = "provider_query"
    SUPERVISOR_REVIEW = "supervisor_review"
    NO_FAMILY_CODE = "no_family_code"


class HitPolicy(StrEnum):
    """What it means that several rules apply: the first counts, or the table is wrong."""

    FIRST = "first"
    UNIQUE = "unique"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule applies if one of its rows does; a row applies if all its cells do. ``basis`` is its source."""

    id: str
    title: str
    rows: Rows
    outcome: OutcomeKind
    code: str
    message: str
    basis: str


@dataclass(frozen=True, slots=True)
class ModifierRule:
    """A modifier that is reported with a code when one of the rows applies."""

    modifier: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class SupportingDiagnoses:
    """Diagnosis codes that support the service when one of the rows applies."""

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
    opening: Opening = field(default_factory=Opening)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "RuleTable":
        """Read a document. Raises a ``TableError`` that names the rule, the cell and the cause."""
        _check_object(document, TABLE_KEYS, "the rule set")
        facts = tuple(_fact(data) for data in _list(document, "facts", "the rule set"))
        _check_unique("facts", (fact.key for fact in facts))
        by_key = {fact.key: fact for fact in facts}
        family = _texts(document, "family", "the rule set")
        rules = tuple(_rule(data, by_key, family) for data in _list(document, "rules", "the rule set"))
        _check_unique("rules", (rule.id for rule in rules))
        return cls(
            key=_text(document, "key", "the rule set"),
            name=_text(document, "name", "the rule set"),
            description=_optional_text(document, "description", "the rule set"),
            notes=_texts(document, "notes", "the rule set"),
            family=family,
            hit_policy=_one_of(HitPolicy, document.get("hit_policy", "first"), "the rule set, hit_policy"),
            facts=facts,
            rules=rules,
            modifiers=tuple(_modifier(data, by_key) for data in _optional_list(document, "modifiers", "the rule set")),
            diagnoses=tuple(_diagnoses(data, by_key) for data in _optional_list(document, "diagnoses", "the rule set")),
            opening=Opening.from_document(document, by_key),
        )

    def to_document(self) -> dict[str, Any]:
        """The canonical document; ``from_document`` of it gives an equal table."""
        return {
            "key": self.key,
            "name": self.name,
            "description": self.description,
            "notes": list(self.notes),
            "family": list(self.family),
            "hit_policy": self.hit_policy.value,
            "facts": [_fact_to_data(fact) for fact in self.facts],
            "rules": [_rule_to_data(rule) for rule in self.rules],
            "modifiers": [{"modifier": row.modifier, "rows": rows_to_data(row.rows)} for row in self.modifiers],
            "diagnoses": [{"codes": list(row.codes), "rows": rows_to_data(row.rows)} for row in self.diagnoses],
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
    def rule_by_id(self) -> dict[str, Rule]:
        """The rules by their ids, in order."""
        return {rule.id: rule for rule in self.rules}


AnyEnum = TypeVar("AnyEnum", bound=StrEnum)

TABLE_KEYS = {"key", "name", "description", "notes", "family", "hit_policy", "facts", "rules", "modifiers", "diagnoses"}
TABLE_KEYS |= set(MEMBERS)
FACT_KEYS = {"key", "kind", "label", "question", "help", "choices", "minimum", "maximum", "unit", "asked_first"}
RULE_KEYS = {"id", "title", "rows", "outcome", "code", "message", "basis"}


def _check_object(data: Any, allowed: set[str], place: str) -> None:
    if not isinstance(data, Mapping):
        raise WrongType(f"{place} is an object, not “{data}”.")
    for key in data:
        if key not in allowed:
            raise UnknownKey(f"{place}: “{key}” is no part of it; allowed are {', '.join(sorted(allowed))}.")


def _check_unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise DuplicateId(f"{what}: “{name}” stands there twice.")
        seen.add(name)


def _list(data: Mapping[str, Any], key: str, place: str) -> list[Any] | tuple[Any, ...]:
    if key not in data:
        raise MissingKey(f"{place}: {key} is missing.")
    return _optional_list(data, key, place)


def _optional_list(data: Mapping[str, Any], key: str, place: str) -> list[Any] | tuple[Any, ...]:
    values = data.get(key, ())
    if not isinstance(values, list | tuple):
        raise WrongType(f"{place}: {key} is a list.")
    return values


def _texts(data: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    texts = tuple(_optional_list(data, key, place))
    for text in texts:
        if not isinstance(text, str):
            raise WrongType(f"{place}: {key} is a list of texts, but “{text}” stands in it.")
    return texts


def _optional_text(data: Mapping[str, Any], key: str, place: str) -> str:
    text = data.get(key, "")
    if not isinstance(text, str):
        raise WrongType(f"{place}: {key} is a text, not “{text}”.")
    return text


def _text(data: Mapping[str, Any], key: str, place: str) -> str:
    text = _optional_text(data, key, place)
    if not text.strip():
        raise MissingKey(f"{place}: {key} is missing.")
    return text


def _optional_number(data: Mapping[str, Any], key: str, place: str) -> int | None:
    number = data.get(key)
    if number is not None and type(number) is not int:
        raise WrongType(f"{place}: {key} is a whole number, not “{number}”.")
    return number


def _rows(data: Mapping[str, Any], facts: Mapping[str, FactDefinition], place: str) -> Rows:
    rows = rows_from_data(facts, _list(data, "rows", place), place)
    if not rows:
        raise MissingKey(f"{place}: rows is empty, so it never applies; what always applies has one empty row.")
    return rows


def _one_of(kinds: type[AnyEnum], value: Any, place: str) -> AnyEnum:
    try:
        return kinds(value)
    except ValueError:
        raise WrongType(f"{place}: “{value}” is none of {', '.join(kinds)}.") from None


def _fact(data: Mapping[str, Any]) -> FactDefinition:
    _check_object(data, FACT_KEYS, "a fact")
    key = _text(data, "key", "a fact")
    place = f"fact {key}"
    check_name(key, place)
    kind = _one_of(Kind, data.get("kind"), f"{place}, kind")
    choices = tuple(_choice(choice, place) for choice in _optional_list(data, "choices", place))
    _check_unique(f"{place}, choices", (choice.value for choice in choices))
    if (kind is Kind.CHOICE) != bool(choices):
        raise UnsuitableTest(f"{place}: a choice has choices, any other kind has none.")
    low, high = _optional_number(data, "minimum", place), _optional_number(data, "maximum", place)
    if low is not None and high is not None and low > high:
        raise ImpossibleRange(f"{place}: no number lies from {low} to {high}.")
    asked_first = data.get("asked_first", False)
    if type(asked_first) is not bool:
        raise WrongType(f"{place}: asked_first is true or false, not “{asked_first}”.")
    return FactDefinition(
        key=key,
        kind=kind,
        label=_text(data, "label", place),
        question=_text(data, "question", place),
        help=_optional_text(data, "help", place),
        choices=choices,
        minimum=low,
        maximum=high,
        unit=_optional_text(data, "unit", place),
        asked_first=asked_first,
    )


def _choice(data: Mapping[str, Any], place: str) -> Choice:
    _check_object(data, {"value", "label"}, f"{place}, a choice")
    value = _text(data, "value", f"{place}, a choice")
    check_name(value, f"{place}, a choice")
    if value == "documented":
        # “not documented” is how a condition names a silent note: every answer but this one could not be told from it.
        raise UnwritableName(f"{place}, a choice: “{value}” cannot be told from a silent note in “not {value}”.")
    if value.lower() in SILENCES or value.lower() in ("na", "unknown"):
        raise DuplicateId(f"{place}: “{value}” is an answer that every fact has; leave it out of the choices.")
    return Choice(value, _text(data, "label", f"{place}, {value}"))


def _fact_to_data(fact: FactDefinition) -> dict[str, Any]:
    data: dict[str, Any] = {
        "key": fact.key,
        "kind": fact.kind.value,
        "label": fact.label,
        "question": fact.question,
        "help": fact.help,
    }
    if fact.choices:
        data["choices"] = [{"value": choice.value, "label": choice.label} for choice in fact.choices]
    optional = {
        "minimum": fact.minimum,
        "maximum": fact.maximum,
        "unit": fact.unit or None,
        "asked_first": fact.asked_first or None,
    }
    return data | {name: value for name, value in optional.items() if value is not None}


def _rule(data: Mapping[str, Any], facts: Mapping[str, FactDefinition], family: Sequence[str]) -> Rule:
    _check_object(data, RULE_KEYS, "a rule")
    rule_id = _text(data, "id", "a rule")
    place = f"rule {rule_id}"
    outcome = _one_of(OutcomeKind, data.get("outcome"), f"{place}, outcome")
    code = _optional_text(data, "code", place)
    if outcome is OutcomeKind.CODE and code not in family:
        raise ForeignCode(f"{place}: “{code}” is not a code of the family ({', '.join(family)}).")
    if outcome is not OutcomeKind.CODE and code:
        raise ForeignCode(f"{place}: an outcome of {outcome.value} has no code, but “{code}” stands there.")
    return Rule(
        id=rule_id,
        title=_text(data, "title", place),
        rows=_rows(data, facts, place),
        outcome=outcome,
        code=code,
        message=_text(data, "message", place),
        basis=_text(data, "basis", place),
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
    }


def _modifier(data: Mapping[str, Any], facts: Mapping[str, FactDefinition]) -> ModifierRule:
    _check_object(data, {"modifier", "rows"}, "a modifier")
    modifier = _text(data, "modifier", "a modifier")
    return ModifierRule(modifier, _rows(data, facts, f"modifier {modifier}"))


def _diagnoses(data: Mapping[str, Any], facts: Mapping[str, FactDefinition]) -> SupportingDiagnoses:
    _check_object(data, {"codes", "rows"}, "supporting diagnoses")
    codes = _texts(data, "codes", "supporting diagnoses")
    if not codes:
        raise MissingKey("supporting diagnoses: codes is missing.")
    return SupportingDiagnoses(codes, _rows(data, facts, f"diagnoses {' '.join(codes)}"))
