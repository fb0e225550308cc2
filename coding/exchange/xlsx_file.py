"""A whole rule set as a workbook: its rules as a decision table, its questions, modifiers and diagnoses."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from coding.decision import FactDefinition, RuleTable
from coding.exchange.decision_rows import (
    AFTER,
    BEFORE,
    RuleRow,
    cell_texts,
    cells_from_texts,
    columns_of,
    fact_columns,
    rule_rows,
    rules_document,
)
from coding.exchange.errors import Inexpressible, UnreadableFile
from coding.workbook import WorkbookError, read_workbook

LONGEST_CELL = 32_767
FACTS = ("key", "kind", "label", "question", "help", "minimum", "maximum", "unit", "asked_first")
CHOICES = ("fact", "value", "label")
ABOUT = ("key", "name", "description", "hit_policy")
Sheet = list[list[str]]


def write_xlsx(table: RuleTable) -> bytes:
    """The workbook; every cell is text, so that no spreadsheet makes a number or a formula of it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        styles = (
            book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top"}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        for name, rows in _sheets(table).items():
            _write_sheet(book.add_worksheet(name), rows, styles, name)
    return out.getvalue()


def _write_sheet(sheet: Any, rows: Sheet, styles: Sequence[Any], name: str) -> None:
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if len(text) > LONGEST_CELL:
                raise Inexpressible(f"{name}, row {row + 1}: a cell of a workbook holds {LONGEST_CELL:,} characters.")
            sheet.write_string(row, column, text, styles[row > 0])
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, max(len(rows[0]) - 1, 1), 26)


def _sheets(table: RuleTable) -> dict[str, Sheet]:
    document = table.to_document()
    about = [[name, document[name]] for name in ABOUT]
    about += [["note", note] for note in table.notes] + [["code", code] for code in table.family]
    return {
        "Rules": [columns_of(table, BEFORE, AFTER), *rule_rows(table)],
        "Questions": [list(FACTS), *(_fact_texts(fact) for fact in document["facts"])],
        "Choices": [list(CHOICES), *_choice_texts(table.facts)],
        "Modifiers": _lines(table, "modifier", ((line.modifier, line.rows) for line in table.modifiers)),
        "Supporting diagnoses": _lines(table, "codes", ((" ".join(line.codes), line.rows) for line in table.diagnoses)),
        "About": [["what", "text"], *about],
    }


def _fact_texts(fact: Mapping[str, Any]) -> list[str]:
    texts = {**fact, "asked_first": "yes" if fact.get("asked_first") else ""}
    return [str(texts.get(name, "")) for name in FACTS]


def _choice_texts(facts: Iterable[FactDefinition]) -> list[list[str]]:
    return [[fact.key, choice.value, choice.label] for fact in facts for choice in fact.choices]


def _lines(table: RuleTable, name: str, lines: Iterable[tuple[str, Any]]) -> Sheet:
    rows = [[text, *cell_texts(table, row)] for text, alternatives in lines for row in alternatives]
    return [columns_of(table, (name,)), *rows]


def read_xlsx(content: bytes, base: RuleTable | None = None) -> RuleTable:
    """The table of a workbook; it holds everything, so nothing is taken from ``base``."""
    try:
        sheets = read_workbook(content)
    except WorkbookError as error:
        raise UnreadableFile(str(error)) from error
    about = _sheet(sheets, "About", ("what", "text"))
    document: dict[str, Any] = {what: text for what, text in about if what in ABOUT}
    document["notes"] = [text for what, text in about if what == "note"]
    document["family"] = [text for what, text in about if what == "code"]
    document["facts"] = _facts_document(sheets)
    facts = RuleTable.from_document({**document, "rules": []}).facts
    document["rules"] = rules_document(_rule_rows(sheets, facts))
    document["modifiers"] = _lines_document(sheets, "Modifiers", "modifier", facts)
    diagnoses = _lines_document(sheets, "Supporting diagnoses", "codes", facts)
    document["diagnoses"] = [{**line, "codes": line["codes"].split()} for line in diagnoses]
    return RuleTable.from_document(document)


def _rows(sheets: Mapping[str, Sheet], name: str) -> Sheet:
    """The rows of a sheet, all as wide as its header; what is empty altogether keeps its place."""
    if name not in sheets or not sheets[name]:
        raise UnreadableFile(f"The workbook has no sheet “{name}”. Begin with an export.")
    rows = sheets[name]
    width = max((place for place, cell in enumerate(rows[0], start=1) if cell.strip()), default=0)
    for number, row in enumerate(rows, start=1):
        if any(cell.strip() for cell in row[width:]):
            raise UnreadableFile(f"{name}, row {number}: a cell stands to the right of the header.")
    return [[*row[:width], *[""] * (width - len(row))] for row in rows]


def _sheet(sheets: Mapping[str, Sheet], name: str, columns: Sequence[str]) -> Sheet:
    header, *rows = _rows(sheets, name)
    if tuple(header) != tuple(columns):
        raise UnreadableFile(f"{name}: the header must be {', '.join(columns)}.")
    return [row for row in rows if any(row)]


def _facts_document(sheets: Mapping[str, Sheet]) -> list[dict[str, Any]]:
    choices: dict[str, list[dict[str, str]]] = {}
    for key, value, label in _sheet(sheets, "Choices", CHOICES):
        choices.setdefault(key, []).append({"value": value, "label": label})
    facts = []
    for row in _sheet(sheets, "Questions", FACTS):
        texts = {name: text for name, text in zip(FACTS, row, strict=True) if text}
        fact: dict[str, Any] = {**texts}
        for name in ("minimum", "maximum"):
            if name in fact:
                fact[name] = _number(fact[name], f"Questions, {fact.get('key')}, {name}")
        if "asked_first" in fact:
            fact["asked_first"] = fact["asked_first"].lower() == "yes"
        if own := choices.pop(fact.get("key", ""), None):
            fact["choices"] = own
        facts.append(fact)
    if choices:
        raise UnreadableFile(f"Choices: there is no question “{next(iter(choices))}”.")
    return facts


def _number(text: str, place: str) -> int:
    if not text.removeprefix("-").isdecimal() or len(text) > 18:
        raise UnreadableFile(f"{place}: “{text}” is no whole number.")
    return int(text)


def _rule_rows(sheets: Mapping[str, Sheet], facts: Sequence[FactDefinition]) -> Iterable[RuleRow]:
    header, *rows = _rows(sheets, "Rules")
    keys = fact_columns(header, BEFORE, AFTER, "Rules")
    first, last = len(BEFORE), len(BEFORE) + len(keys)
    for number, row in enumerate(rows, start=2):
        if any(row):
            texts = dict(zip((*BEFORE, *AFTER), (*row[:first], *row[last:]), strict=True))
            place = f"Rules, row {number}"
            yield RuleRow(place, texts, cells_from_texts(facts, keys, row[first:last], place))


def _lines_document(
    sheets: Mapping[str, Sheet], sheet: str, name: str, facts: Sequence[FactDefinition]
) -> list[dict[str, Any]]:
    """Lines of modifiers or diagnoses; rows of one name that follow each other are alternatives."""
    header, *rows = _rows(sheets, sheet)
    keys = fact_columns(header, (name,), (), sheet)
    lines: list[dict[str, Any]] = []
    for number, row in enumerate(rows, start=2):
        if any(row):
            cells = cells_from_texts(facts, keys, row[1:], f"{sheet}, row {number}")
            if lines and lines[-1][name] == row[0]:
                lines[-1]["rows"].append(cells)
            else:
                lines.append({name: row[0], "rows": [cells]})
    return lines
