"""Cells of a spreadsheet as people write them: labels for values, another case, a semicolon between two of them."""

import re

from coding.decision import FactDefinition, Kind

SILENCES = {
    "not documented": "not documented",
    "not_documented": "not documented",
    "conflicting": "conflicting",
    "documented two ways": "conflicting",
}
TRUTHS = {"yes": "yes", "no": "no", "true": "yes", "false": "no"}
LISTED = re.compile(r"[,;]")


def plain_text(fact: FactDefinition, text: str) -> str:
    """The cell with the values of the fact; what names none of them stays as it stands, and is refused with it."""
    if fact.kind not in (Kind.CHOICE, Kind.YES_NO):
        return text
    names = _names(fact)
    listed = [part.strip() for part in LISTED.split(text)]
    first = listed[0].lower()
    # “Not documented” is itself a name.
    denies = first.startswith("not ") and first not in names
    if denies:
        listed[0] = listed[0][len("not ") :].strip()

    values = ", ".join(names.get(word, names.get(word.lower(), word)) for word in listed)
    if denies:
        return f"not {values}"
    return values


def _names(fact: FactDefinition) -> dict[str, str]:
    """The value of each name. A value goes before a label, and both as they stand before another case of them."""
    if fact.kind is Kind.YES_NO:
        return {**SILENCES, **TRUTHS}
    pairs = [(choice.value, choice.value) for choice in fact.choices]
    pairs += [(choice.label, choice.value) for choice in fact.choices]
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
