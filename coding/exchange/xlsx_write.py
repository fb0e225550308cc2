"""A whole rule set as a workbook: its rules as a decision table, its questions, and what travels with it."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from coding.decision import FactDefinition, RuleTable, canonical_json
from coding.decision.table import SupportingDiagnoses
from coding.exchange.decision_rows import (
    BEFORE,
    after_of,
    cell_texts,
    columns_of,
    joined,
    rule_rows,
)
from coding.exchange.errors import Inexpressible
from coding.exchange.json_file import RuleSetFile
from coding.exchange.xlsx_beside import (
    CASES_SHEET,
    LEXICON_SHEET,
    TERM_COLUMNS,
    case_columns,
    case_rows,
    frame_of,
    term_rows,
)
from coding.exchange.xlsx_columns import (
    ABOUT,
    CHOICES,
    CLAIM,
    FACTS,
    GRIDS,
    LEXICON,
    LISTS,
    MORE_OF_FACTS,
    OPENING,
    Sheet,
    words_of,
)
from coding.exchange.xlsx_further import (
    DERIVED,
    DERIVED_COLUMNS,
    GROUP_COLUMNS,
    GROUPS,
    LINE_COLUMNS,
    LINES,
    derived_rows,
    further_lines,
    group_rows,
    named_rows,
)
from coding.tables.xlsx_values import LONGEST_CELL


def write_xlsx(table: RuleTable) -> bytes:
    """The workbook of the rules alone."""
    return write_workbook(RuleSetFile(table))


def write_workbook(file: RuleSetFile) -> bytes:
    """The workbook; every cell is text, so that no spreadsheet makes a number or a formula of it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        plain = {"text_wrap": True, "valign": "top"}
        header_style = book.add_format({"bold": True, "bg_color": "#E8EEF4", **plain})
        text_style = book.add_format(plain)
        for name, rows in _sheets(file).items():
            _write_sheet(book.add_worksheet(name), rows, header_style, text_style, name)
    return out.getvalue()


def _write_sheet(sheet: Any, rows: Sheet, header_style: Any, text_style: Any, name: str) -> None:
    headers = 2 if name in GRIDS else 1
    for row, cells in enumerate(rows):
        style = header_style if row < headers else text_style
        for column, text in enumerate(cells):
            _check_cell(text, f"{name}, row {row + 1}")
            sheet.write_string(row, column, text, style)
    sheet.freeze_panes(headers, 1)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, max(len(rows[0]) - 1, 1), 26)


def _check_cell(text: str, place: str) -> None:
    if len(text) > LONGEST_CELL:
        raise Inexpressible(
            f"{place}: a cell of a workbook holds {LONGEST_CELL:,} characters. Export as JSON."
        )
    if "\ufffe" in text or "\uffff" in text:
        raise Inexpressible(
            f"{place}: “{text[:40]}” has a character that no workbook holds. Export as JSON."
        )


def _sheets(file: RuleSetFile) -> dict[str, Sheet]:
    table = file.table
    document = table.to_document()
    modifiers = [(line.modifier, line.rows) for line in table.modifiers]
    diagnoses = [(_codes(line), line.rows) for line in table.diagnoses]
    return {
        "Rules": [*_headers(table, BEFORE, after_of(table)), *rule_rows(table)],
        "Questions": _questions(document["facts"]),
        "Choices": [list(CHOICES), *_choice_texts(table.facts)],
        "Modifiers": _lines(table, "modifier", modifiers),
        "Supporting diagnoses": _lines(table, "codes", diagnoses),
        "About": [["what", "text"], *_about(file, document)],
        **_further_sheets(table),
        **_sheets_beside(file),
    }


def _about(file: RuleSetFile, document: Mapping[str, Any]) -> Sheet:
    rows = [[name, document[name]] for name in ABOUT]
    for what, name in LISTS.items():
        rows += [[what, text] for text in document[name]]

    opening = file.table.opening.to_document()
    if opening:
        rows.append([OPENING, canonical_json(opening)])
    if file.table.claim:
        rows.append([CLAIM, canonical_json(document[CLAIM])])
    if file.lexicon:
        rows.append([LEXICON, canonical_json(frame_of(file.lexicon))])
    return rows


def _questions(facts: Sequence[Mapping[str, Any]]) -> Sheet:
    named: set[str] = set().union(*facts)
    needed = [name for name in MORE_OF_FACTS if name in named]
    columns = [*FACTS, *needed]
    rows = [_fact_texts(fact, columns) for fact in facts]
    return [columns, *rows]


def _sheets_beside(file: RuleSetFile) -> dict[str, Sheet]:
    """The sheets of what travels with the rules."""
    sheets: dict[str, Sheet] = {}
    if file.lexicon:
        sheets[LEXICON_SHEET] = [list(TERM_COLUMNS), *term_rows(file.lexicon)]
    if file.cases is not None:
        sheets[CASES_SHEET] = [case_columns(file.table), *case_rows(file.table, file.cases)]
    return sheets


def _further_sheets(table: RuleTable) -> dict[str, Sheet]:
    """The sheets that only some rule sets have."""
    sheets: dict[str, Sheet] = {}
    if table.derived:
        sheets[DERIVED] = [
            *_headers(table, DERIVED_COLUMNS),
            *named_rows(table, derived_rows(table)),
        ]
    if table.lines:
        sheets[LINES] = [*_headers(table, LINE_COLUMNS), *named_rows(table, further_lines(table))]
    if table.groups:
        sheets[GROUPS] = [list(GROUP_COLUMNS), *group_rows(table)]
    return sheets


def _headers(table: RuleTable, before: Sequence[str], after: Sequence[str] = ()) -> Sheet:
    """The header of keys, and below it the words for people."""
    keys = columns_of(table, before, after)
    labels = [fact.label for fact in table.facts]
    return [keys, [*words_of(before), *labels, *words_of(after)]]


def _codes(line: SupportingDiagnoses) -> str:
    return joined(line.codes, "Supporting diagnoses")


def _fact_texts(fact: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    texts = dict(fact)
    if fact.get("asked_first"):
        texts["asked_first"] = "yes"
    return [str(texts.get(name, "")) for name in columns]


def _choice_texts(facts: Iterable[FactDefinition]) -> list[list[str]]:
    rows = []
    for fact in facts:
        rows += [[fact.key, choice.value, choice.label] for choice in fact.choices]
    return rows


def _lines(table: RuleTable, name: str, lines: Iterable[tuple[str, Any]]) -> Sheet:
    sheet = _headers(table, (name,))
    for text, alternatives in lines:
        # Else two lines of one name would be read as alternatives of one line.
        if len(sheet) > 2 and sheet[-1][0] == text:
            sheet.append([])
        sheet += [[text, *cell_texts(table, row)] for row in alternatives]
    return sheet
