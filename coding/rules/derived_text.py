"""The table of a derived fact as text, as a draft keeps it and people write it.

A line ``= value`` begins each line of the table; its conditions follow as those of a rule do::

    = high
    items: 3..
    own_reading: yes
    or
    discussion: yes
    = minimal
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coding.decision import FactDefinition, Kind, TableError, format_rows, parse_rows
from coding.decision.facts import DerivedLine, Silence

MARK = "="
SILENT = {"not documented": "not_documented", "conflicting": "conflicting"}


class UnreadableLine(TableError):
    """A text that begins with conditions, before any value that they would give."""


def format_derived(lines: Iterable[DerivedLine], facts: Mapping[str, FactDefinition]) -> str:
    """The table as text."""
    texts = []
    for line in lines:
        conditions = format_rows(line.rows, facts)
        texts.append(f"{MARK} {_word(line)}\n{conditions}".strip())
    return "\n".join(texts)


def _word(line: DerivedLine) -> str:
    match line.value:
        case Silence() as silence:
            return silence.value.replace("_", " ")
        case known if isinstance(known.value, bool):
            return "yes" if known.value else "no"
    return str(line.value.value)


def parse_derived(
    text: str, kind: str, earlier: Sequence[FactDefinition], place: str
) -> list[dict[str, Any]]:
    """The document form of a table as text; ``earlier`` are the facts that it may test."""
    lines = []
    for number, (value, conditions) in enumerate(_values_with_conditions(text, place), start=1):
        rows = parse_rows(conditions, earlier, f"{place}, line {number}")
        lines.append({"value": _value(value, kind), "rows": rows})
    return lines


def _values_with_conditions(text: str, place: str) -> list[tuple[str, str]]:
    """The values of a table, each with the conditions under it as text."""
    parts: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        words = line.strip()
        if not words:
            continue
        if words.startswith(MARK):
            value = words.removeprefix(MARK).strip()
            parts.append((value, []))
        elif not parts:
            raise UnreadableLine(
                f"{place}: begin with a value, such as “{MARK} high”; “{words}” stands before any."
            )
        else:
            _, conditions = parts[-1]
            conditions.append(words)
    return [(value, "\n".join(conditions)) for value, conditions in parts]


def _value(text: str, kind: str) -> str | bool:
    if kind == Kind.YES_NO and text in ("yes", "no"):
        return text == "yes"
    return SILENT.get(text, text)
