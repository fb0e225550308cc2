"""Terms: the rows of a lexicon, each a phrase and what it says of a fact."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coding.evidence.phrases import Groups, spoken
from coding.evidence.statements import Condition, Strength

STRENGTHS = {
    strength.name.lower(): strength for strength in Strength if strength is not Strength.CORRECTION
}
TERM_KEYS = (
    *("phrase", "fact", "value", "negated", "section", "strength"),
    *("lasting", "tied", "needs", "unless", "against"),
)


class LexiconError(ValueError):
    """A lexicon that cannot be what its author meant; the message names the term and the cause."""


@dataclass(frozen=True, slots=True)
class Term:
    """One row: what a phrase says of a fact.

    ``value`` is the fact's value where the phrase is affirmed; empty, the phrase says nothing, and keeps shorter
    phrases of the same fact within it from being read. ``negated`` is the value where it is negated, if any follows.
    ``section`` restricts it to the sections of that name, such as ``anesthesia``. ``needs`` and ``unless`` make it
    depend on what rows without conditions say. ``lasting``: it holds today also if the note tells it as history.
    ``tied``: it counts only where its sentence names the part of the body, such as “prosthesis” beside “hip”.
    ``against`` are values that cannot be trusted beside the phrase: “again” with a reduction makes it doubtful that
    the course of treatment is left out for being the usual one, ``silence``.
    """

    phrase: str
    fact: str
    value: str = ""
    negated: str = ""
    section: str = ""
    strength: Strength = Strength.USUAL
    lasting: bool = False
    tied: bool = False
    needs: Condition | None = None
    unless: Condition | None = None
    against: frozenset[str] = frozenset()

    @property
    def says_something(self) -> bool:
        """Whether it has a value; one without keeps other terms of its fact from being read in its words."""
        return bool(self.value or self.negated or self.against)

    def spoken(self, groups: Groups) -> str:
        """The fewest words that say it by themselves, anywhere in a note; empty where more than words is asked for."""
        depends = self.section or self.needs or self.unless
        return "" if depends else spoken(self.phrase, groups)

    def to_document(self) -> dict[str, Any]:
        """The row as JSON data, without what is empty."""
        document: dict[str, Any] = {
            "phrase": self.phrase,
            "fact": self.fact,
            "value": self.value,
            "negated": self.negated,
            "section": self.section,
        }
        if self.strength is not Strength.USUAL:
            document["strength"] = self.strength.name.lower()
        document["lasting"] = self.lasting
        document["tied"] = self.tied
        if self.needs:
            document["needs"] = self.needs.text()
        if self.unless:
            document["unless"] = self.unless.text()
        document["against"] = _joined(self.against)
        return {key: value for key, value in document.items() if value}


@dataclass(frozen=True, slots=True)
class Consequence:
    """A row: where the condition is said, a passage that says so bears on another fact too.

    It is a hint that the fact has the ``value``, or makes the values ``against`` which it speaks doubtful.
    """

    when: Condition
    fact: str
    value: str = ""
    against: frozenset[str] = frozenset()

    def to_document(self) -> dict[str, str]:
        """The row as JSON data, without what is empty."""
        document = {
            "when": self.when.text(),
            "fact": self.fact,
            "value": self.value,
            "against": _joined(self.against),
        }
        return {key: text for key, text in document.items() if text}


def read_consequence(row: Any, number: int) -> Consequence:
    """The consequence of a row of JSON data. Raises LexiconError, which names the row by its number."""
    place = f"Consequence {number}"
    if not isinstance(row, dict) or set(row) - {"when", "fact", "value", "against"}:
        raise LexiconError(f"{place}: a row is an object with when, fact, and value or against.")
    consequence = Consequence(
        when=read_condition(row.get("when"), place),
        fact=text_of(row, "fact", place),
        value=text_of(row, "value", place, default=""),
        against=_against(row, place),
    )
    if not consequence.value and not consequence.against:
        raise LexiconError(
            f"{place}: it says nothing. Give it a value, or values against which it speaks."
        )
    return consequence


def read_term(row: Any, number: int) -> Term:
    """The term of a row of JSON data. Raises LexiconError, which names the row by its number and phrase."""
    place = f"Term {number}"
    if not isinstance(row, dict):
        raise LexiconError(f"{place}: a row is an object with at least phrase and fact.")
    if isinstance(row.get("phrase"), str):
        place += f", “{row['phrase']}”"
    if unknown := sorted(set(map(str, row)) - set(TERM_KEYS)):
        raise LexiconError(f"{place}: it has “{unknown[0]}”. Use {', '.join(TERM_KEYS)}.")
    strength = text_of(row, "strength", place, default="usual")
    if strength not in STRENGTHS:
        raise LexiconError(f"{place}: strength is “{strength}”. Use {', '.join(STRENGTHS)}.")
    return Term(
        phrase=text_of(row, "phrase", place),
        fact=text_of(row, "fact", place),
        value=text_of(row, "value", place, default=""),
        negated=text_of(row, "negated", place, default=""),
        section=text_of(row, "section", place, default=""),
        strength=STRENGTHS[strength],
        lasting=_flag(row, "lasting", place),
        tied=_flag(row, "tied", place),
        needs=read_condition(row["needs"], place) if row.get("needs") else None,
        unless=read_condition(row["unless"], place) if row.get("unless") else None,
        against=_against(row, place),
    )


def _flag(row: Mapping[str, Any], key: str, place: str) -> bool:
    value = row.get(key, False)
    if not isinstance(value, bool):
        raise LexiconError(f"{place}: {key} must be true or false.")
    return value


def _against(row: Mapping[str, Any], place: str) -> frozenset[str]:
    """The values of a row such as ``none|local``."""
    values = [value.strip() for value in text_of(row, "against", place, default="").split("|")]
    if not all(values) and len(values) > 1:
        raise LexiconError(f"{place}: against has an empty value. Write a value on each side of |.")
    return frozenset(filter(None, values))


def _joined(values: Iterable[str]) -> str:
    """Values as a row writes them, ``none|local``."""
    return "|".join(sorted(values))


def texts_of(conditions: Iterable[Condition]) -> list[str]:
    """Conditions as a lexicon's document writes them."""
    return [condition.text() for condition in conditions]


def read_condition(text: Any, place: str) -> Condition:
    """The condition that a text such as ``manipulation=performed|attempted_failed`` says. Raises LexiconError."""
    fact, _, values = text.partition("=") if isinstance(text, str) else ("", "", "")
    if not fact.strip() or not all(value.strip() for value in values.split("|")):
        raise LexiconError(f"{place}: “{text}” is no condition. Write it as fact=value|value.")
    return Condition(fact.strip(), frozenset(value.strip() for value in values.split("|")))


def text_of(row: Mapping[str, Any], key: str, place: str, default: str | None = None) -> str:
    """A text of a row; without a default it must hold words. Raises LexiconError."""
    value = row.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise LexiconError(
            f"{place}: {key} must be {'a text' if default is not None else 'a text with words'}."
        )
    return value
