"""Cells of a spreadsheet as people write them: labels for values, another case, a semicolon between two of them."""

import re
from collections.abc import Container
from typing import NamedTuple

from coding.decision import FactDefinition, Kind
from coding.exchange.answer_names import values_by_label

SILENCES = {
    "not documented": "not documented",
    "not_documented": "not documented",
    "conflicting": "conflicting",
    "documented two ways": "conflicting",
}
TRUTHS = {"yes": "yes", "no": "no", "true": "yes", "false": "no"}
OF_CODES = ("any of ", "none of ")
LISTED = re.compile(r"[,;]")


class Spoken(NamedTuple):
    """What a cell lists, and whether it denies that."""

    listed: list[str]
    denied: bool


def spoken(text: str, names: Container[str] = ()) -> Spoken:
    """A cell taken apart; what begins with “not” and is itself a name of an answer denies nothing."""
    listed = [part.strip() for part in LISTED.split(text)]
    first = listed[0].lower()
    denied = first.startswith("not ") and first not in SILENCES and first not in names
    if denied:
        listed[0] = listed[0][len("not ") :].strip()
    return Spoken(listed, denied)


def lists_codes(text: str) -> bool:
    """Whether a cell is a test of a set of codes."""
    return text.lower().startswith(OF_CODES)


def plain_text(fact: FactDefinition, text: str) -> str:
    """The cell with the values of the fact; what names none of them stays as it stands, and is refused with it."""
    if fact.is_listed:
        return _of_values(fact, text)

    listed = [part.lower() for part in spoken(text).listed]
    if all(part in SILENCES for part in listed):
        return ", ".join(SILENCES[part] for part in listed)
    if fact.kind is Kind.CODE_SET and lists_codes(text):
        return _of_codes(text)
    return text


def _of_values(fact: FactDefinition, text: str) -> str:
    names = _names(fact)
    listed, denied = spoken(text, names)
    values = []
    for word in listed:
        in_any_case = names.get(word.lower(), word)
        values.append(names.get(word, in_any_case))
    named = ", ".join(values)
    return f"not {named}" if denied else named


def _of_codes(text: str) -> str:
    operator = next(own for own in OF_CODES if text.lower().startswith(own))
    codes = spoken(text[len(operator) :]).listed
    return operator + ", ".join(codes)


def _names(fact: FactDefinition) -> dict[str, str]:
    """The value of each name. A value goes before a label, and both as they stand before another case of them."""
    if fact.kind is Kind.YES_NO:
        return {**SILENCES, **TRUTHS}
    pairs = [(choice.value, choice.value) for choice in fact.choices]
    pairs += values_by_label(fact).items()
    names = dict(SILENCES)
    for name, value in pairs:
        names.setdefault(name, value)

    values_by_lower: dict[str, set[str]] = {}
    for name, value in pairs:
        values_by_lower.setdefault(name.lower(), set()).add(value)
    for name, values in values_by_lower.items():
        # Two choices that differ by their case alone have to be written as they stand.
        if len(values) == 1:
            names.setdefault(name, values.pop())
    return names
