"""A whole rule set as a workbook: its rules as a decision table, its questions, and what travels with it."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter

from coding.decision import FactDefinition, RuleTable, canonical_json
from coding.decision.opening import MEMBERS
from coding.decision.table import SupportingDiagnoses
from coding.evidence import Lexicon
from coding.exchange.decision_rows import (
    BEFORE,
    RuleRow,
    after_in,
    after_of,
    cell_texts,
    cells_from_texts,
    columns_of,
    fact_columns,
    joined,
    rule_rows,
    rules_document,
)
from coding.exchange.errors import Inexpressible, UnreadableFile
from coding.exchange.json_file import RuleSetFile, lexicon_from_data
from coding.exchange.xlsx_beside import (
    AFTER_ANSWERS,
    BEFORE_ANSWERS,
    CASES_SHEET,
    LEXICON_SHEET,
    TERM_COLUMNS,
    case_columns,
    case_rows,
    cases_document,
    frame_of,
    lexicon_document,
    term_rows,
)
from coding.exchange.xlsx_further import (
    DERIVED,
    DERIVED_COLUMNS,
    GROUP_COLUMNS,
    GROUPS,
    LINE_COLUMNS,
    LINES,
    as_if_asked,
    derived_document,
    derived_rows,
    further_lines,
    group_rows,
    groups_document,
    lines_document,
    named_rows,
    whole,
)
from coding.tables.errors import FileError
from coding.tables.workbook import read_workbook

LONGEST_CELL = 32_767
FACTS = ("key", "kind", "label", "question", "help", "minimum", "maximum", "unit", "asked_first")
# Columns that stand last where a question needs them.
MORE_OF_FACTS = ("decimals", "source")
CHOICES = ("fact", "value", "label")
ABOUT = ("key", "name", "description", "hit_policy")
LISTS = {"note": "notes", "code": "family"}
# As JSON in the sheet "About": what opens its services, the facts that checks of claims ask for, and of a lexicon what
# is not its terms.
OPENING, CLAIM, LEXICON = "opening", "claim", "lexicon"
# A row of words for people stands in these sheets below the header.
GRIDS = ("Rules", "Modifiers", "Supporting diagnoses", DERIVED, LINES)
Sheet = list[list[str]]


def write_xlsx(table: RuleTable) -> bytes:
    """The workbook of the rules alone."""
    return write_workbook(RuleSetFile(table))


def write_workbook(file: RuleSetFile) -> bytes:
    """The workbook; every cell is text, so that no spreadsheet makes a number or a formula of it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        styles = (
            book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top"}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        for name, rows in _sheets(file).items():
            _write_sheet(book.add_worksheet(name), rows, styles, name)
    return out.getvalue()


def _write_sheet(sheet: Any, rows: Sheet, styles: Sequence[Any], name: str) -> None:
    headers = 2 if name in GRIDS else 1
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            _check_cell(text, f"{name}, row {row + 1}")
            sheet.write_string(row, column, text, styles[row >= headers])
    sheet.freeze_panes(headers, 1)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, max(len(rows[0]) - 1, 1), 26)


def _check_cell(text: str, place: str) -> None:
    if len(text) > LONGEST_CELL:
        raise Inexpressible(f"{place}: a cell of a workbook holds {LONGEST_CELL:,} characters. Export as JSON.")
    if "\ufffe" in text or "\uffff" in text:
        raise Inexpressible(f"{place}: “{text[:40]}” has a character that no workbook holds. Export as JSON.")


def _sheets(file: RuleSetFile) -> dict[str, Sheet]:
    table = file.table
    document = table.to_document()
    about = [[name, document[name]] for name in ABOUT]
    about += [[what, text] for what, name in LISTS.items() for text in document[name]]
    if opening := table.opening.to_document():
        about.append([OPENING, canonical_json(opening)])
    if table.claim:
        about.append([CLAIM, canonical_json(document[CLAIM])])
    if file.lexicon:
        about.append([LEXICON, canonical_json(frame_of(file.lexicon))])
    named = set().union(*document["facts"])
    columns = (*FACTS, *(name for name in MORE_OF_FACTS if name in named))
    return {
        "Rules": [*_headers(table, BEFORE, after_of(table)), *rule_rows(table)],
        "Questions": [list(columns), *(_fact_texts(fact, columns) for fact in document["facts"])],
        "Choices": [list(CHOICES), *_choice_texts(table.facts)],
        "Modifiers": _lines(table, "modifier", ((line.modifier, line.rows) for line in table.modifiers)),
        "Supporting diagnoses": _lines(table, "codes", ((_codes(line), line.rows) for line in table.diagnoses)),
        "About": [["what", "text"], *about],
        **_further_sheets(table),
        **_sheets_beside(file),
    }


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
        sheets[DERIVED] = [*_headers(table, DERIVED_COLUMNS), *named_rows(table, derived_rows(table))]
    if table.lines:
        sheets[LINES] = [*_headers(table, LINE_COLUMNS), *named_rows(table, further_lines(table))]
    if table.groups:
        sheets[GROUPS] = [list(GROUP_COLUMNS), *group_rows(table)]
    return sheets


