"""Facts: what a rule may ask about a service, and the answers that a fact can have.

A fact is *known*, *not documented* (a person looked, the note is silent), *conflicting* (documented two
ways) or *unanswered*; the last is simply the absence of the fact among the answers.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from coding.decision.errors import UnknownFact, UnknownValue

if TYPE_CHECKING:
    from coding.decision.cells import Rows

# A number as people write it, with a point or a comma. No column keeps one of more digits.
NUMBER = re.compile(r"(-?)(\d{1,15})(?:[.,](\d{1,15}))?", re.ASCII)


class Kind(StrEnum):
    """What sort of values a fact has."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    WHOLE_NUMBER = "whole_number"
    CODE_SET = "code_set"


class Source(StrEnum):
    """Where a fact's answer comes from: the coder is asked; the others are given and never asked."""

    CODER = "coder"
    RECORD = "record"
    SETUP = "setup"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Band:
    """A whole number of which only the range is known, both ends included; None is an open end."""

    low: int | None
    high: int | None

    def __contains__(self, number: int) -> bool:
        if self.low is not None and number < self.low:
            return False
        return self.high is None or number <= self.high

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
class DerivedLine:
    """A line of a derived fact's own table: the value that it gives when one of its rows applies."""

    value: FactValue
    rows: "Rows"


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """A fact with the question that asks for it. Numbers have a range in a unit; codes have neither.

    A fact that is ``asked_first`` is asked before all that are not, while it can still change the outcome.
    A number with ``decimals`` is a whole number of its last place everywhere within: 26 for 2.6 cm; its texts show
    the point. A fact with ``derived`` lines has the value of the first that applies, and is neither asked nor stored.
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
    decimals: int = 0
    source: Source = Source.CODER
    derived: tuple[DerivedLine, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether a coder answers it: not what is derived, nor what record, set-up or history give."""
        return self.source is Source.CODER and not self.derived

    @property
    def inputs(self) -> tuple[str, ...]:
        """The facts that the table of a derived fact tests, each once."""
        tested: dict[str, None] = {}
        for line in self.derived:
            for row in line.rows:
                tested.update(dict.fromkeys(cell.fact for cell in row))
        return tuple(tested)

    @property
    def range(self) -> Band:
        """The numbers that the fact can be."""
        return Band(self.minimum, self.maximum)

    def values(self) -> tuple[str | bool, ...]:
        """The values of a choice or a yes/no fact, in order."""
        if self.kind is Kind.YES_NO:
            return (True, False)
        return tuple(choice.value for choice in self.choices)

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
            case Kind.WHOLE_NUMBER:
                number = self.number_from_text(text)
                if number is not None and number in self.range:
                    return number
            case Kind.CODE_SET:
                parted_by_blanks = text.replace(",", " ").replace(";", " ")
                return frozenset(parted_by_blanks.upper().split())
        raise UnknownValue(f"{self.key}: “{text}” is not an answer to it; use {self._allowed()}.")

    def number_from_text(self, text: str) -> int | None:
        """The whole number of the last place that a text stands for; None for one that is no such number."""
        match = NUMBER.fullmatch(text)
        if match is None:
            return None

        sign, whole, decimals = match.group(1, 2, 3)
        if decimals and not self.decimals:
            return None
        # Zeros at the end say nothing: 2.60 is 2.6.
        fraction = (decimals or "").rstrip("0")
        if len(fraction) > self.decimals:
            return None

        return int(sign + whole + fraction.ljust(self.decimals, "0"))

    def number_text(self, number: int) -> str:
        """A number with its decimal point."""
        if not self.decimals:
            return str(number)
        sign = "-" if number < 0 else ""
        # One digit stands before the point at least: 0.5.
        digits = str(abs(number)).rjust(self.decimals + 1, "0")
        whole, fraction = digits[: -self.decimals], digits[-self.decimals :]
        return f"{sign}{whole}.{fraction}"

    def _allowed(self) -> str:
        match self.kind:
            case Kind.CHOICE:
                values = ", ".join(choice.value for choice in self.choices)
            case Kind.YES_NO:
                values = "yes, no"
            case _:
                values = self.wanted_number
        return f"{values}, unknown, conflicting or na"

    @property
    def is_listed(self) -> bool:
        """Whether its answers can be listed, to be chosen from."""
        return self.kind in (Kind.CHOICE, Kind.YES_NO)

    @property
    def wanted_number(self) -> str:
        """What a number has to be, in words: “a number with at most 1 decimal from 0.1 to 30.0 cm”."""
        return f"{self._sort_of_number()}{self._ends()}"

    def _sort_of_number(self) -> str:
        if not self.decimals:
            return "a whole number"
        plural = "s" if self.decimals > 1 else ""
        return f"a number with at most {self.decimals} decimal{plural}"

    def _ends(self) -> str:
        words = ""
        if self.minimum is not None:
            words += f" from {self.number_text(self.minimum)}"
        if self.maximum is not None:
            words += f" to {self.number_text(self.maximum)}"
        return f"{words} {self.unit}".rstrip()

    def describe_any(self, answers: Sequence[FactValue]) -> str:
        """Several answers in words; if they are more than half of all, what they are not."""
        all_answers = (*map(Known, self.values()), *Silence)
        others = [answer for answer in all_answers if answer not in answers]
        if self.is_listed and len(others) < len(answers):
            return "anything but " + " or ".join(map(self.describe, others))
        return " or ".join(map(self.describe, answers))

    def describe(self, answer: FactValue) -> str:
        match answer:
            case Silence.NOT_DOCUMENTED:
                return "not documented"
            case Silence.CONFLICTING:
                return "documented two ways"
            # Before numbers: a truth value is an int too.
            case Known(bool(truth)):
                return "yes" if truth else "no"
            case Known(Band() as band):
                return self._describe_band(band)
            case Known(frozenset() as codes):
                return ", ".join(sorted(codes)) or "none"
            case Known(str(value)):
                labels = {choice.value: choice.label for choice in self.choices}
                return labels.get(value, value)
            case Known(int(number)):
                return f"{self.number_text(number)} {self.unit}".strip()
        raise TypeError(f"{self.key}: {answer} is no answer.")

    def _describe_band(self, band: Band) -> str:
        match band:
            case Band(None, None):
                return "any number"
            case Band(None, int(high)):
                ends = f"up to {self.number_text(high)}"
            case Band(int(low), None):
                ends = f"{self.number_text(low)} or more"
            case Band(int(low), int(high)) if low == high:
                ends = self.number_text(low)
            case Band(int(low), int(high)):
                ends = f"{self.number_text(low)} to {self.number_text(high)}"
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
        # A truth value is an int too, but no number.
        case int() if is_number and not isinstance(data, bool) and data in definition.range:
            return known(data)
        case str() if definition.kind is Kind.CHOICE and data in definition.values():
            return known(data)
    raise UnknownValue(f"{definition.key}: the stored answer is none that this version knows.")


def describe_facts(definitions: Iterable[FactDefinition], facts: Facts) -> str:
    """Answers in words: "anesthesia: none; manipulation: done". Raises UnknownFact for a foreign one."""
    by_key = {definition.key: definition for definition in definitions}
    foreign = facts.keys() - by_key.keys()
    if foreign:
        raise UnknownFact(f"{min(foreign)} is no fact of this rule set.")

    phrases = []
    for key, fact in by_key.items():
        if key in facts:
            phrases.append(f"{_within_words(fact.label)}: {fact.describe(facts[key])}")
    return "; ".join(phrases)


def _within_words(label: str) -> str:
    """A label as it stands within a sentence; abbreviations and names keep their capitals."""
    is_abbreviation = label[1:2].isupper()
    return label if is_abbreviation else label[:1].lower() + label[1:]
