"""Facts from their part of the document, and back. What is not set is not written: hashes of old documents stay."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from coding.decision.cells import check_name, rows_to_data
from coding.decision.document import (
    check_object,
    check_unique,
    list_of,
    one_of,
    optional_list,
    optional_number,
    optional_text,
    optional_truth,
    rows_of,
    text_of,
)
from coding.decision.errors import (
    DuplicateId,
    ImpossibleRange,
    MissingKey,
    UnknownChoice,
    UnsuitableTest,
    UnwritableName,
)
from coding.decision.facts import (
    SILENCES,
    Choice,
    DerivedLine,
    FactDefinition,
    FactValue,
    Kind,
    Source,
    known,
)

FACT_KEYS = (
    "key",
    "kind",
    "label",
    "question",
    "help",
    "choices",
    "minimum",
    "maximum",
    "unit",
    "asked_first",
    "decimals",
    "source",
    "derived",
)
MOST_DECIMALS = 6
# A table of a derived fact tells all its combinations apart; sets of codes have too many to be listed.
LISTED_INPUTS = (Kind.CHOICE, Kind.YES_NO, Kind.WHOLE_NUMBER)


def facts_of(listed: Iterable[Any]) -> tuple[FactDefinition, ...]:
    """The facts of a document, in order."""
    facts: dict[str, FactDefinition] = {}
    keys = []
    for data in listed:
        fact = fact_from_data(data, facts)
        facts[fact.key] = fact
        keys.append(fact.key)
    check_unique("facts", keys)
    return tuple(facts.values())


def fact_from_data(
    data: Mapping[str, Any], earlier: Mapping[str, FactDefinition]
) -> FactDefinition:
    """A fact; a derived one tests facts that stand before it, ``earlier``."""
    check_object(data, FACT_KEYS, "a fact")
    key = text_of(data, "key", "a fact")
    place = f"fact {key}"
    check_name(key, place)

    kind = one_of(Kind, data.get("kind"), f"{place}, kind")
    choices = _choices(data, kind, place)
    low = optional_number(data, "minimum", place)
    high = optional_number(data, "maximum", place)
    if low is not None and high is not None and low > high:
        raise ImpossibleRange(f"{place}: no number lies from {low} to {high}.")

    fact = FactDefinition(
        key=key,
        kind=kind,
        label=text_of(data, "label", place),
        question=optional_text(data, "question", place),
        help=optional_text(data, "help", place),
        choices=choices,
        minimum=low,
        maximum=high,
        unit=optional_text(data, "unit", place),
        asked_first=optional_truth(data, "asked_first", place),
        decimals=_decimals(data, kind, place),
        source=one_of(Source, data.get("source", Source.CODER.value), f"{place}, source"),
    )
    if "derived" in data:
        fact = replace(fact, derived=_derived(data, fact, earlier))
    _check_question(fact, place)
    return fact


def _choices(data: Mapping[str, Any], kind: Kind, place: str) -> tuple[Choice, ...]:
    choices = tuple(_choice(choice, place) for choice in optional_list(data, "choices", place))
    check_unique(f"{place}, choices", (choice.value for choice in choices))
    has_choices = bool(choices)
    if has_choices != (kind is Kind.CHOICE):
        raise UnsuitableTest(f"{place}: a choice has choices, any other kind has none.")
    return choices


def _choice(data: Mapping[str, Any], place: str) -> Choice:
    check_object(data, {"value", "label"}, f"{place}, a choice")
    value = text_of(data, "value", f"{place}, a choice")
    check_name(value, f"{place}, a choice")
    if value == "documented":
        # “not documented” is how a condition names a silent note: every answer but this one could not be told from it.
        raise UnwritableName(
            f"{place}, a choice: “{value}” cannot be told from a silent note in “not {value}”."
        )
    if value.lower() in SILENCES or value.lower() in ("na", "unknown"):
        raise DuplicateId(
            f"{place}: “{value}” is an answer that every fact has; leave it out of the choices."
        )
    return Choice(value, text_of(data, "label", f"{place}, {value}"))


def _decimals(data: Mapping[str, Any], kind: Kind, place: str) -> int:
    decimals = optional_number(data, "decimals", place) or 0
    if not 0 <= decimals <= MOST_DECIMALS:
        raise ImpossibleRange(
            f"{place}: decimals is a number from 0 to {MOST_DECIMALS}, not {decimals}."
        )
    if decimals and kind is not Kind.WHOLE_NUMBER:
        raise UnsuitableTest(f"{place}: only a number has decimals.")
    return decimals


def _check_question(fact: FactDefinition, place: str) -> None:
    """Whoever is asked has a question; what is derived has none, and comes from nowhere else."""
    is_derived = bool(fact.derived)
    is_given = fact.source is not Source.CODER
    if is_derived and (fact.question or is_given or fact.asked_first):
        raise UnsuitableTest(
            f"{place}: it is derived, so it has no question, source or asked_first."
        )
    if is_given and fact.asked_first:
        raise UnsuitableTest(
            f"{place}: it is never asked, so not first either; take out asked_first."
        )
    if not is_derived and not is_given and not fact.question.strip():
        raise MissingKey(f"{place}: question is missing.")


def _derived(
    data: Mapping[str, Any], fact: FactDefinition, earlier: Mapping[str, FactDefinition]
) -> tuple[DerivedLine, ...]:
    place = f"fact {fact.key}"
    if not fact.is_listed:
        raise UnsuitableTest(f"{place}: only a choice or a yes/no fact is derived.")
    lines = []
    for number, line in enumerate(list_of(data, "derived", place), start=1):
        own = f"{place}, line {number}"
        check_object(line, {"value", "rows"}, own)
        value = _value(fact, line.get("value"), own)
        lines.append(DerivedLine(value, rows_of(line, earlier, own)))
    if not lines:
        raise MissingKey(f"{place}: derived has no line.")

    for key in replace(fact, derived=tuple(lines)).inputs:
        if earlier[key].kind not in LISTED_INPUTS:
            raise UnsuitableTest(f"{place}: {key} is a set of codes, which no derived fact tests.")
    return tuple(lines)


def _value(fact: FactDefinition, value: Any, place: str) -> FactValue:
    if isinstance(value, str) and value in SILENCES:
        return SILENCES[value]
    kind = bool if fact.kind is Kind.YES_NO else str
    # 1 equals True, but is another document.
    if type(value) is not kind or value not in fact.values():
        raise UnknownChoice(f"{place}: “{value}” is not a value of this fact.")
    return known(value)


def fact_to_data(fact: FactDefinition) -> dict[str, Any]:
    """The canonical part of the document."""
    data: dict[str, Any] = {"key": fact.key, "kind": fact.kind.value, "label": fact.label}
    if fact.is_asked or fact.question:
        data["question"] = fact.question
    data["help"] = fact.help
    if fact.choices:
        data["choices"] = [
            {"value": choice.value, "label": choice.label} for choice in fact.choices
        ]
    if fact.minimum is not None:
        data["minimum"] = fact.minimum
    if fact.maximum is not None:
        data["maximum"] = fact.maximum
    if fact.unit:
        data["unit"] = fact.unit
    if fact.asked_first:
        data["asked_first"] = True
    if fact.decimals:
        data["decimals"] = fact.decimals
    if fact.source is not Source.CODER:
        data["source"] = fact.source.value
    if fact.derived:
        data["derived"] = [_line_to_data(line) for line in fact.derived]
    return data


def _line_to_data(line: DerivedLine) -> dict[str, Any]:
    value = line.value.value
    return {"value": value, "rows": rows_to_data(line.rows)}
