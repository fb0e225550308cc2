"""Rules as rows of text: one column a fact, one row a rule or one of its alternatives."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coding.decision import FactDefinition, RuleTable, parse_rows
from coding.decision.cells import Row, format_cell
from coding.exchange.errors import UnreadableFile
from coding.exchange.spoken_cells import plain_text

BEFORE = ("rule", "title")
AFTER = ("outcome", "code", "message", "basis")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One alternative of a rule: where it stands, the texts of its rule, and its cells as data."""

    place: str
    texts: Mapping[str, str]
    cells: Mapping[str, Any]


def columns_of(table: RuleTable, before: Sequence[str], after: Sequence[str] = ()) -> list[str]:
    """A header: named columns around one for each fact."""
    return [*before, *table.fact_by_key, *after]


def rule_rows(table: RuleTable) -> Iterator[list[str]]:
    """The rules, a row each alternative."""
    for rule in table.rules:
        for row in rule.rows:
            cells = cell_texts(table, row)
            yield [rule.id, rule.title, *cells, rule.outcome.value, rule.code, rule.message, rule.basis]


def cell_texts(table: RuleTable, row: Row) -> list[str]:
    """The cells of a row, empty where a fact is not tested."""
    texts = {cell.fact: format_cell(cell, table.fact_by_key[cell.fact]).partition(": ")[2] for cell in row}
    return [texts.get(key, "") for key in table.fact_by_key]


def fact_columns(
    columns: Sequence[str], before: Sequence[str], after: Sequence[str], facts: Sequence[FactDefinition], place: str
) -> list[str]:
    """The columns of facts, between those that every such table has. Raises UnreadableFile for any other header."""
    end = len(columns) - len(after)
    begins_so = tuple(columns[: len(before)]) == tuple(before)
    ends_so = tuple(columns[end:]) == tuple(after)
    # A header shorter than both could begin and end so all the same.
    if not begins_so or not ends_so or end < len(before):
        ending = f" and end with {', '.join(after)}" if after else ""
        raise UnreadableFile(f"{place}: the header must begin with {', '.join(before)}{ending}.")
    keys = list(columns[len(before) : end])
    known, seen = {fact.key for fact in facts}, set[str]()
    for number, key in enumerate(keys, start=len(before) + 1):
        if key not in known:
            raise UnreadableFile(f"{place}, column {number}: there is no fact “{key}”. Rename or delete the column.")
        if key in seen:
            raise UnreadableFile(f"{place}, column {number}: the header names “{key}” twice. Delete one column.")
        seen.add(key)
    return keys


def cells_from_texts(
    facts: Sequence[FactDefinition], keys: Sequence[str], texts: Sequence[str], place: str
) -> dict[str, Any]:
    by_key = {fact.key: fact for fact in facts}
    lines = [
        f"{key}: {plain_text(by_key[key], ' '.join(text.split()))}"
        for key, text in zip(keys, texts, strict=True)
        if text.strip()
    ]
    alternatives = parse_rows("\n".join(lines), facts, place)
    return alternatives[0]


def rules_document(rows: Iterable[RuleRow]) -> list[dict[str, Any]]:
    """The rules of a document; rows of one rule that follow each other are its alternatives."""
    rules: list[dict[str, Any]] = []
    last: RuleRow | None = None
    places: dict[str, str] = {}
    for row in rows:
        rule_id = row.texts["rule"]
        if last is not None and rule_id == last.texts["rule"]:
            _check_agreement(last, row)
            rules[-1]["rows"].append(row.cells)
        else:
            _check_id(rule_id, places, row.place)
            texts = {name: text for name, text in row.texts.items() if name != "rule" and (text or name != "code")}
            rules.append({"id": rule_id, "rows": [row.cells], **texts})
        places[rule_id] = row.place
        last = row
    return rules


def _check_id(rule_id: str, places: Mapping[str, str], place: str) -> None:
    if not rule_id.strip():
        raise UnreadableFile(f"{place}: the rule has no id. Write one under “rule”.")
    if rule_id in places:
        raise UnreadableFile(
            f"{place}: rule {rule_id} stands in {places[rule_id]} already, and others between."
            " Let alternatives follow each other, or give another rule id."
        )


def _check_agreement(first: RuleRow, other: RuleRow) -> None:
    for name, text in first.texts.items():
        if other.texts[name] != text:
            raise UnreadableFile(
                f"{first.place} and {other.place} are alternatives of rule {first.texts['rule']}, but differ in {name}."
                " Give them the same, or another rule id."
            )
