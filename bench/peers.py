"""Two other rule engines that decide the same tables: GoRules ZEN and DataLogic, both written in Rust.

Both get complete answers as one JSON object, a member for each fact: choices as texts, yes/no as truth values,
numbers as numbers, code sets as lists. A silence is the text of its name, in the place of the value. Only a number
that is silent is a number, too, below all others, since DataLogic fails when it compares a text with a number.
A rule with alternative rows becomes several rows with the same id, in order. Bands, which are incomplete answers,
have no counterpart.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any, Generic, Protocol, TypeVar

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    FactDefinition,
    FactValue,
    Kind,
    Known,
    RuleTable,
)
from coding.decision.cells import AnyOf, Between, Cell, In, Not, Row

try:
    import datalogic_py
    import zen
except ImportError as error:
    raise ImportError(
        "The other engines are not installed: pip install -r requirements/bench.txt"
    ) from error

# The lowest whole numbers that JSON readers all hold exactly.
NO_NUMBER = {NOT_DOCUMENTED: -(2**53), CONFLICTING: -(2**53) + 1}
LOWEST = -(2**53) + 2

Cases = Iterable[Mapping[str, FactValue]]
Input = TypeVar("Input")


class Peer(Protocol, Generic[Input]):
    """An engine that has read a table."""

    name: str
    version: str

    def prepare(self, cases: Cases) -> list[Input]:
        """Complete answers in the form that the engine reads fastest."""
        ...

    def decide(self, prepared: Input) -> str:
        """The id of the first rule that applies."""
        ...


class Zen:
    """ZEN: a decision graph of an input, one decision table with the hit policy “first”, and an output.

    Cells are written as lists of values (``"left", "right"``), which ZEN 2.1.3 indexes: a table of 1,000 rules takes
    1.5 times as long as one of 36. Written as ``$ in ["left", "right"]`` they are tested row by row, which is half
    as fast for 36 rules and a quarter to a tenth as fast for 1,000. A test that fails on the kind of its value, such
    as ``some`` on the text of a silence, fails its row, as it should. ZEN's texts know no escapes, so that the id of a
    rule cannot hold a quotation mark or a backslash.

    Decisions a second with the 36 rules for hip dislocation, on one core of a shared machine:

    - static loader: 95,000 for JSON text, 90,000 for a dict; 29,000 and 26,000 with a trace
    - loader function that returns ``ZenDecisionContent``: 91,000 for JSON text
    - static loader, ``evaluate_batch`` of 500: 76,000, on 1.4 cores
    - ``create_decision`` or ``get_decision``, then ``evaluate``: 5,000; with ``async_evaluate`` as many
    - loader function that returns JSON: 2,700
    """

    name = "zen-engine"
    version = version("zen-engine")

    def __init__(self, table: RuleTable) -> None:
        self._facts = table.facts
        self._engine = zen.ZenEngine(
            {"loader": {"type": "static", "content": {"table": _graph(table)}}}
        )

    def prepare(self, cases: Cases) -> list[str]:
        """JSON texts."""
        return [_text(self._facts, case) for case in cases]

    def decide(self, prepared: str) -> str:
        """The id of the first rule that applies."""
        return self._engine.evaluate("table", prepared)["result"]["rule"]

    def decide_with_trace(self, prepared: str) -> tuple[str, dict[str, Any]]:
        """The same, with ZEN's trace: the row that applies and its answers, but nothing of the rows that fail."""
        response = self._engine.evaluate("table", prepared, {"trace": True})
        return response["result"]["rule"], response["trace"]


class DataLogic:
    """DataLogic: JSONLogic, one ``if`` over all rows in order, compiled once.

    Decisions a second with the 36 rules for hip dislocation, on one core of a shared machine:

    - session and parsed ``DataHandle``: 640,000; as JSON result 600,000, as number of the row 560,000
    - compiled rule and parsed ``DataHandle``: 620,000
    - compiled rule: 510,000 for JSON text, 440,000 for a dict; with a session 500,000 and 410,000
    - session, ``evaluate_batch`` of 500: 440,000
    - session and parsed ``DataHandle``, but ``or`` of ``===`` in place of ``in``: 480,000
    """

    name = "datalogic-py"
    version = version("datalogic-py")

    def __init__(self, table: RuleTable) -> None:
        self._facts = table.facts
        engine = datalogic_py.Engine()
        self._rule = engine.compile(_chain(table))
        self._session = engine.session()

    def prepare(self, cases: Cases) -> list[datalogic_py.DataHandle]:
        """Parsed handles."""
        return [datalogic_py.DataHandle(_text(self._facts, case)) for case in cases]

    def decide(self, prepared: datalogic_py.DataHandle) -> str:
        """The id of the first rule that applies."""
        return self._session.evaluate_data(self._rule, prepared)


