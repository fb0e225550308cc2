"""What files call by other words: values for the texts of answers, keys for names of inputs, values by their labels."""

import re
from collections.abc import Iterable, Sequence

from coding.decision import FactDefinition
from coding.decision.facts import SILENCES

LONGEST = 60
# Words of choices that every fact has, or that no condition could tell from them.
TAKEN_WORDS = {*SILENCES, "na", "unknown", "documented"}


def values_of(texts: Sequence[str]) -> dict[str, str]:
    """A value for each text, in their order. Those that can be values as they stand stay what they are."""
    values: dict[str, str] = {}
    as_they_stand_first = sorted(texts, key=lambda text: _value(text) != text)
    for text in as_they_stand_first:
        values[text] = free_name(_value(text), values.values())
    return {text: values[text] for text in texts}


def _value(text: str) -> str:
    value = re.sub(r"[^\w.-]+", "_", text)[:LONGEST] or "empty"
    if value.lower() in TAKEN_WORDS:
        return f"said_{value}"
    return value


def free_name(word: str, taken: Iterable[str]) -> str:
    """The word, or the first of those made of it by a number that is not taken."""
    taken = set(taken)
    number = 2
    free = word
    while free in taken:
        free = f"{word[: LONGEST - 4]}_{number}"
        number += 1
    return free


def values_by_label(fact: FactDefinition) -> dict[str, str]:
    """The value of each label. One that two choices bear names neither of them."""
    values: dict[str, list[str]] = {}
    for choice in fact.choices:
        values.setdefault(choice.label, []).append(choice.value)
    return {label: own[0] for label, own in values.items() if len(own) == 1}
