"""The rules of a rule set as a DMN 1.3 decision table, as Camunda Modeler opens it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from coding.decision import FactDefinition, Kind, RuleTable
from coding.decision.cells import Between, Cell, In
from coding.decision.facts import SILENCES
from coding.exchange.decision_rows import BEFORE, after_of, rule_ends
from coding.exchange.errors import Inexpressible
from coding.exchange.limits import check_dmn
from coding.exchange.unary_tests import DOCUMENTED, SILENCE_OF, quoted, write_cell

DMN_1_3, DMN_1_5 = "1.3", "1.5"
DMN_EDITIONS = {
    DMN_1_3: "https://www.omg.org/spec/DMN/20191111/MODEL/",
    DMN_1_5: "https://www.omg.org/spec/DMN/20230324/MODEL/",
}


@dataclass(frozen=True, slots=True)
class _Column:
    """An input of the table: a fact, or beside a number whether it is documented."""

    name: str
    label: str
    kind: str
    allowed: str
    fact: FactDefinition
    is_silence: bool = False

    def test(self, cell: Cell | None, place: str) -> str:
        """The cell of a row as a unary test of this column."""
        if cell is None or _is_silent_number(cell, self.fact) is not self.is_silence:
            return "-"
        if self.is_silence and isinstance(cell.test, In):
            return ", ".join(quoted(name) for name, silence in SILENCES.items() if silence in cell.test.silences)
        return write_cell(cell, self.fact, as_text=self.kind == "string", place=place)


def write_dmn(table: RuleTable, edition: str = DMN_1_3) -> bytes:
    """The decision table: an input for each fact, outputs for rule, title, outcome, code, message, basis, see, guards.

    Beside a number that a rule asks to be undocumented stands an input of texts, which says whether it is. What a
    decision table does not hold stays behind, and the file says so: questions, modifiers and supporting diagnoses.
    Raises Inexpressible for tests on sets of codes and for derived facts.
    """
    check_dmn(table)
    columns = _columns(table)
    namespace = DMN_EDITIONS[edition]
    about = {"id": "rule-set", "name": _safe(table.name), "namespace": "urn:concord:rules"}
    definitions = etree.Element(f"{{{namespace}}}definitions", about, nsmap={None: namespace})  # type: ignore[dict-item]
    _element(definitions, "description").text = _left_behind(table)
    for number, column in enumerate(columns, start=1):
        data = _element(definitions, "inputData", id=f"data-{number}", name=column.name)
        _element(data, "variable", id=f"data-{number}-variable", name=column.name, typeRef=column.kind)
    decision = _element(definitions, "decision", id="decision", name=_safe(table.name))
    for number in range(1, len(columns) + 1):
        requirement = _element(decision, "informationRequirement", id=f"requirement-{number}")
        _element(requirement, "requiredInput", href=f"#data-{number}")
    _write_grid(decision, table, columns)
    return bytes(etree.tostring(definitions, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _left_behind(table: RuleTable) -> str:
    parts = {
        "the questions and their texts": table.facts,
        "modifiers": table.modifiers,
        "supporting diagnoses": table.diagnoses,
        "further lines": table.lines,
        "groups": table.groups,
        "facts of claim checks": table.claim,
        "what opens its services": table.opening.to_document(),
    }
    listed = ", ".join(name for name, part in parts.items() if part)
    return f"The rules alone. A decision table does not hold: {listed}."


def _write_grid(decision: etree._Element, table: RuleTable, columns: Sequence[_Column]) -> None:
    grid = _element(decision, "decisionTable", id="decision-table", hitPolicy=table.hit_policy.value.upper())
    for number, column in enumerate(columns, start=1):
        _input(grid, number, column)
    for number, name in enumerate((*BEFORE, *after_of(table)), start=1):
        _element(grid, "output", id=f"output-{number}", name=name, typeRef="string")
    rows = ((rule, row) for rule in table.rules for row in rule.rows)
    for number, (rule, row) in enumerate(rows, start=1):
        ends = (rule.id, rule.title, *rule_ends(table, rule))
        element = _element(grid, "rule", id=f"row-{number}")
        cells = {cell.fact: cell for cell in row}
        for place, column in enumerate(columns, start=1):
            test = column.test(cells.get(column.fact.key), f"rule {rule.id}")
            _text(_element(element, "inputEntry", id=f"row-{number}-input-{place}"), test)
        for place, text in enumerate(ends, start=1):
            _text(_element(element, "outputEntry", id=f"row-{number}-output-{place}"), quoted(_safe(text)))


def _columns(table: RuleTable) -> list[_Column]:
    columns = []
    for fact in table.facts:
        as_text = _holds_texts(table, fact)
        kinds = {Kind.YES_NO: "boolean", Kind.WHOLE_NUMBER: "number"}
        kind = "string" if as_text else kinds.get(fact.kind, "string")
        columns.append(_Column(fact.key, fact.label, kind, _allowed(fact, as_text=as_text), fact))
        if any(_is_silent_number(cell, fact) for rule in table.rules for row in rule.rows for cell in row):
            name = f"{fact.key}{SILENCE_OF}"
            if name in table.fact_by_key:
                raise Inexpressible(f"A fact is called {name}, as DMN would say whether {fact.key} is documented.")
            allowed = ",".join(map(quoted, DOCUMENTED))
            columns.append(_Column(name, f"{fact.label}: documented?", "string", allowed, fact, is_silence=True))
    return columns


def _is_silent_number(cell: Cell, fact: FactDefinition) -> bool:
    return cell.fact == fact.key and fact.kind is Kind.WHOLE_NUMBER and isinstance(cell.test, In)


def _holds_texts(table: RuleTable, fact: FactDefinition) -> bool:
    """Whether a column holds texts: choices do, and yes/no where a rule asks for silence."""
    tests = [cell.test for rule in table.rules for row in rule.rows for cell in row if cell.fact == fact.key]
    silent = any(isinstance(test, In) and test.silences for test in tests)
    return fact.kind is Kind.CHOICE or (fact.kind is Kind.YES_NO and silent)


def _input(grid: etree._Element, number: int, column: _Column) -> None:
    element = _element(grid, "input", id=f"input-{number}", label=_safe(column.label))
    expression = _element(element, "inputExpression", id=f"input-{number}-expression", typeRef=column.kind)
    _text(expression, column.name)
    if column.allowed:
        _text(_element(element, "inputValues", id=f"input-{number}-values"), column.allowed)


def _allowed(fact: FactDefinition, *, as_text: bool) -> str:
    """All that an input may be; empty if that need not be said."""
    if as_text:
        values = ["yes", "no"] if fact.kind is Kind.YES_NO else [choice.value for choice in fact.choices]
        return ",".join(quoted(value) for value in (*values, *SILENCES))
    if fact.minimum is None and fact.maximum is None:
        return ""
    return write_cell(Cell(fact.key, Between(fact.minimum, fact.maximum)), fact, as_text=False, place="the rule set")


def _element(parent: etree._Element, kind: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{kind}", attributes)


def _text(parent: etree._Element, text: str) -> None:
    _element(parent, "text").text = text


def _safe(text: str) -> str:
    """The text, if XML can hold it."""
    if any((ord(sign) < 32 and sign not in "\t\n\r") or sign in "\ufffe\uffff" for sign in text):
        raise Inexpressible(f"XML cannot hold a control character, but “{text[:40]}” has one.")
    return text
