"""Facts: what a rule may ask about a service, and the answers that a fact can have.

A fact is *known*, *not documented* (a person looked, the note is silent), *conflicting* (documented two
ways) or *unanswered*; the last is simply the absence of the fact among the answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from coding.decision.errors import UnknownFact, UnknownValue


class Kind(StrEnum):
    """What sort of values a fact has."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    WHOLE_NUMBER = "whole_number"
    CODE_SET = "code_set"


@dataclass(frozen=True, slots=True)
class Band:
    """A whole number of which only the range is known, both ends included; None is an open end."""

    low: int | None
    high: int | None

    def __contains__(self, number: int) -> bool:
        return (self.low is None or self.low <= number) and (self.high is None or number <= self.high)

    def overlaps(self, other: "Band") -> bool:
        """Whether some number may lie in both."""
        below = self.high is not None and other.low is not None and self.high < other.low
        above = self.low is not None and other.high is not None and self.low > other.high
        return not below and not above


class Silence(Enum):
    """The answers that hold no value."""

    NOT_DOCUMENTED = "not_documented"
    CONFLICTING = "conflicting"


NOT_DOCUMENTED = Silence.NOT_DOCUMENTED
CONFLICTING = Silence.CONFLICTING


# A named tuple, because its hash costs a third of a dataclass's: answers are looked up at every step of a decision.
class Known(NamedTuple):
    """A documented value: a choice, a truth value, a number (or its band), or a set of codes."""

    value: str | bool | int | Band | frozenset[str]


# One object for each documented value, so that looking an answer up needs no comparison.
known = lru_cache(maxsize=4096, typed=True)(Known)
SILENCES = {silence.value: silence for silence in Silence}
FactValue = Known | Silence
Facts = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a choice, with the words that people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """A fact with the question that asks for it. Numbers have a range in a unit; codes have neither.

    A fact that is ``asked_first`` is asked before all that are not, while it can still change the outcome.
    """

    key: str
    kind: Kind
    label: str
    question: str
    help: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    asked_first: bool = False

    @property
    def range(self) -> Band:
        """The numbers that the fact can be."""
        return Band(self.minimum, self.maximum)

    def values(self) -> tuple[str | bool, ...]:
        """The values of a choice or a yes/no fact, in order."""
        return (True, False) if self.kind is Kind.YES_NO else tuple(choice.value for choice in self.choices)

    def answer_from_text(self, text: str) -> FactValue | None:
        """An answer as files and forms write it: empty or ``na`` is unanswered, ``unknown`` not documented.

        Raises UnknownValue for what the fact cannot be.
        """
        text = text.strip()
        match text.lower():
            case "" | "na":
                return None
            case "unknown" | "not_documented":
                return NOT_DOCUMENTED
            case "conflicting":
                return CONFLICTING
        return known(self._value_from_text(text))

    def _value_from_text(self, text: str) -> str | bool | int | frozenset[str]:
        match self.kind:
            case Kind.CHOICE if text in self.values():
                return text
            case Kind.YES_NO if text.lower() in ("yes", "no"):
                return text.lower() == "yes"
            case Kind.WHOLE_NUMBER if text.removeprefix("-").isdecimal() and int(text) in self.range:
                return int(text)
            case Kind.CODE_SET:
                return frozenset(text.replace(",", " ").replace(";", " ").upper().split())
        raise UnknownValue(f"{self.key}: “{text}” is not an answer to it; use {self._allowed()}.")

    def _allowed(self) -> str:
        match self.kind:
            case Kind.CHOICE:
                return ", ".join(choice.value for choice in self.choices) + ", unknown, conflicting or na"
            case Kind.YES_NO:
                return "yes, no, unknown, conflicting or na"
            case _:
                return f"a whole number from {self.minimum} to {self.maximum}"

    def describe_any(self, answers: Sequence[FactValue]) -> str:
        """Several answers in words; if they are more than half of all, what they are not."""
        all_answers = (*map(Known, self.values()), *Silence)
        others = [answer for answer in all_answers if answer not in answers]
        can_be_listed = self.kind in (Kind.CHOICE, Kind.YES_NO)
        if can_be_listed and len(others) < len(answers):
            return "anything but " + " or ".join(map(self.describe, others))
        return " or ".join(map(self.describe, answers))

    def describe(self, answer: FactValue) -> str:
        match answer:
            case Silence.NOT_DOCUMENTED:
                return "not documented"
            case Silence.CONFLICTING:
                return "documented two ways"
            case Known(bool(truth)):
                return "yes" if truth else "no"
            case Known(Band() as band):
                return self._describe_band(band)
            case Known(frozenset() as codes):
                return ", ".join(sorted(codes)) or "none"
            case Known(str(value)):
                labels = {choice.value: choice.label for choice in self.choices}
                return labels.get(value, value)
            case Known(value):
                return f"{value} {self.unit}".strip()

    def _describe_band(self, band: Band) -> str:
        match band:
            case Band(None, None):
                return "any number"
            case Band(None, high):
                ends = f"up to {high}"
            case Band(low, None):
                ends = f"{low} or more"
            case Band(low, high):
                ends = f"{low} to {high}"
        return f"{ends} {self.unit}".strip()


def facts_to_data(facts: Facts) -> dict[str, Any]:
    """Facts as JSON data; unanswered facts are absent."""
    return {key: _to_data(answer) for key, answer in sorted(facts.items())}


def _to_data(answer: FactValue) -> Any:
    match answer:
        case Silence():
            return {"state": answer.value}
        case Known(Band(low, high)):
            return {"band": [low, high]}
        case Known(frozenset() as codes):
            return sorted(codes)
        case Known(value):
            return value


def facts_from_data(definitions: Iterable[FactDefinition], data: Mapping[str, Any]) -> Facts:
    """Facts from JSON data, of the defined facts only: data of another version may hold facts it never asks."""
    return {
        definition.key: _from_data(definition, data[definition.key])
        for definition in definitions
        if definition.key in data
    }


def _from_data(definition: FactDefinition, data: Any) -> FactValue:
    is_number = definition.kind is Kind.WHOLE_NUMBER
    match data:
        case {"state": str(state)} if state in SILENCES:
            return SILENCES[state]
        case {"band": [low, high]} if is_number and definition.range.overlaps(Band(low, high)):
            return known(Band(low, high))
        case list() if definition.kind is Kind.CODE_SET:
            return known(frozenset(data))
        case bool() if definition.kind is Kind.YES_NO:
            return known(data)
        case int() if is_number and not isinstance(data, bool) and data in definition.range:
            return known(data)
        case str() if definition.kind is Kind.CHOICE and data in definition.values():
            return known(data)
    raise UnknownValue(f"{definition.key}: the stored answer is none that this version knows.")


def describe_facts(definitions: Iterable[FactDefinition], facts: Facts) -> str:
    """Answers in words: "anesthesia: none; manipulation: done". Raises UnknownFact for a foreign one."""
    by_key = {definition.key: definition for definition in definitions}
    foreign = sorted(facts.keys() - by_key.keys())
    if foreign:
        raise UnknownFact(f"{foreign[0]} is no fact of this rule set.")
    answered = [definition for key, definition in by_key.items() if key in facts]
    return "; ".join(f"{fact.label.lower()}: {fact.describe(facts[fact.key])}" for fact in answered)
