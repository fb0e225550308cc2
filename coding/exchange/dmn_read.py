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
    grid = without_silence_inputs(_with_default(without_empty_inputs(read_grid(content, decision))))
    if grid.policy not in POLICIES:
        raise UnreadableFile(
            f"The hit policy {grid.policy} is not read: only FIRST, UNIQUE and ANY are."
        )
    _check_names(grid, set(base.fact_by_key) if base else set())
    code_place = None if is_own(grid) and not output else code_output(grid, output)
    texts = _texts(grid, code_place)
    if base is not None:
        document = dict(base.to_document())
        columns: Columns = _known(grid, base)
    else:
        questions, notes = questions_of(grid)
        columns = questions
        document = _document(grid, questions, texts, _notes(grid, code_place, notes))
    without_rules = {**document, "rules": [], "modifiers": [], "diagnoses": []}
    facts = RuleTable.from_document(without_rules).fact_by_key
    rows = _rows(grid, columns, texts)
    policy = _policy(grid, rows, facts)
    return RuleTable.from_document(
        {**document, "hit_policy": policy, "rules": rules_document(rows)}
    )


def without_empty_inputs(grid: Grid) -> Grid:
    """The table without the columns that a tool adds empty: they name no input, and no rule tests them."""
    kept = [
        place
        for place, column in enumerate(grid.inputs)
        if column.has_expression or _is_tested(grid, place)
    ]
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
        len(grid.lines) + 1,
        "default",
        ("-",) * len(grid.inputs),
        defaults,
        "The default output of the table.",
    )
    return replace(grid, lines=(*grid.lines, last))


def _check_names(grid: Grid, keys: set[str]) -> None:
    for column in grid.inputs:
        check_expression(column, keys | grid.names)
    for what, names in (
        ("inputs", [column.expression for column in grid.inputs]),
        ("outputs", [output.name for output in grid.outputs]),
    ):
        twice = next((name for name in names if name and names.count(name) > 1), None)
        if twice is not None:
            raise UnreadableFile(f"Two {what} are called “{twice}”. Join them in one column.")


def _texts(grid: Grid, code_place: int | None) -> list[dict[str, str]]:
    if code_place is None:
        return [own_texts(grid, number, line) for number, line in enumerate(grid.lines)]
    check_codes(grid, code_place)
    return with_own_ids(
        [foreign_texts(grid, number, line, code_place) for number, line in enumerate(grid.lines)]
    )


def _rows(grid: Grid, columns: Columns, texts: Sequence[Mapping[str, str]]) -> list[RuleRow]:
    """The rows of all rules; counted while they are made, for a short file can mean millions."""
    rows: list[RuleRow] = []
    for number, line in enumerate(grid.lines):
        place = place_of(grid, number)
        cells = [
            [
                (column.key, cell)
                for cell in column.cells(line.tests[column.column], f"{place}, {column.key}")
            ]
            for column in columns
        ]
        for row in product(*cells):
            if len(rows) == MOST_ROWS:
                raise UnreadableFile(
                    f"{place}: the lists of ranges up to here make more than {MOST_ROWS:,} rows."
                )
            rows.append(
                RuleRow(place, texts[number], {key: cell for key, cell in row if cell is not None})
            )
    return rows


def _policy(grid: Grid, rows: Sequence[RuleRow], facts: Mapping[str, FactDefinition]) -> str:
    """The hit policy of the rule set: where rules that end otherwise never meet, the first counts as any does."""
    has_default = (
        bool(grid.lines)
        and grid.lines[-1].id == "default"
        and any(output.default for output in grid.outputs)
    )
    if grid.policy == "FIRST" or (grid.policy == "UNIQUE" and not has_default):
        return grid.policy.lower()
    results = {place_of(grid, number): line.results for number, line in enumerate(grid.lines)}
    last = place_of(grid, len(grid.lines) - 1) if has_default else ""
    # Under UNIQUE no two rules may apply, even if they end alike.
    compared = [
        (row.place, results[row.place] if grid.policy == "ANY" else row.place, row.cells)
        for row in rows
        if row.place != last
    ]
    check_no_overlap(compared, facts, f"The hit policy {grid.policy} does not allow it.")
    return "first"


def _document(
    grid: Grid,
    columns: Sequence[Question],
    texts: Sequence[Mapping[str, str]],
    notes: Sequence[str],
) -> dict[str, Any]:
    """A rule set around imported rules: its key from its name, a plain question for each input."""
    return {
        "key": re.sub(r"\W+", "-", grid.name.lower()).strip("-") or "imported",
        "name": grid.name,
        "notes": list(notes),
        "family": sorted({rule["code"] for rule in texts} - {""}),
        "facts": [column.fact for column in columns],
    }


def _notes(grid: Grid, code_place: int | None, of_questions: Sequence[str]) -> list[str]:
    """What a reader of the rules must know; an export asks as it was asked."""
    feel = "As in FEEL, an answer that is not documented passes a test of what it is not."
    notes = [] if is_export(grid) else [*of_questions, feel]
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
        if silences := silences_of(text):
            return [{"in": silences}]
        if fact.kind is Kind.WHOLE_NUMBER:
            ranges = read_ranges(text, place, fact.decimals)
            return [None] if ranges is None else [{"between": ends} for ends in ranges]
        if fact.kind is Kind.CODE_SET:
            if text in ("", "-"):
                return [None]
            raise UnreadableFile(f"{place}: tests on sets of codes are not read from DMN.")
        listed = read_texts(text, place)
        return [None if listed is None else text_cell(fact, listed, has_silences=self.has_silences)]


def _known(grid: Grid, base: RuleTable) -> list[_Known]:
    """The columns by key, by the key that a name becomes, or by label."""
    labels = {fact.label: fact for fact in base.facts}
    columns = []
    for place, (source, key) in enumerate(zip(grid.inputs, keys_of(grid.inputs), strict=True)):
        facts = base.fact_by_key
        fact = facts.get(source.expression) or facts.get(key) or labels.get(source.expression)
        if fact is None:
            raise UnreadableFile(
                f"The rule set has no fact “{source.expression}”, which is an input of the file."
            )
        columns.append(_Known(place, source, fact))
    return columns
