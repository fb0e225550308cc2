"""Decision tables out of DMN files: one table with the hit policy FIRST or UNIQUE and common unary tests."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from lxml import etree

from coding.decision import FactDefinition, Kind, RuleTable
from coding.decision.cells import NAME
from coding.decision.facts import SILENCES
from coding.exchange.decision_rows import AFTER, BEFORE, RuleRow, rules_document
from coding.exchange.errors import UnreadableFile
from coding.exchange.limits import check_dmn
from coding.exchange.unary_tests import STRING, read_ranges, read_texts, text_cell, unquoted

OUTPUTS = (*BEFORE, *AFTER)
MODELS = {
    "www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
# Ranges in several cells of a rule multiply.
MOST_ROWS = 20_000
NUMERIC = ("number", "integer", "long", "double")


@dataclass(frozen=True, slots=True)
class _Input:
    key: str
    label: str
    kind: str
    values: tuple[str, ...]
    limits: Mapping[str, int]


def read_dmn(content: bytes, base: RuleTable | None = None) -> RuleTable:
    """The rule set ``base`` with the rules of the file; without it, a rule set with plain questions for its inputs.

    An input that no rule tests and whose values are not listed makes no question.
    """
    if base is not None:
        check_dmn(base)
    grid, name = _only_table(_parsed(content))
    policy = grid.get("hitPolicy", "UNIQUE")
    if policy not in ("FIRST", "UNIQUE"):
        raise UnreadableFile(f"The hit policy {policy} is not read: only FIRST and UNIQUE are.")
    inputs = [_input(element) for element in _children(grid, "input")]
    outputs = _outputs(grid)
    _check_unique("inputs", [column.key for column in inputs])
    _check_unique("outputs", outputs)
    rules = []
    for number, element in enumerate(_children(grid, "rule"), start=1):
        rules.append(_Rule(number, element, inputs, outputs))
    document = dict(base.to_document()) if base else _document(name, inputs, rules)
    without_rules = {**document, "rules": [], "modifiers": [], "diagnoses": []}
    facts = RuleTable.from_document(without_rules).fact_by_key
    if base is not None:
        _check_known(inputs, facts)
    rows = _rows(rules, facts)
    return RuleTable.from_document({**document, "hit_policy": policy.lower(), "rules": rules_document(rows)})


def _check_known(inputs: Sequence[_Input], facts: Mapping[str, FactDefinition]) -> None:
    for column in inputs:
        if column.key not in facts:
            raise UnreadableFile(f"The rule set has no fact “{column.key}”, which is an input of the file.")


def _rows(rules: Sequence["_Rule"], facts: Mapping[str, FactDefinition]) -> list[RuleRow]:
    """The rows of all rules; counted while they are made, for a short file can mean millions."""
    rows: list[RuleRow] = []
    for rule in rules:
        for row in rule.rows(facts):
            if len(rows) == MOST_ROWS:
                raise UnreadableFile(f"{row.place}: the lists of ranges up to here make more than {MOST_ROWS:,} rows.")
            rows.append(row)
    return rows


def _parsed(content: bytes) -> etree._Element:
    # A comment within a cell would part its text, and what follows it would be lost.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"The file is no well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile("The file has a document type declaration, which no DMN file needs. Take it out.")
    namespace = etree.QName(root).namespace or ""
    if etree.QName(root).localname != "definitions" or namespace.partition("://")[2] not in MODELS:
        raise UnreadableFile(
            f"The file is no DMN model: its root is not “definitions” of {', '.join(MODELS.values())}."
        )
    return root


def _children(parent: etree._Element, name: str) -> list[etree._Element]:
    return list(parent.iterchildren(f"{{{etree.QName(parent).namespace}}}{name}"))


def _only_table(root: etree._Element) -> tuple[etree._Element, str]:
    for name in ("import", "businessKnowledgeModel", "decisionService"):
        if _children(root, name):
            raise UnreadableFile(f"The file holds “{name}”, which is not read: only a single decision table is.")
    decisions = _children(root, "decision")
    tables = [(table, decision) for decision in decisions for table in _children(decision, "decisionTable")]
    if len(decisions) != 1 or len(tables) != 1:
        names = ", ".join(f"“{decision.get('name', '')}”" for decision in decisions) or "no decision"
        raise UnreadableFile(f"A single decision with a decision table is read. The file holds {names}.")
    [(table, decision)] = tables
    return table, decision.get("name") or decision.get("id") or "Imported rules"


def _words(element: etree._Element, name: str, place: str) -> str:
    entries = _children(element, name)
    return _words_of(entries[0], place) if entries else ""


def _words_of(entry: etree._Element, place: str) -> str:
    texts = _children(entry, "text")
    if len(texts) > 1 or any(len(text) for text in texts):
        raise UnreadableFile(f"{place}: a cell holds one text, but more stands there. Write its test as text.")
    return (texts[0].text or "").strip() if texts else ""


def _input(element: etree._Element) -> _Input:
    expressions = _children(element, "inputExpression")
    key = _words(element, "inputExpression", f"input “{element.get('label', '')}”")
    label = element.get("label") or key
    if not NAME.fullmatch(key):
        raise UnreadableFile(f"Input “{label}”: its expression “{key}” is no plain name.")
    kind = expressions[0].get("typeRef", "string").rpartition(":")[2]
    allowed = _words(element, "inputValues", f"input {key}")
    if kind in NUMERIC:
        return _Input(key, label, kind, (), _limits(read_ranges(allowed, f"input {key}") or []))
    listed = read_texts(allowed, f"input {key}")
    return _Input(key, label, kind, tuple(listed.texts) if listed else (), {})


def _limits(ranges: Sequence[Sequence[int | None]]) -> dict[str, int]:
    """The least and the greatest number of an input that allows a single range."""
    ends = zip(("minimum", "maximum"), ranges[0] if len(ranges) == 1 else (), strict=False)
    return {name: end for name, end in ends if end is not None}


def _check_unique(what: str, names: Sequence[str]) -> None:
    name, times = Counter(names).most_common(1)[0] if names else ("", 0)
    if times > 1:
        raise UnreadableFile(f"Two {what} are called “{name}”. Join them in one column.")


def _outputs(grid: etree._Element) -> list[str]:
    outputs = _children(grid, "output")
    names = [element.get("name", "") for element in outputs]
    if any(_children(element, "defaultOutputEntry") for element in outputs):
        raise UnreadableFile("Default outputs are not read. Add a last rule that always applies instead.")
    unknown = next((name for name in names if name not in OUTPUTS), None)
    if unknown is not None:
        raise UnreadableFile(f"The output “{unknown}” is none of {', '.join(OUTPUTS)}. Rename it.")
    if "outcome" not in names and "code" not in names:
        raise UnreadableFile("The table needs an output “code” or “outcome”.")
    return names


class _Rule:
    """A rule element of the table."""

    def __init__(self, number: int, element: etree._Element, inputs: Sequence[_Input], outputs: Sequence[str]) -> None:
        self.inputs = inputs
        element_id = element.get("id", "")
        row = f"rule {number} ({element_id or 'no id'})"
        self.entries = [_words_of(entry, row) for entry in _children(element, "inputEntry")]
        ends = [_words_of(entry, row) for entry in _children(element, "outputEntry")]
        if (len(self.entries), len(ends)) != (len(inputs), len(outputs)):
            raise UnreadableFile(f"Rule {number} has another number of cells than the table has columns.")
        given = {name: _end(text, f"rule {number}, {name}") for name, text in zip(outputs, ends, strict=True)}
        own_id = given.get("rule") or element_id
        self.place = f"rule {number} ({own_id or 'no id'})"
        self.texts = _rule_texts(own_id or f"R{number}", given)

    def listed(self, place: int) -> list[str]:
        """The texts that a cell lists."""
        listed = read_texts(self.entries[place], f"{self.place}, {self.inputs[place].key}")
        return listed.texts if listed else []

    def rows(self, facts: Mapping[str, FactDefinition]) -> Iterator[RuleRow]:
        """The rows of the rule; a cell of several ranges makes several."""
        columns = []
        for column, text in zip(self.inputs, self.entries, strict=True):
            if column.key not in facts:
                continue
            place = f"{self.place}, {column.key}"
            columns.append([(column.key, cell) for cell in _cells(facts[column.key], column, text, place)])
        for cells in product(*columns):
            yield RuleRow(self.place, self.texts, {key: cell for key, cell in cells if cell is not None})


def _rule_texts(rule_id: str, given: Mapping[str, str]) -> dict[str, str]:
    """The texts that a rule has; for what a table of another tool lacks stands what is true of it."""
    code = given.get("code", "")
    outcome_of_a_code = "code" if code else ""
    return {
        "rule": rule_id,
        "title": given.get("title") or rule_id,
        "outcome": given.get("outcome") or outcome_of_a_code,
        "code": code,
        "message": given.get("message") or f"By rule {rule_id}.",
        "basis": given.get("basis") or "Imported from a DMN file, which names no source.",
    }


def _cells(fact: FactDefinition, column: _Input, text: str, place: str) -> list[dict[str, Any] | None]:
    if fact.kind is Kind.WHOLE_NUMBER:
        ranges = read_ranges(text, place)
        return [None] if ranges is None else [{"between": pair} for pair in ranges]
    if fact.kind is Kind.CODE_SET:
        if text in ("", "-"):
            return [None]
        raise UnreadableFile(f"{place}: tests on sets of codes are not read from DMN.")
    listed = read_texts(text, place)
    if listed is None:
        return [None]
    has_silences = SILENCES.keys() <= set(column.values)
    return [text_cell(fact, listed, has_silences=has_silences)]


def _end(text: str, place: str) -> str:
    """The text of an output, which is a literal: a text, or a number such as a code."""
    if text in ("", "-"):
        return ""
    if re.fullmatch(STRING, text, re.DOTALL):
        return unquoted(text, place)
    if re.fullmatch(r"\d{1,18}", text):
        return text
    raise UnreadableFile(f"{place}: “{text}” is no literal.")


def _document(name: str, inputs: Sequence[_Input], rules: Sequence[_Rule]) -> dict[str, Any]:
    """A rule set around imported rules: its key from its name, a plain question for each input."""
    codes = {rule.texts["code"] for rule in rules}
    facts = [_fact(place, column, rules) for place, column in enumerate(inputs)]
    return {
        "key": re.sub(r"\W+", "-", name.lower()).strip("-") or "imported",
        "name": name,
        "family": sorted(codes - {""}),
        "facts": [fact for fact in facts if fact is not None],
    }


def _fact(place: int, column: _Input, rules: Sequence[_Rule]) -> dict[str, Any] | None:
    fact: dict[str, Any] = {"key": column.key, "label": column.label, "question": f"{column.label}?"}
    if column.kind in NUMERIC:
        return fact | {"kind": "whole_number", **column.limits}
    values = column.values or _values_that_rules_test(place, rules)
    known = [value for value in values if value not in SILENCES]
    if column.kind == "boolean" or set(known) == {"yes", "no"}:
        return fact | {"kind": "yes_no"}
    if not known:
        return None
    return fact | {"kind": "choice", "choices": [_choice(value) for value in known]}


def _values_that_rules_test(place: int, rules: Sequence[_Rule]) -> list[str]:
    """The texts of a column, each once, in the order in which rules list them."""
    values: dict[str, None] = {}
    for rule in rules:
        values.update(dict.fromkeys(rule.listed(place)))
    return list(values)


def _choice(text: str) -> dict[str, str]:
    """A text of another tool as a choice: the value without what no condition could write, the label as it stands."""
    return {"value": re.sub(r"[^\w.-]+", "_", text), "label": text or "(empty)"}
