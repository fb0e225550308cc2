"""The rules of a rule set as a DMN 1.3 decision table, as Camunda Modeler opens it."""

from lxml import etree

from coding.decision import FactDefinition, Kind, RuleTable
from coding.decision.cells import Between, Cell, In
from coding.decision.facts import SILENCES
from coding.exchange.decision_rows import AFTER, BEFORE
from coding.exchange.errors import Inexpressible
from coding.exchange.limits import check_dmn
from coding.exchange.unary_tests import quoted, write_cell

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
OUTPUTS = (*BEFORE, *AFTER)


def write_dmn(table: RuleTable) -> bytes:
    """The decision table: an input for each fact, outputs for rule, title, outcome, code, message and basis.

    What a decision table does not hold stays behind: questions, modifiers and supporting diagnoses. Raises
    Inexpressible for tests on sets of codes and on numbers that are not documented, for derived facts, decimals,
    guards and rules that name other rule sets.
    """
    check_dmn(table)
    definitions = _element(None, "definitions", id="rule-set", name=_safe(table.name), namespace="urn:concord:rules")
    decision = _element(definitions, "decision", id="decision", name=_safe(table.name))
    grid = _element(decision, "decisionTable", id="decision-table", hitPolicy=table.hit_policy.value.upper())
    texts = {fact.key: _holds_texts(table, fact) for fact in table.facts}
    for number, fact in enumerate(table.facts, start=1):
        _input(grid, number, fact, as_text=texts[fact.key])
    for number, name in enumerate(OUTPUTS, start=1):
        _element(grid, "output", id=f"output-{number}", name=name, typeRef="string")
    number = 0
    for rule in table.rules:
        ends = (rule.id, rule.title, rule.outcome.value, rule.code, rule.message, rule.basis)
        for row in rule.rows:
            number += 1
            element = _element(grid, "rule", id=f"row-{number}")
            cells = {cell.fact: cell for cell in row}
            for column, fact in enumerate(table.facts, start=1):
                test = _test(cells.get(fact.key), fact, as_text=texts[fact.key], place=f"rule {rule.id}")
                _text(_element(element, "inputEntry", id=f"row-{number}-input-{column}"), test)
            for column, text in enumerate(ends, start=1):
                _text(_element(element, "outputEntry", id=f"row-{number}-output-{column}"), quoted(_safe(text)))
    return bytes(etree.tostring(definitions, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _test(cell: Cell | None, fact: FactDefinition, *, as_text: bool, place: str) -> str:
    return "-" if cell is None else write_cell(cell, fact, as_text=as_text, place=place)


def _holds_texts(table: RuleTable, fact: FactDefinition) -> bool:
    """Whether a column holds texts: choices do, and yes/no where a rule asks for silence."""
    tests = [cell.test for rule in table.rules for row in rule.rows for cell in row if cell.fact == fact.key]
    silent = any(isinstance(test, In) and test.silences for test in tests)
    return fact.kind is Kind.CHOICE or (fact.kind is Kind.YES_NO and silent)


def _input(grid: etree._Element, number: int, fact: FactDefinition, *, as_text: bool) -> None:
    element = _element(grid, "input", id=f"input-{number}", label=_safe(fact.label))
    kinds = {Kind.YES_NO: "boolean", Kind.WHOLE_NUMBER: "number"}
    kind = "string" if as_text else kinds.get(fact.kind, "string")
    expression = _element(element, "inputExpression", id=f"input-{number}-expression", typeRef=kind)
    _text(expression, fact.key)
    if allowed := _allowed(fact, as_text=as_text):
        _text(_element(element, "inputValues", id=f"input-{number}-values"), allowed)


def _allowed(fact: FactDefinition, *, as_text: bool) -> str:
    """All that an input may be; empty if that need not be said."""
    if as_text:
        values = ["yes", "no"] if fact.kind is Kind.YES_NO else [choice.value for choice in fact.choices]
        return ",".join(quoted(value) for value in (*values, *SILENCES))
    if fact.minimum is None and fact.maximum is None:
        return ""
    return write_cell(Cell(fact.key, Between(fact.minimum, fact.maximum)), fact, as_text=False, place="the rule set")


def _element(parent: etree._Element | None, kind: str, /, **attributes: str) -> etree._Element:
    tag = f"{{{NAMESPACE}}}{kind}"
    if parent is None:
        return etree.Element(tag, attributes, nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    return etree.SubElement(parent, tag, attributes)


def _text(parent: etree._Element, text: str) -> None:
    _element(parent, "text").text = text


def _safe(text: str) -> str:
    """The text, if XML can hold it."""
    if any((ord(sign) < 32 and sign not in "\t\n\r") or sign in "\ufffe\uffff" for sign in text):
        raise Inexpressible(f"XML cannot hold a control character, but “{text[:40]}” has one.")
    return text
