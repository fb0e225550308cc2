"""Tables and answers to measure with: the hip rule set, random tables, and tables built like a coding family."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from coding import rulesets
from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    FactDefinition,
    Facts,
    FactValue,
    Kind,
    RuleTable,
    known,
)
from coding.rules.worked_cases import Case, read_cases

HIP = "hip-dislocation"
SILENCES = (NOT_DOCUMENTED, CONFLICTING)
# The codes of made-up code sets. Cells name some of them, or the beginnings that two of them share.
CODES = ("A10", "A11", "B20", "B21", "C30", "C31", "D40", "D41")
CODE_CELLS = (*CODES, "A1*", "B2*", "C3*", "D4*")
HIGHEST = 99
REDRAWN = 0.15
SILENT = 0.1
# About as many rules as one procedure of a family has.
RULES_OF_A_BRANCH = 10
FACTS_OF_A_BRANCH = 5


def hip_cases(table: RuleTable, count: int, seed: int) -> list[dict[str, FactValue]]:
    """``count`` complete answers to the hip rule set, near to what coders meet.

    Each starts from one of the shipped worked cases, drawn uniformly. Facts that it leaves unanswered become not
    documented. Then each answer is redrawn with probability 0.15, uniformly from the fact's values and the two
    silences.
    """
    rng = random.Random(seed)
    return [
        {
            fact.key: _hip_answer(rng, fact, facts.get(fact.key, NOT_DOCUMENTED))
            for fact in table.facts
        }
        for facts in rng.choices(worked_cases(table), k=count)
    ]


def worked_cases(table: RuleTable, *, coded: bool = False) -> list[Facts]:
    """The answers of the worked cases that are shipped with a rule set, or only of those that end with a code."""
    with rulesets.cases_file(table.key).open(newline="", encoding="utf-8") as file:
        cases = [case for case in read_cases(file, table) if isinstance(case, Case)]
    return [case.facts for case in cases if case.code or not coded]


def _hip_answer(rng: random.Random, fact: FactDefinition, answer: FactValue) -> FactValue:
    if rng.random() >= REDRAWN:
        return answer
    return rng.choice([*(known(value) for value in fact.values()), *SILENCES])


def random_cases(table: RuleTable, count: int, seed: int) -> list[dict[str, FactValue]]:
    """``count`` complete answers to a made-up table, each drawn by itself.

    With probability 0.1 an answer is one of the two silences, else one of the values: uniform for choices, truth
    values and numbers; for code sets up to three of ``CODES``, their count uniform, then the codes.
    """
    rng = random.Random(seed)
    return [{fact.key: _random_answer(rng, fact) for fact in table.facts} for _ in range(count)]


def _random_answer(rng: random.Random, fact: FactDefinition) -> FactValue:
    if rng.random() < SILENT:
        return rng.choice(SILENCES)
    match fact.kind:
        case Kind.WHOLE_NUMBER:
            return known(rng.randint(0, HIGHEST))
        case Kind.CODE_SET:
            return known(frozenset(rng.sample(CODES, rng.randint(0, 3))))
    return known(rng.choice(fact.values()))


def random_table(rules: int, facts: int, seed: int) -> RuleTable:
    """A table without structure: ``rules`` rules, the last for everything, over ``facts`` facts (nine or more).

    Two thirds of the facts are choices with 4 to 6 values, two are whole numbers from 0 to 99, one is a code set,
    the others are yes or no. Each rule tests 4 to 7 facts drawn uniformly. A cell accepts half of the values of a
    choice or a yes/no fact, and each silence with probability 0.1, or, one time in four, all but half of the
    values; a range between two uniform ends, each left open one time in four; any or none of three codes; for
    numbers and code sets, one time in ten, only a silence. So a rule applies about once in seventy cases, and
    the rules far down hardly ever decide.
    """
    rng = random.Random(seed)
    questions = _facts(rng, facts)
    rng.shuffle(questions)
    rows = [
        {q["key"]: _cell(rng, q) for q in rng.sample(questions, rng.randint(4, 7))}
        for _ in range(rules - 1)
    ]
    return _table(questions, [*rows, {}])


def structured_table(rules: int, facts: int, seed: int) -> RuleTable:
    """A table built like a coding family: ``rules`` rules, the last for everything, over ``facts`` facts.

    The facts are of the kinds of ``random_table``, choices first. The first of them make a tree of contexts: a rule
    that asks when the fact is silent, then one branch for each value, its rules shared out evenly, until a branch
    has ten rules or fewer. The rules of a branch all begin with its context, one equality cell for each fact above
    it. Then they test one to three of five facts that are the branch's own: four cells in five accept one value,
    the fifth is one of ``random_table``. A branch ends with a rule for what is left of it.
    """
    rng = random.Random(seed)
    questions = _facts(rng, facts)
    return _table(questions, [*_branch(rng, questions, {}, rules - 1), {}])


def _branch(
    rng: random.Random, questions: Sequence[dict[str, Any]], context: dict[str, Any], rules: int
) -> Iterator[dict[str, Any]]:
    question, *below = questions
    values = _values(question)
    if rules <= RULES_OF_A_BRANCH:
        yield from _leaf(rng, questions, context, rules)
        return
    yield context | {question["key"]: {"in": ["not_documented", "conflicting"]}}
    for number, value in enumerate(values):
        # The shares differ by at most one rule and add up to all but the first.
        share = (rules - 1 + number) // len(values)
        yield from _branch(rng, below, context | {question["key"]: {"in": [value]}}, share)


def _leaf(
    rng: random.Random, questions: Sequence[dict[str, Any]], context: dict[str, Any], rules: int
) -> Iterator[dict[str, Any]]:
    own = rng.sample(questions, FACTS_OF_A_BRANCH)
    for _ in range(rules - 1):
        tested = rng.sample(own, rng.randint(1, 3))
        yield context | {
            q["key"]: _cell(rng, q) if rng.random() < 0.2 else _narrow_cell(rng, q) for q in tested
        }
    yield context


def _facts(rng: random.Random, count: int) -> list[dict[str, Any]]:
    choices, numbers, sets = round(count * 2 / 3), 2, 1
    kinds = ["choice"] * choices + ["yes_no"] * (count - choices - numbers - sets)
    kinds += ["whole_number"] * numbers + ["code_set"] * sets
    return [_fact(rng, f"f{number}", kind) for number, kind in enumerate(kinds)]


def _fact(rng: random.Random, key: str, kind: str) -> dict[str, Any]:
    fact: dict[str, Any] = {"key": key, "kind": kind, "label": key, "question": f"Which {key}?"}
    match kind:
        case "choice":
            values = [f"v{number}" for number in range(rng.randint(4, 6))]
            return fact | {"choices": [{"value": value, "label": value} for value in values]}
        case "whole_number":
            return fact | {"minimum": 0, "maximum": HIGHEST}
    return fact


def _values(fact: dict[str, Any]) -> list[str | bool]:
    return [choice["value"] for choice in fact.get("choices", ())] or [True, False]


def _cell(rng: random.Random, fact: dict[str, Any]) -> dict[str, list[Any]]:
    if fact["kind"] in ("whole_number", "code_set"):
        return _wide_cell(rng, fact["kind"])
    values = _values(fact)
    half = rng.sample(values, len(values) // 2)
    if rng.random() < 0.25:
        return {"not": half}
    return {"in": [*half, *(silence.value for silence in SILENCES if rng.random() < 0.1)]}


def _wide_cell(rng: random.Random, kind: str) -> dict[str, list[Any]]:
    if rng.random() < 0.1:
        return {"in": [rng.choice(SILENCES).value]}
    if kind == "code_set":
        return {rng.choice(("any_of", "none_of")): rng.sample(CODE_CELLS, 3)}
    ends = sorted(rng.randint(0, HIGHEST) for _ in range(2))
    return {"between": [None if rng.random() < 0.25 else end for end in ends]}


def _narrow_cell(rng: random.Random, fact: dict[str, Any]) -> dict[str, list[Any]]:
    match fact["kind"]:
        case "whole_number":
            decade = 10 * rng.randint(0, HIGHEST // 10)
            return {"between": [decade, decade + 9]}
        case "code_set":
            return {"any_of": [rng.choice(CODES)]}
    return {"in": [rng.choice(_values(fact))]}


def _table(facts: list[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> RuleTable:
    rules = [
        {
            "id": f"R{number}",
            "title": f"Rule {number}",
            "rows": [row],
            "outcome": "supervisor_review",
            "message": f"Rule {number} applies.",
            "basis": "made up",
        }
        for number, row in enumerate(rows, start=1)
    ]
    family = {"key": "made-up", "name": "Made up", "family": ["00001"]}
    return RuleTable.from_document(family | {"facts": facts, "rules": rules})