def _text(facts: Iterable[FactDefinition], case: Mapping[str, FactValue]) -> str:
    return json.dumps({fact.key: _answer(fact, case[fact.key]) for fact in facts})


def _answer(fact: FactDefinition, answer: FactValue) -> Any:
    match answer:
        case Known(frozenset() as codes):
            return sorted(codes)
        case Known(value):
            return value
    return NO_NUMBER[answer] if fact.kind is Kind.WHOLE_NUMBER else answer.value


def _rows(table: RuleTable) -> Iterator[tuple[str, Row]]:
    return ((rule.id, row) for rule in table.rules for row in rule.rows)


def _accepted(fact: FactDefinition, test: In | Not) -> list[Any]:
    answers: list[FactValue] = [
        *(Known(value) for value in fact.values()),
        NOT_DOCUMENTED,
        CONFLICTING,
    ]
    return [_answer(fact, answer) for answer in answers if test.accepts(answer)]


def _parted(codes: Iterable[str]) -> tuple[list[str], list[str]]:
    """Whole codes, and the beginnings that stand for all codes that begin so."""
    ordered = sorted(codes)
    return (
        [code for code in ordered if not code.endswith("*")],
        [code.removesuffix("*") for code in ordered if code.endswith("*")],
    )


def _graph(table: RuleTable) -> dict[str, Any]:
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": fact.key, "name": fact.label, "field": fact.key} for fact in table.facts],
        "outputs": [{"id": "rule", "name": "Rule", "field": "rule"}],
        "rules": [
            {"_id": f"{number}", "rule": _literal(rule_id)}
            | dict.fromkeys(table.fact_by_key, "")
            | {cell.fact: _unary(table.fact_by_key[cell.fact], cell) for cell in row}
            for number, (rule_id, row) in enumerate(_rows(table))
        ],
        "inputField": None,
        "outputPath": None,
        "executionMode": "single",
        "passThrough": False,
    }
    place = {"position": {"x": 0, "y": 0}}
    return {
        "nodes": [
            {"id": "answers", "name": "Answers", "type": "inputNode", **place},
            {
                "id": "rules",
                "name": "Rules",
                "type": "decisionTableNode",
                "content": content,
                **place,
            },
            {"id": "decision", "name": "Decision", "type": "outputNode", **place},
        ],
        "edges": [
            {"id": "in", "type": "edge", "sourceId": "answers", "targetId": "rules"},
            {"id": "out", "type": "edge", "sourceId": "rules", "targetId": "decision"},
        ],
    }


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _unary(fact: FactDefinition, cell: Cell) -> str:
    """A cell as ZEN's unary test, in which ``$`` is the answer and ``#`` a code of it."""
    match cell.test:
        case In() | Not() as test:
            # An empty test would accept everything.
            return ", ".join(map(_literal, _accepted(fact, test))) or "$ in []"
        case Between(low, None):
            return f">= {LOWEST if low is None else low}"
        case Between(low, high):
            return f"[{LOWEST if low is None else low}..{high}]"
        case AnyOf(codes, negated):
            whole, beginnings = _parted(codes)
            tests = [
                f"# in {_literal(whole)}",
                *(f"startsWith(#, {_literal(text)})" for text in beginnings),
            ]
            return f"{'none' if negated else 'some'}($, {' or '.join(tests)})"


def _chain(table: RuleTable) -> dict[str, list[Any]]:
    arguments: list[Any] = []
    for rule_id, row in _rows(table):
        tests = [_logic(table.fact_by_key[cell.fact], cell) for cell in row]
        arguments += [{"and": tests} if tests else True, rule_id]
    return {"if": arguments}


def _logic(fact: FactDefinition, cell: Cell) -> dict[str, Any]:
    """A cell as JSONLogic."""
    answer = {"var": cell.fact}
    match cell.test:
        case In() | Not() as test:
            accepted = _accepted(fact, test)
            return (
                {"===": [answer, *accepted]} if len(accepted) == 1 else {"in": [answer, accepted]}
            )
        case Between(low, None):
            return {">=": [answer, LOWEST if low is None else low]}
        case Between(low, high):
            return {"<=": [LOWEST if low is None else low, answer, high]}
        case AnyOf(codes, negated):
            whole, beginnings = _parted(codes)
            code = {"var": ""}
            test = {
                "or": [
                    {"in": [code, whole]},
                    *({"starts_with": [code, text]} for text in beginnings),
                ]
            }
            # None of a silence's codes is one of these, but neither is it known.
            known = {"===": [{"type": answer}, "array"]}
            return (
                {"and": [known, {"none": [answer, test]}]} if negated else {"some": [answer, test]}
            )
