"""Decision tables out of DMN files, of Concord and of other tools: FIRST, UNIQUE and ANY, with common unary tests."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from coding.decision import FactDefinition, Kind, RuleTable
from coding.decision.facts import SILENCES
from coding.exchange.decision_rows import RuleRow, rules_document
from coding.exchange.dmn_model import Grid, Input, Line, read_grid
from coding.exchange.dmn_overlaps import check_no_overlap
from coding.exchange.dmn_questions import (
    NULL,
    SILENT,
    UNTESTED,
    Question,
    check_expression,
    keys_of,
    place_of,
    question_of_moments,
    questions_of,
)
from coding.exchange.dmn_results import (
    check_codes,
    code_output,
    foreign_texts,
    is_export,
    is_own,
    own_texts,
    with_own_ids,
)
from coding.exchange.dmn_silences import silences_of, without_silence_inputs
from coding.exchange.errors import UnreadableFile
from coding.exchange.unary_tests import read_ranges, read_texts, text_cell

POLICIES = ("FIRST", "UNIQUE", "ANY")
# Ranges in several cells of a rule multiply.
MOST_ROWS = 20_000

Columns = Sequence["Question | _Known"]


def read_dmn(
    content: bytes, base: RuleTable | None = None, *, decision: str = "", output: str = ""
) -> RuleTable:
    """The rule set ``base`` with the rules of the file; without it, a rule set with plain questions for its inputs.

    ``decision`` names one of several decisions, ``output`` the one of several outputs that is the code. What is not
    understood is refused with its cell.
    """
    grid = read_grid(content, decision)
    grid = without_empty_inputs(grid)
    grid = _with_default(grid)
    grid = without_silence_inputs(grid)
    if grid.policy not in POLICIES:
        raise UnreadableFile(
            f"The hit policy {grid.policy} is not read: only FIRST, UNIQUE and ANY are."
        )
    own_keys = set(base.fact_by_key) if base is not None else set()
    _check_names(grid, own_keys)

    code_place = None
    if output or not is_own(grid):
        code_place = code_output(grid, output)
    texts = _texts(grid, code_place)

    if base is not None:
        document = base.to_document()
        columns: Columns = _known(grid, base)
    else:
        questions, notes = questions_of(grid)
        columns = questions
        document = _document(grid, questions, texts, _notes(grid, code_place, notes))

    # Read without rules first: whether they can apply together hangs on what the facts are.
    without_rules = {**document, "rules": [], "modifiers": [], "diagnoses": []}
    facts = RuleTable.from_document(without_rules).fact_by_key
    rows = _rows(grid, columns, texts)
    if not rows:
        raise UnreadableFile(f"The table of “{grid.name}” has no rule. Choose another file.")
    document["hit_policy"] = _policy(grid, rows, facts)
    document["rules"] = rules_document(rows)
    return RuleTable.from_document(document)


def without_empty_inputs(grid: Grid) -> Grid:
    """The table without the columns that a tool adds empty: they name no input, and no rule tests them."""
    kept = []
    for place, column in enumerate(grid.inputs):
        if column.has_expression or _is_tested(grid, place):
            kept.append(place)
    if len(kept) == len(grid.inputs):
        return grid

    inputs = tuple(grid.inputs[place] for place in kept)
    lines = []
    for line in grid.lines:
        tests = tuple(line.tests[place] for place in kept)
        lines.append(replace(line, tests=tests))
    return replace(grid, inputs=inputs, lines=tuple(lines))


def _is_tested(grid: Grid, place: int) -> bool:
    return any(line.tests[place] not in UNTESTED for line in grid.lines)


def _with_default(grid: Grid) -> Grid:
    """What results where no rule applies, as a last rule."""
    defaults = tuple(output.default for output in grid.outputs)
    if not any(defaults):
        return grid
    last = Line(
        number=len(grid.lines) + 1,
        id="default",
        tests=("-",) * len(grid.inputs),
        results=defaults,
        note="The default output of the table.",
    )
    return replace(grid, lines=(*grid.lines, last))


def _check_names(grid: Grid, keys: set[str]) -> None:
    for column in grid.inputs:
        check_expression(column, keys | grid.names)
    _check_each_once("inputs", [column.expression for column in grid.inputs])
    _check_each_once("outputs", [output.name for output in grid.outputs])


def _check_each_once(what: str, names: Sequence[str]) -> None:
    for name in names:
        # Several outputs may have no name.
        if name and names.count(name) > 1:
            raise UnreadableFile(f"Two {what} are called “{name}”. Join them in one column.")


def _texts(grid: Grid, code_place: int | None) -> list[dict[str, str]]:
    if code_place is None:
        return [own_texts(grid, number, line) for number, line in enumerate(grid.lines)]
    check_codes(grid, code_place)
    texts = []
    for number, line in enumerate(grid.lines):
        texts.append(foreign_texts(grid, number, line, code_place))
    return with_own_ids(texts)


def _rows(grid: Grid, columns: Columns, texts: Sequence[Mapping[str, str]]) -> list[RuleRow]:
    """The rows of all rules; counted while they are made, for a short file can mean millions."""
    rows: list[RuleRow] = []
    for number, line in enumerate(grid.lines):
        place = place_of(grid, number)
        alternatives = []
        for column in columns:
            test = line.tests[column.column]
            alternatives.append(column.cells(test, f"{place}, {column.key}"))

        for row in product(*alternatives):
            if len(rows) == MOST_ROWS:
                raise UnreadableFile(
                    f"{place}: the lists of ranges up to here make more than {MOST_ROWS:,} rows."
                )
            cells = {}
            for column, cell in zip(columns, row, strict=True):
                if cell is not None:
                    cells[column.key] = cell
            rows.append(RuleRow(place, texts[number], cells))
    return rows


def _policy(grid: Grid, rows: Sequence[RuleRow], facts: Mapping[str, FactDefinition]) -> str:
    """The hit policy of the rule set: where rules that end otherwise never meet, the first counts as any does."""
    # If there is one, it has become the last rule.
    has_default = any(output.default for output in grid.outputs)
    if grid.policy == "FIRST" or (grid.policy == "UNIQUE" and not has_default):
        return grid.policy.lower()

    results = {place_of(grid, number): line.results for number, line in enumerate(grid.lines)}
    default = place_of(grid, len(grid.lines) - 1) if has_default else ""
    compared: list[tuple[str, object, Mapping[str, Any]]] = []
    for row in rows:
        if row.place == default:
            continue
        # Under UNIQUE no two rules may apply, even if they end alike.
        end = results[row.place] if grid.policy == "ANY" else row.place
        compared.append((row.place, end, row.cells))
    check_no_overlap(compared, facts, f"The hit policy {grid.policy} does not allow it.")
    return "first"


def _document(
    grid: Grid,
    columns: Sequence[Question],
    texts: Sequence[Mapping[str, str]],
    notes: Sequence[str],
) -> dict[str, Any]:
    """A rule set around imported rules: its key from its name, a plain question for each input."""
    key = re.sub(r"\W+", "-", grid.name.lower()).strip("-")
    codes = {rule["code"] for rule in texts if rule["code"]}
    return {
        "key": key or "imported",
        "name": grid.name,
        "notes": list(notes),
        "family": sorted(codes),
        "facts": [column.fact for column in columns],
    }


def _notes(grid: Grid, code_place: int | None, of_questions: Sequence[str]) -> list[str]:
    """What a reader of the rules must know; an export asks as it was asked."""
    notes: list[str] = []
    if not is_export(grid):
        notes += of_questions
        notes.append(
            "As in FEEL, an answer that is not documented passes a test of what it is not."
        )
    labels = [f"“{column.label}”" for column in grid.inputs if not column.has_expression]
    if labels:
        notes.append(f"The file gives no expression for {', '.join(labels)}: read by the label.")
    if grid.others:
        notes.append(
            f"The file holds other decisions, which were not read: {', '.join(grid.others)}."
        )
    if code_place is not None and len(grid.outputs) > 1:
        notes.append(
            f"The output “{grid.outputs[code_place].name}” was read as the code, the others as messages."
        )
    return notes


# Into a rule set that has its questions -----------------------------------------------------------


class _Known:
    """A column whose question a rule set has already."""

    def __init__(self, place: int, source: Input, fact: FactDefinition) -> None:
        self.column = place
        self.source = source
        self.definition = fact
        self.key = fact.key
        self.has_silences = all(f'"{silence}"' in source.allowed for silence in SILENCES)

    def cells(self, text: str, place: str) -> list[dict[str, Any] | None]:
        """The alternatives of a test; None tests nothing."""
        fact = self.definition
        if text == NULL:
            return [dict(SILENT)]
        silences = silences_of(text)
        if silences:
            return [{"in": silences}]

        if fact.kind is Kind.WHOLE_NUMBER:
            ranges = read_ranges(text, place, fact.decimals)
            if ranges is None:
                return [None]
            return [{"between": ends} for ends in ranges]

        if fact.kind is Kind.CODE_SET:
            if text in UNTESTED:
                return [None]
            raise UnreadableFile(f"{place}: tests on sets of codes are not read from DMN.")

        listed = read_texts(text, place)
        if listed is None:
            return [None]
        return [text_cell(fact, listed, has_silences=self.has_silences)]


def _known(grid: Grid, base: RuleTable) -> Columns:
    """The columns by key, by the key that a name becomes, or by label."""
    by_key = base.fact_by_key
    columns: list[Question | _Known] = []
    for place, (source, key) in enumerate(zip(grid.inputs, keys_of(grid.inputs), strict=True)):
        name = source.expression
        fact = by_key.get(name) or by_key.get(key) or _called(name, base)
        moments = question_of_moments(grid, place)
        if moments is None:
            columns.append(_Known(place, source, fact))
        else:
            columns.append(_as_known(moments, fact))
    return columns


def _called(name: str, base: RuleTable) -> FactDefinition:
    """The one fact of a label. Raises UnreadableFile where none bears it, or several do."""
    called = [fact for fact in base.facts if fact.label == name]
    if len(called) > 1:
        raise UnreadableFile(
            f"Several questions of the rule set are called “{name}”."
            " Name the input by the key of the one that is meant."
        )
    if not called:
        raise UnreadableFile(f"The rule set has no fact “{name}”, which is an input of the file.")
    return called[0]


def _as_known(moments: Question, fact: FactDefinition) -> Question:
    """A column of moments under the question that the rule set has for it, if that tells the same stretches apart."""
    known = set(fact.values()) if fact.kind is Kind.CHOICE else set()
    missing = [label for label, value in moments.values.items() if value not in known]
    if missing:
        listed = ", ".join(f"“{label}”" for label in missing)
        raise UnreadableFile(
            f"The question “{fact.label}” has no choice {listed}, which the file tells apart. Add it first."
        )
    return replace(moments, fact={**moments.fact, "key": fact.key})
