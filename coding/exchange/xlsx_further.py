"""The sheets of a workbook that only some rule sets have: derived facts, further lines, groups.

A rule set that says nothing of them has no such sheet, so that its workbook stays what it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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
    return [
        [
            group.key,
            group.label,
            joined(group.alike, f"group {group.key}"),
            group.aggregate.value,
            group.fact,
        ]
        for group in table.groups
    ]


def named_rows(table: RuleTable, lines: Iterator[Named]) -> Iterator[list[str]]:
    """The rows of named lines; an empty one parts two lines of one name, which would be read as alternatives."""
    last: tuple[str, ...] = ()
    for names, rows in lines:
        if names == last:
            yield []
        yield from ([*names, *cell_texts(table, row)] for row in rows)
        last = names


def as_if_asked(
    facts: Sequence[Mapping[str, Any]], sheet: Sequence[Sequence[str]]
) -> list[Mapping[str, Any]]:
    """Parts of a document with a question for what the sheet derives: it is read only when all facts are known."""
    derived = {row[0] for row in sheet if row}
    return [
        {**fact, "question": "derived"} if fact.get("key") in derived else fact for fact in facts
    ]


def derived_document(
    rows: Sequence[RuleRow | None], facts: Sequence[FactDefinition]
) -> dict[str, list[dict[str, Any]]]:
    """The lines of each derived fact, by its key; rows of one name that follow each other are alternatives."""
    by_key = {fact.key: fact for fact in facts}
    lines: dict[str, list[dict[str, Any]]] = {}
    last = None
    for row in rows:
        if row and last and row.texts == last.texts:
            lines[row.texts["fact"]][-1]["rows"].append(row.cells)
        elif row:
            fact = by_key.get(row.texts["fact"])
            if fact is None:
                raise UnreadableFile(
                    f"{row.place}: there is no question “{row.texts['fact']}”. Correct the key."
                )
            own = {"value": _value(fact, row.texts["value"], row.place), "rows": [row.cells]}
            lines.setdefault(fact.key, []).append(own)
        last = row
    return lines


def _value(fact: FactDefinition, text: str, place: str) -> Any:
    """A value as the document has it."""
    values = (
        {"yes": True, "no": False}
        if not fact.choices
        else {choice.value: choice.value for choice in fact.choices}
    )
    known: dict[str, Any] = {**values, **{silence: silence for silence in SILENCES}}
    if text not in known:
        raise UnreadableFile(
            f"{place}: “{text}” is no value of {fact.key}. Write one of {', '.join(known)}."
        )
    return known[text]


def lines_document(rows: Sequence[RuleRow | None]) -> list[dict[str, Any]]:
    """The further lines of a document."""
    lines: list[dict[str, Any]] = []
    last = None
    for row in rows:
        if row and last and row.texts == last.texts:
            lines[-1]["rows"].append(row.cells)
        elif row:
            lines.append({"code": row.texts["code"], "rows": [row.cells], "units": _units(row)})
        last = row
    return lines


def _units(row: RuleRow) -> Any:
    texts = row.texts
    if not texts["units_of"]:
        return whole(texts["units"] or "1", f"{row.place}, units")
    if texts["units"]:
        raise UnreadableFile(
            f"{row.place}: units are a number, or those of a fact under units_of; not both."
        )
    step = {name: whole(texts[name], f"{row.place}, {name}") for name in ("first", "each")}
    return {"fact": texts["units_of"], **step}


def groups_document(rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """The groups of a document."""
    groups = [dict(zip(GROUP_COLUMNS, row, strict=True)) for row in rows]
    return [{**group, "alike": group["alike"].split()} for group in groups]


def whole(text: str, place: str) -> int:
    """A whole number of a cell."""
    if not text.removeprefix("-").isdecimal() or len(text) > 18:
        raise UnreadableFile(f"{place}: “{text}” is no whole number.")
    return int(text)
