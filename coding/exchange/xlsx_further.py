"""The sheets of a workbook that only some rule sets have: derived facts, further lines, groups.

A rule set that says nothing of them has no such sheet, so that its workbook stays what it was.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from coding.decision import FactDefinition, RuleTable, Step
from coding.decision.facts import SILENCES
from coding.exchange.decision_rows import RuleRow, cell_texts, joined
from coding.exchange.errors import UnreadableFile

DERIVED, LINES, GROUPS = "Derived", "Further lines", "Groups"
DERIVED_COLUMNS = ("fact", "value")
LINE_COLUMNS = ("code", "units", "units_of", "first", "each")
GROUP_COLUMNS = ("key", "label", "alike", "aggregate", "fact")
Named = tuple[tuple[str, ...], Any]


def derived_rows(table: RuleTable) -> Iterator[Named]:
    """The lines of derived facts: what they are called, and their rows."""
    for fact in table.derived:
        for line in fact.derived:
            value = line.value.value
            yield (fact.key, _value_text(value)), line.rows


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def further_lines(table: RuleTable) -> Iterator[Named]:
    """The further lines, with a number of units or the number fact that gives it."""
    for line in table.lines:
        match line.units:
            case Step(fact, first, each):
                yield (line.code, "", fact, str(first), str(each)), line.rows
            case units:
                yield (line.code, str(units), "", "", ""), line.rows


def group_rows(table: RuleTable) -> list[list[str]]:
    """The groups, a row each."""
    rows = []
    for group in table.groups:
        alike = joined(group.alike, f"group {group.key}")
        rows.append([group.key, group.label, alike, group.aggregate.value, group.fact])
    return rows


def named_rows(table: RuleTable, lines: Iterator[Named]) -> Iterator[list[str]]:
    """The rows of named lines; an empty one parts two lines of one name, which would be read as alternatives."""
    last: tuple[str, ...] = ()
    for names, rows in lines:
        if names == last:
            yield []
        for row in rows:
            yield [*names, *cell_texts(table, row)]
        last = names


def as_if_asked(
    facts: Sequence[Mapping[str, Any]], sheet: Sequence[Sequence[str]]
) -> list[Mapping[str, Any]]:
    """Parts of a document with a question for what the sheet derives: it is read only when all facts are known."""
    derived = {row[0] for row in sheet if row}
    parts: list[Mapping[str, Any]] = []
    for fact in facts:
        if fact.get("key") in derived:
            parts.append({**fact, "question": "derived"})
        else:
            parts.append(fact)
    return parts


class Alternatives(NamedTuple):
    """A line of a sheet: the first of its rows, and the cells of all of them."""

    first: RuleRow
    cells: list[Mapping[str, Any]]


def alternatives(rows: Iterable[RuleRow | None]) -> list[Alternatives]:
    """Rows of one name that follow each other, as the alternatives of one line; an empty row parts two lines."""
    lines: list[Alternatives] = []
    last: RuleRow | None = None
    for row in rows:
        if row is not None:
            if last is not None and row.texts == last.texts:
                lines[-1].cells.append(row.cells)
            else:
                lines.append(Alternatives(row, [row.cells]))
        last = row
    return lines


def derived_document(
    rows: Sequence[RuleRow | None], facts: Sequence[FactDefinition]
) -> dict[str, list[dict[str, Any]]]:
    """The lines of each derived fact, by its key."""
    by_key = {fact.key: fact for fact in facts}
    lines: dict[str, list[dict[str, Any]]] = {}
    for first, cells in alternatives(rows):
        key = first.texts["fact"]
        fact = by_key.get(key)
        if fact is None:
            raise UnreadableFile(f"{first.place}: there is no question “{key}”. Correct the key.")
        value = _value(fact, first.texts["value"], first.place)
        lines.setdefault(key, []).append({"value": value, "rows": cells})
    return lines


def _value(fact: FactDefinition, text: str, place: str) -> Any:
    """A value as the document has it."""
    known: dict[str, Any] = {choice.value: choice.value for choice in fact.choices}
    if not fact.choices:
        known = {"yes": True, "no": False}
    known |= {silence: silence for silence in SILENCES}

    if text not in known:
        raise UnreadableFile(
            f"{place}: “{text}” is no value of {fact.key}. Write one of {', '.join(known)}."
        )
    return known[text]


def lines_document(rows: Sequence[RuleRow | None]) -> list[dict[str, Any]]:
    """The further lines of a document."""
    lines = []
    for first, cells in alternatives(rows):
        lines.append({"code": first.texts["code"], "rows": cells, "units": _units(first)})
    return lines


def _units(row: RuleRow) -> Any:
    texts = row.texts
    if not texts["units_of"]:
        return whole(texts["units"] or "1", f"{row.place}, units")
    if texts["units"]:
        raise UnreadableFile(
            f"{row.place}: units are a number, or those of a fact under units_of; not both."
        )
    return {
        "fact": texts["units_of"],
        "first": whole(texts["first"], f"{row.place}, first"),
        "each": whole(texts["each"], f"{row.place}, each"),
    }


def groups_document(rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """The groups of a document."""
    groups = []
    for row in rows:
        group: dict[str, Any] = dict(zip(GROUP_COLUMNS, row, strict=True))
        group["alike"] = group["alike"].split()
        groups.append(group)
    return groups


def whole(text: str, place: str) -> int:
    """A whole number of a cell."""
    # No column of a database keeps a number of more digits.
    if not text.removeprefix("-").isdecimal() or len(text) > 18:
        raise UnreadableFile(f"{place}: “{text}” is no whole number.")
    return int(text)
