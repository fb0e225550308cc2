"""A whole rule set out of a workbook: its rules, its questions, and what travels with it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coding.decision import FactDefinition, RuleTable
from coding.decision.opening import MEMBERS
from coding.evidence import Lexicon
from coding.exchange.decision_rows import (
    BEFORE,
    RuleRow,
    after_in,
    cells_from_texts,
    fact_columns,
    rules_document,
)
from coding.exchange.errors import UnreadableFile
from coding.exchange.json_file import RuleSetFile, lexicon_from_data
from coding.exchange.xlsx_beside import (
    AFTER_ANSWERS,
    BEFORE_ANSWERS,
    CASES_SHEET,
    LEXICON_SHEET,
    TERM_COLUMNS,
    cases_document,
    lexicon_document,
)
from coding.exchange.xlsx_columns import (
    ABOUT,
    CHOICES,
    CLAIM,
    FACTS,
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
    alternatives,
    as_if_asked,
    derived_document,
    groups_document,
    lines_document,
    whole,
)
from coding.tables.errors import FileError
from coding.tables.workbook import read_workbook


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
    return RuleSetFile(
        table=table,
        lexicon=_lexicon(sheets, table.key, frame),
        cases=_cases(sheets, table),
    )


def _lexicon(sheets: Mapping[str, Sheet], key: str, frame: Any) -> Lexicon | None:
    if LEXICON_SHEET not in sheets:
        return None
    if not isinstance(frame, dict):
        raise UnreadableFile(f"About, {LEXICON}: this is no JSON object. Begin with an export.")
    terms = _sheet(sheets, LEXICON_SHEET, TERM_COLUMNS)
    return lexicon_from_data(lexicon_document(key, frame, terms))


def _cases(sheets: Mapping[str, Sheet], table: RuleTable) -> tuple[dict[str, Any], ...] | None:
    if CASES_SHEET not in sheets:
        return None
    header, *rows = _rows(sheets, CASES_SHEET)
    keys = fact_columns(header, BEFORE_ANSWERS, AFTER_ANSWERS, table.facts, CASES_SHEET)
    filled = [row for row in rows if any(map(str.strip, row))]
    return cases_document(keys, filled)


def _table(sheets: Mapping[str, Sheet], document: dict[str, Any]) -> RuleTable:
    facts_document = _facts_document(sheets)
    known = as_if_asked(facts_document, sheets.get(DERIVED, ()))
    # What opens services and which facts claims ask for is checked with the whole document.
    facts = RuleTable.from_document({**document, "facts": known, "rules": []}).facts

    derived = _optional_grid(sheets, DERIVED, DERIVED_COLUMNS, facts)
    document["facts"] = _with_derived(facts_document, derived, facts)
    document["lines"] = lines_document(_optional_grid(sheets, LINES, LINE_COLUMNS, facts))
    document["groups"] = []
    if GROUPS in sheets:
        document["groups"] = groups_document(_sheet(sheets, GROUPS, GROUP_COLUMNS))

    after = after_in([cell for cell in _rows(sheets, "Rules")[0] if cell.strip()])
    rules = _grid(sheets, "Rules", BEFORE, after, facts)
    document["rules"] = rules_document(filter(None, rules))

    document["modifiers"] = []
    for first, cells in alternatives(_grid(sheets, "Modifiers", ("modifier",), (), facts)):
        line: dict[str, Any] = {"modifier": first.texts["modifier"], "rows": cells}
        document["modifiers"].append(line)

    document["diagnoses"] = []
    for first, cells in alternatives(_grid(sheets, "Supporting diagnoses", ("codes",), (), facts)):
        line = {"codes": first.texts["codes"].split(), "rows": cells}
        document["diagnoses"].append(line)

    return RuleTable.from_document(document)


def _optional_grid(
    sheets: Mapping[str, Sheet], name: str, before: Sequence[str], facts: Sequence[FactDefinition]
) -> list[RuleRow | None]:
    if name not in sheets:
        return []
    return list(_grid(sheets, name, before, (), facts))


def _with_derived(
    facts: Sequence[dict[str, Any]],
    rows: Sequence[RuleRow | None],
    definitions: Sequence[FactDefinition],
) -> list[dict[str, Any]]:
    lines_by_fact = derived_document(rows, definitions)
    with_derived = []
    for fact in facts:
        lines = lines_by_fact.get(fact["key"])
        with_derived.append({**fact, "derived": lines} if lines else fact)
    return with_derived


def _rows(sheets: Mapping[str, Sheet], name: str) -> Sheet:
    """The rows of a sheet, all as wide as its header; what is empty altogether keeps its place."""
    if name not in sheets or not sheets[name]:
        raise UnreadableFile(f"The workbook has no sheet “{name}”. Begin with an export.")

    rows = sheets[name]
    filled = [place for place, cell in enumerate(rows[0], start=1) if cell.strip()]
    width = max(filled, default=0)
    for number, row in enumerate(rows, start=1):
        if any(cell.strip() for cell in row[width:]):
            raise UnreadableFile(
                f"{name}, row {number}: a cell stands to the right of the header. Clear it."
            )
        if any("\0" in cell for cell in row):
            raise UnreadableFile(
                f"{name}, row {number}: a cell holds the character NUL. Take it out."
            )

    as_wide = []
    for row in rows:
        missing = [""] * (width - len(row))
        as_wide.append([*row[:width], *missing])
    return as_wide


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
        raise UnreadableFile(
            f"About, {OPENING}: this is no JSON object of {', '.join(MEMBERS)}. Begin with an export."
        )
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

    header = _rows(sheets, "Questions")[0]
    further = [name for name in MORE_OF_FACTS if name in header]
    columns = [*FACTS, *further]
    facts = []
    for row in _sheet(sheets, "Questions", columns):
        fact = _fact(dict(zip(columns, row, strict=True)))
        own_choices = choices.pop(fact.get("key", ""), None)
        if own_choices:
            fact["choices"] = own_choices
        facts.append(fact)

    if choices:
        raise UnreadableFile(f"Choices: there is no question “{next(iter(choices))}”.")
    return facts


def _fact(texts: Mapping[str, str]) -> dict[str, Any]:
    """A question of the document, without its choices; an empty cell says nothing."""
    place = f"Questions, {texts['key']}"
    fact: dict[str, Any] = {}
    for name, text in texts.items():
        if not text:
            continue
        if name in ("minimum", "maximum", "decimals"):
            fact[name] = whole(text, f"{place}, {name}")
        elif name == "asked_first":
            fact[name] = _truth(text, f"{place}, {name}")
        else:
            fact[name] = text
    return fact


def _truth(text: str, place: str) -> bool:
    if text not in ("yes", "no"):
        raise UnreadableFile(f"{place}: “{text}” is neither yes nor no.")
    return text == "yes"


def _grid(
    sheets: Mapping[str, Sheet],
    name: str,
    before: Sequence[str],
    after: Sequence[str],
    facts: Sequence[FactDefinition],
) -> Iterator[RuleRow | None]:
    """The rows of a sheet of conditions, None for an empty one; the words for people below the header are left out."""
    header, *rows = _rows(sheets, name)
    keys = fact_columns(header, before, after, facts, name)
    first = len(before)
    last = first + len(keys)
    if rows and rows[0][:first] == words_of(before):
        rows[0] = []

    for number, row in enumerate(rows, start=2):
        if not any(map(str.strip, row)):
            yield None
            continue
        place = f"{name}, row {number}"
        around = (*row[:first], *row[last:])
        texts = dict(zip((*before, *after), around, strict=True))
        cells = cells_from_texts(facts, keys, row[first:last], place)
        yield RuleRow(place, texts, cells)
