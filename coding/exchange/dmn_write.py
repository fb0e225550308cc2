"""The rules of a rule set as a DMN 1.3 decision table, as Camunda Modeler opens it; a table more a derived fact."""

import re
from collections.abc import Sequence
from itertools import count

from lxml import etree

from coding.decision import FactDefinition, RuleTable
from coding.decision.cells import Row
from coding.exchange.decision_rows import BEFORE, after_of, rule_ends
from coding.exchange.dmn_columns import Column, columns_of
from coding.exchange.dmn_derived import derived_lines
from coding.exchange.dmn_model import OWN_DECISION, OWN_NAMESPACE
from coding.exchange.errors import Inexpressible
from coding.exchange.unary_tests import quoted

# XML 1.0, section 2.2: of the control characters it has tab, line feed and carriage return alone.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
DMN_1_3, DMN_1_5 = "1.3", "1.5"
DMN_EDITIONS = {
    DMN_1_3: "https://www.omg.org/spec/DMN/20191111/MODEL/",
    DMN_1_5: "https://www.omg.org/spec/DMN/20230324/MODEL/",
}


def write_dmn(table: RuleTable, edition: str = DMN_1_3) -> bytes:
    """The decision table: an input for each fact, outputs for rule, title, outcome, code, message, basis, see, guards.

    Each derived fact is a decision of its own, which those that test it require. Beside a number that may be silent
    stands an input of texts, which says whether it is documented. What decision tables do not hold stays behind, and
    the file says so: questions, modifiers and supporting diagnoses. Raises Inexpressible for tests on sets of codes.
    """
    columns = columns_of(table)
    namespace = DMN_EDITIONS[edition]
    about = {"id": "rule-set", "name": _safe(table.name), "namespace": OWN_NAMESPACE}
    definitions = etree.Element(f"{{{namespace}}}definitions", about, nsmap={None: namespace})  # type: ignore[dict-item]
    _element(definitions, "description").text = _left_behind(table)
    asked = [column for column in columns if not column.fact.derived]
    for number, column in enumerate(asked, start=1):
        own_id = f"data-{number}"
        data = _element(definitions, "inputData", id=own_id, name=column.name)
        variable = _element(data, "variable", id=f"{own_id}-variable", name=column.name)
        variable.set("typeRef", column.kind)

    for fact in table.derived:
        _write_derived(definitions, table, fact, columns)
    decision = _element(definitions, "decision", id=OWN_DECISION, name=_safe(table.name))
    _write_requirements(decision, columns, columns)
    _write_rules(decision, table, columns)
    return bytes(
        etree.tostring(definitions, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    )


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


def _write_requirements(
    decision: etree._Element, columns: Sequence[Column], own: Sequence[Column]
) -> None:
    """What a decision asks for: ``own`` are its columns, ``columns`` those of the rule set."""
    data = [column for column in columns if not column.fact.derived]
    for number, column in enumerate(own, start=1):
        own_id = f"{decision.get('id')}-requirement-{number}"
        requirement = _element(decision, "informationRequirement", id=own_id)
        if column.fact.derived:
            _element(requirement, "requiredDecision", href=f"#{_id_of(column.fact)}")
        else:
            _element(requirement, "requiredInput", href=f"#data-{data.index(column) + 1}")


def _id_of(fact: FactDefinition) -> str:
    return f"derived-{fact.key}"


def _write_derived(
    definitions: etree._Element, table: RuleTable, fact: FactDefinition, columns: Sequence[Column]
) -> None:
    """The decision of a derived fact; its variable is the input of those that test it."""
    own_id = _id_of(fact)
    own = [column for column in columns if column.fact.key in fact.inputs]
    decision = _element(definitions, "decision", id=own_id, name=fact.key, label=_safe(fact.label))
    _element(decision, "variable", id=f"{own_id}-variable", name=fact.key, typeRef="string")
    _write_requirements(decision, columns, own)

    grid = _grid(decision, "UNIQUE", own, [fact.key])
    for number, (row, value) in enumerate(derived_lines(table, fact), start=1):
        place = f"{fact.key}, line {number}"
        _write_row(grid, f"{own_id}-row-{number}", own, row, place, [value])


def _write_rules(decision: etree._Element, table: RuleTable, columns: Sequence[Column]) -> None:
    grid = _grid(decision, table.hit_policy.value.upper(), columns, [*BEFORE, *after_of(table)])
    numbers = count(1)
    for rule in table.rules:
        texts = (rule.id, rule.title, *rule_ends(table, rule))
        results = [quoted(_safe(text)) for text in texts]
        for row in rule.rows:
            own_id = f"row-{next(numbers)}"
            _write_row(grid, own_id, columns, row, f"rule {rule.id}", results)


def _grid(
    decision: etree._Element, policy: str, columns: Sequence[Column], outputs: Sequence[str]
) -> etree._Element:
    own = decision.get("id")
    grid = _element(decision, "decisionTable", id=f"{own}-table", hitPolicy=policy)
    for number, column in enumerate(columns, start=1):
        _input(grid, f"{own}-input-{number}", column)
    for number, name in enumerate(outputs, start=1):
        _element(grid, "output", id=f"{own}-output-{number}", name=name, typeRef="string")
    return grid


def _write_row(
    grid: etree._Element,
    own: str,
    columns: Sequence[Column],
    row: Row,
    place: str,
    results: Sequence[str],
) -> None:
    element = _element(grid, "rule", id=own)
    cells = {cell.fact: cell for cell in row}
    for number, column in enumerate(columns, start=1):
        test = column.test(cells.get(column.fact.key), place)
        _text(_element(element, "inputEntry", id=f"{own}-input-{number}"), test)
    for number, result in enumerate(results, start=1):
        _text(_element(element, "outputEntry", id=f"{own}-output-{number}"), result)


def _input(grid: etree._Element, own: str, column: Column) -> None:
    element = _element(grid, "input", id=own, label=_safe(column.label))
    expression = _element(element, "inputExpression", id=f"{own}-expression", typeRef=column.kind)
    _text(expression, column.name)
    if column.allowed:
        _text(_element(element, "inputValues", id=f"{own}-values"), column.allowed)


def _element(parent: etree._Element, kind: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{kind}", attributes)


def _text(parent: etree._Element, text: str) -> None:
    _element(parent, "text").text = text


def _safe(text: str) -> str:
    """The text, if XML can hold it."""
    if NOT_IN_XML.search(text):
        raise Inexpressible(f"XML cannot hold a control character, but “{text[:40]}” has one.")
    return text
