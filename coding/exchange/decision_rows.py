"""Rules as rows of text: one column a fact, one row a rule or one of its alternatives."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coding.decision import FactDefinition, Rule, RuleTable, parse_rows
from coding.decision.cells import Row
from coding.decision.condition_text import format_test
from coding.exchange.errors import Inexpressible, UnreadableFile
from coding.exchange.spoken_cells import plain_text

BEFORE = ("rule", "title")
AFTER = ("outcome", "code", "message", "basis")
# Keys, with spaces between them, in columns that stand last where a rule needs them.
LISTED = ("see", "guards")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One alternative of a rule: where it stands, the texts of its rule, and its cells as data."""

    place: str
    texts: Mapping[str, str]
    cells: Mapping[str, Any]


def columns_of(table: RuleTable, before: Sequence[str], after: Sequence[str] = ()) -> list[str]:
    """A header: named columns around one for each fact."""
    return [*before, *table.fact_by_key, *after]


def after_of(table: RuleTable) -> tuple[str, ...]:
    """The columns behind the facts: those that every table has, and of ``LISTED`` what some rule says."""
    listed = [name for name in LISTED if _is_said(table, name)]
    return (*AFTER, *listed)


def _is_said(table: RuleTable, name: str) -> bool:
    return any(getattr(rule, name) for rule in table.rules)


def after_in(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns behind the facts of a header that is read."""
    with_every_list = (*AFTER, *LISTED)
    with_one_list = [(*AFTER, name) for name in LISTED]
    for after in (with_every_list, *with_one_list):
        if tuple(columns[-len(after) :]) == after:
            return after
    return AFTER


def rule_rows(table: RuleTable) -> Iterator[list[str]]:
    """The rules, a row each alternative."""
    for rule in table.rules:
        ends = rule_ends(table, rule)
        for row in rule.rows:
            yield [rule.id, rule.title, *cell_texts(table, row), *ends]


def rule_ends(table: RuleTable, rule: Rule) -> list[str]:
    """What stands behind the facts of a rule, in the columns of ``after_of``."""
    listed = after_of(table)[len(AFTER) :]
    keys = [joined(getattr(rule, name), f"rule {rule.id}, {name}") for name in listed]
    return [rule.outcome.value, rule.code, rule.message, rule.basis, *keys]


def joined(keys: Sequence[str], place: str) -> str:
    """Several keys or codes as one text."""
    if " ".join(keys).split() != list(keys):
        raise Inexpressible(
            f"{place}: “{', '.join(keys)}” cannot stand in one cell, for a space is in it."
        )
    return " ".join(keys)


def cell_texts(table: RuleTable, row: Row) -> list[str]:
    """The cells of a row, empty where a fact is not tested."""
    texts = {}
    for cell in row:
        texts[cell.fact] = format_test(cell, table.fact_by_key[cell.fact])
    return [texts.get(key, "") for key in table.fact_by_key]


def fact_columns(
    columns: Sequence[str],
    before: Sequence[str],
    after: Sequence[str],
    facts: Sequence[FactDefinition],
    place: str,
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
    known = {fact.key for fact in facts}
    seen: set[str] = set()
    for number, key in enumerate(keys, start=len(before) + 1):
        if key not in known:
            raise UnreadableFile(
                f"{place}, column {number}: there is no fact “{key}”. Rename or delete the column."
            )
        if key in seen:
            raise UnreadableFile(
                f"{place}, column {number}: the header names “{key}” twice. Delete one column."
            )
        seen.add(key)
    return keys


def cells_from_texts(
    facts: Sequence[FactDefinition], keys: Sequence[str], texts: Sequence[str], place: str
) -> dict[str, Any]:
    by_key = {fact.key: fact for fact in facts}
    lines = []
    for key, text in zip(keys, texts, strict=True):
        # A break within a cell would begin another line of conditions.
        on_one_line = " ".join(text.split())
        if on_one_line:
            lines.append(f"{key}: {plain_text(by_key[key], on_one_line)}")

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
            rules.append({"id": rule_id, "rows": [row.cells], **_texts(row)})
        places[rule_id] = row.place
        last = row
    return rules


def _texts(row: RuleRow) -> dict[str, Any]:
    """The texts of a rule beside its id; what may be missing is left out where it is empty."""
    texts: dict[str, Any] = {}
    for name, text in row.texts.items():
        may_be_missing = name == "code" or name in LISTED
        if name == "rule" or (may_be_missing and not text):
            continue
        texts[name] = text.split() if name in LISTED else text
    return texts


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