def _headers(table: RuleTable, before: Sequence[str], after: Sequence[str] = ()) -> Sheet:
    """The header of keys, and below it the words for people."""
    labels = [fact.label for fact in table.facts]
    return [columns_of(table, before, after), [*_words(before), *labels, *_words(after)]]


def _words(columns: Iterable[str]) -> list[str]:
    return [column.capitalize() for column in columns]


def _codes(line: SupportingDiagnoses) -> str:
    return joined(line.codes, "Supporting diagnoses")


def _fact_texts(fact: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    texts = {**fact, "asked_first": "yes" if fact.get("asked_first") else ""}
    return [str(texts.get(name, "")) for name in columns]


def _choice_texts(facts: Iterable[FactDefinition]) -> list[list[str]]:
    return [[fact.key, choice.value, choice.label] for fact in facts for choice in fact.choices]


def _lines(table: RuleTable, name: str, lines: Iterable[tuple[str, Any]]) -> Sheet:
    sheet = _headers(table, (name,))
    for text, alternatives in lines:
        # Else two lines of one name would be read as alternatives of one line.
        if len(sheet) > 2 and sheet[-1][0] == text:
            sheet.append([])
        sheet += [[text, *cell_texts(table, row)] for row in alternatives]
    return sheet


def read_xlsx(content: bytes, base: RuleTable | None = None) -> RuleTable:
    """The table of a workbook; it holds everything, so nothing is taken from ``base``."""
    return read_rule_workbook(content).table


def read_rule_workbook(content: bytes) -> RuleSetFile:
    """What a workbook holds. A lexicon, or worked cases, without a sheet of their own are none. Raises TableError."""
    try:
        sheets = read_workbook(content)
    except FileError as error:
        raise UnreadableFile(str(error)) from error
    document = _about_document(sheets)
    frame = document.pop(LEXICON, {})
    table = _table(sheets, document)
    return RuleSetFile(table, _lexicon(sheets, table.key, frame), _cases(sheets, table))


def _lexicon(sheets: Mapping[str, Sheet], key: str, frame: Any) -> Lexicon | None:
    if LEXICON_SHEET not in sheets:
        return None
    if not isinstance(frame, dict):
        raise UnreadableFile(f"About, {LEXICON}: this is no JSON object. Begin with an export.")
    return lexicon_from_data(lexicon_document(key, frame, _sheet(sheets, LEXICON_SHEET, TERM_COLUMNS)))


def _cases(sheets: Mapping[str, Sheet], table: RuleTable) -> tuple[dict[str, Any], ...] | None:
    if CASES_SHEET not in sheets:
        return None
    header, *rows = _rows(sheets, CASES_SHEET)
    keys = fact_columns(header, BEFORE_ANSWERS, AFTER_ANSWERS, table.facts, CASES_SHEET)
    return cases_document(keys, [row for row in rows if any(map(str.strip, row))])


def _table(sheets: Mapping[str, Sheet], document: dict[str, Any]) -> RuleTable:
    facts_document = _facts_document(sheets)
    known = as_if_asked(facts_document, sheets.get(DERIVED, ()))
    # What opens services and which facts claims ask for is checked with the whole document.
    facts = RuleTable.from_document({**document, "facts": known, "rules": []}).facts
    document["facts"] = _with_derived(facts_document, _optional_grid(sheets, DERIVED, DERIVED_COLUMNS, facts), facts)
    document["lines"] = lines_document(_optional_grid(sheets, LINES, LINE_COLUMNS, facts))
    document["groups"] = groups_document(_sheet(sheets, GROUPS, GROUP_COLUMNS)) if GROUPS in sheets else []
    after = after_in([cell for cell in _rows(sheets, "Rules")[0] if cell.strip()])
    document["rules"] = rules_document(filter(None, _grid(sheets, "Rules", BEFORE, after, facts)))
    document["modifiers"] = _lines_document(sheets, "Modifiers", "modifier", facts)
    diagnoses = _lines_document(sheets, "Supporting diagnoses", "codes", facts)
    document["diagnoses"] = [{**line, "codes": line["codes"].split()} for line in diagnoses]
    return RuleTable.from_document(document)


def _optional_grid(
    sheets: Mapping[str, Sheet], name: str, before: Sequence[str], facts: Sequence[FactDefinition]
) -> list[RuleRow | None]:
    return list(_grid(sheets, name, before, (), facts)) if name in sheets else []


def _with_derived(
    facts: Sequence[dict[str, Any]], rows: Sequence[RuleRow | None], definitions: Sequence[FactDefinition]
) -> list[dict[str, Any]]:
    derived = derived_document(rows, definitions)
    return [{**fact, "derived": derived[fact["key"]]} if fact["key"] in derived else fact for fact in facts]


def _rows(sheets: Mapping[str, Sheet], name: str) -> Sheet:
    """The rows of a sheet, all as wide as its header; what is empty altogether keeps its place."""
    if name not in sheets or not sheets[name]:
        raise UnreadableFile(f"The workbook has no sheet “{name}”. Begin with an export.")
    rows = sheets[name]
    width = max((place for place, cell in enumerate(rows[0], start=1) if cell.strip()), default=0)
    for number, row in enumerate(rows, start=1):
        if any(cell.strip() for cell in row[width:]):
            raise UnreadableFile(f"{name}, row {number}: a cell stands to the right of the header. Clear it.")
        if any("\0" in cell for cell in row):
            raise UnreadableFile(f"{name}, row {number}: a cell holds the character NUL. Take it out.")
    return [[*row[:width], *[""] * (width - len(row))] for row in rows]


def _sheet(sheets: Mapping[str, Sheet], name: str, columns: Sequence[str]) -> Sheet:
    header, *rows = _rows(sheets, name)
    if tuple(header) != tuple(columns):
        raise UnreadableFile(f"{name}: the header must be {', '.join(columns)}.")
    return [row for row in rows if any(row)]


def _about_document(sheets: Mapping[str, Sheet]) -> dict[str, Any]:
    document: dict[str, Any] = {name: [] for name in LISTS.values()}
    for what, text in _sheet(sheets, "About", ("what", "text")):
        if what in LISTS:
            document[LISTS[what]].append(text)
        elif what == OPENING:
            document |= _opening(text)
        elif what in (CLAIM, LEXICON):
            document[what] = _from_json(text)
        elif what not in ABOUT:
            raise UnreadableFile(f"About: “{what}” is none of {', '.join((*ABOUT, *LISTS))}.")
        elif what in document:
            raise UnreadableFile(f"About: “{what}” stands there twice. Keep one of them.")
        else:
            document[what] = text
    return document


def _opening(text: str) -> dict[str, Any]:
    """The members in the row that is JSON; they are checked with the whole document."""
    members = _from_json(text)
    if not isinstance(members, dict) or not set(members) <= set(MEMBERS):
        raise UnreadableFile(f"About, {OPENING}: this is no JSON object of {', '.join(MEMBERS)}. Begin with an export.")
    return members


def _from_json(text: str) -> Any:
    """What a cell holds as JSON, which is checked with the whole document; None for what is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _facts_document(sheets: Mapping[str, Sheet]) -> list[dict[str, Any]]:
    choices: dict[str, list[dict[str, str]]] = {}
    for key, value, label in _sheet(sheets, "Choices", CHOICES):
        choices.setdefault(key, []).append({"value": value, "label": label})
    facts = []
    header = tuple(_rows(sheets, "Questions")[0])
    columns = (*FACTS, *(name for name in MORE_OF_FACTS if name in header))
    for row in _sheet(sheets, "Questions", columns):
        texts = {name: text for name, text in zip(columns, row, strict=True) if text}
        fact: dict[str, Any] = {**texts}
        for name in ("minimum", "maximum", "decimals"):
            if name in fact:
                fact[name] = whole(fact[name], f"Questions, {fact.get('key')}, {name}")
        if "asked_first" in fact:
            fact["asked_first"] = _truth(fact["asked_first"], f"Questions, {fact.get('key')}, asked_first")
        if own := choices.pop(fact.get("key", ""), None):
            fact["choices"] = own
        facts.append(fact)
    if choices:
        raise UnreadableFile(f"Choices: there is no question “{next(iter(choices))}”.")
    return facts


def _truth(text: str, place: str) -> bool:
    if text not in ("yes", "no"):
        raise UnreadableFile(f"{place}: “{text}” is neither yes nor no.")
    return text == "yes"


def _grid(
    sheets: Mapping[str, Sheet], name: str, before: Sequence[str], after: Sequence[str], facts: Sequence[FactDefinition]
) -> Iterator[RuleRow | None]:
    """The rows of a sheet of conditions, None for an empty one; the words for people below the header are left out."""
    header, *rows = _rows(sheets, name)
    keys = fact_columns(header, before, after, facts, name)
    first, last = len(before), len(before) + len(keys)
    if rows and rows[0][:first] == _words(before):
        rows[0] = []
    for number, row in enumerate(rows, start=2):
        if not any(map(str.strip, row)):
            yield None
            continue
        place = f"{name}, row {number}"
        texts = dict(zip((*before, *after), (*row[:first], *row[last:]), strict=True))
        yield RuleRow(place, texts, cells_from_texts(facts, keys, row[first:last], place))


def _lines_document(
    sheets: Mapping[str, Sheet], sheet: str, name: str, facts: Sequence[FactDefinition]
) -> list[dict[str, Any]]:
    """Lines of modifiers or diagnoses; rows of one name that follow each other are alternatives."""
    lines: list[dict[str, Any]] = []
    last = None
    for row in _grid(sheets, sheet, (name,), (), facts):
        if row and last and row.texts == last.texts:
            lines[-1]["rows"].append(row.cells)
        elif row:
            lines.append({**row.texts, "rows": [row.cells]})
        last = row
    return lines
