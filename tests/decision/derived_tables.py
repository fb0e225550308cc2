"""Random small tables with a derived fact over another, and a plain reading of them, case by case."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from hypothesis import strategies as st

from coding.decision import CONFLICTING, NOT_DOCUMENTED, Facts, FactValue, Known, RuleTable
from tests.decision import tables as make
from tests.decision.reading import row_applies

SILENT = (NOT_DOCUMENTED, CONFLICTING)
GRADES = ("low", "middle", "high")
BASE: dict[str, list[FactValue]] = {
    "colour": [Known(colour) for colour in make.COLOURS],
    "ready": [Known(True), Known(False)],
    "age": [Known(number) for number in range(4)],
}
DERIVED: dict[str, list[FactValue]] = {
    "grade": [Known(grade) for grade in GRADES],
    "fit": [Known(True), Known(False)],
}
VALUES = BASE | DERIVED
CASES = [
    dict(zip(BASE, case, strict=True))
    for case in product(*([*values, *SILENT] for values in BASE.values()))
]
silences = st.lists(st.sampled_from(["not_documented", "conflicting"]), max_size=2, unique=True)


def among(values: tuple[Any, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Cells that list some of the values, and perhaps silences."""
    some = st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
    silent = st.one_of(st.just([]), st.just([]), silences)
    return st.builds(lambda own, more: {"in": own + more}, some, silent)


CELLS = {
    "colour": among(make.COLOURS)
    | st.builds(lambda own: {"not": [own]}, st.sampled_from(make.COLOURS)),
    "ready": among((True, False)),
    "age": st.sampled_from([[None, 1], [1, 2], [2, None], [0, 0]]).map(
        lambda ends: {"between": ends}
    ),
    "grade": among(GRADES) | st.builds(lambda own: {"not": [own]}, st.sampled_from(GRADES)),
    "fit": among((True, False)),
}


def rows_over(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    chosen = st.lists(st.sampled_from(keys), max_size=3, unique=True)
    return chosen.flatmap(lambda own: st.fixed_dictionaries({key: CELLS[key] for key in own}))


@st.composite
def derived_lines(draw: st.DrawFn, values: tuple[Any, ...], *inputs: str) -> list[dict[str, Any]]:
    """The table of a derived fact, mostly complete."""
    own = st.sampled_from([*values, *values, "not_documented", "conflicting"])
    rows = st.lists(rows_over(*inputs), min_size=1, max_size=2)
    lines = [{"value": draw(own), "rows": draw(rows)} for _ in range(draw(st.integers(1, 3)))]
    last = [{"value": draw(own), "rows": [{}]}] if draw(st.integers(0, 3)) else []
    return lines + last


@st.composite
def derived_documents(draw: st.DrawFn, hit_policy: str = "first") -> dict[str, Any]:
    """A document whose rules test three facts, one derived from them, and one derived from that one too."""
    grade: dict[str, Any] = {"key": "grade", "kind": "choice", "label": "Grade"}
    grade["choices"] = [{"value": own, "label": own.title()} for own in GRADES]
    grade["derived"] = draw(derived_lines(GRADES, *BASE))
    fit = {
        "key": "fit",
        "kind": "yes_no",
        "label": "Fit",
        "derived": draw(derived_lines((True, False), "grade", "age")),
    }
    facts = [
        make.fact("colour"),
        make.fact("ready", "yes_no"),
        make.fact("age", "whole_number", minimum=0, maximum=3),
        grade,
        fit,
    ]
    rules = [
        make.rule(
            f"R{number}",
            *draw(st.lists(rows_over(*CELLS), min_size=1, max_size=2)),
            code=draw(st.sampled_from(("", "00001", "00002"))),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    if draw(st.booleans()):
        rules.append(make.rule("LAST", {}))
    modifiers = [{"modifier": "LT", "rows": [draw(rows_over(*CELLS))]}]
    more = {"modifiers": modifiers, "family": ["00001", "00002"], "hit_policy": hit_policy}
    return make.document(facts, rules, **more)


@st.composite
def whole_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Such a document that says more: further lines with units, rule sets to go on with, an answer nobody asks for."""
    document = draw(derived_documents())
    document["facts"][1]["source"] = draw(st.sampled_from(["coder", "record", "setup", "history"]))
    elsewhere = {"outcome": "no_family_code", "see": ["other"]}
    document["rules"].append({**make.rule("ELSEWHERE", draw(rows_over(*CELLS))), **elsewhere})
    document["rules"].append(make.rule("END", {}, code=draw(st.sampled_from(("", "00002")))))
    others = tuple(key for key in CELLS if key != "age")
    step = {"fact": "age", "first": draw(st.integers(0, 2)), "each": draw(st.integers(1, 2))}
    document["lines"] = [
        {"code": "00010", "rows": [draw(rows_over(*CELLS))], "units": draw(st.integers(1, 3))},
        {"code": "00011", "rows": [draw(rows_over(*others))], "units": step},
    ]
    return document


def with_values(table: RuleTable, facts: Facts) -> dict[str, FactValue]:
    """Complete answers with the derived values that they give, read plainly."""
    known = dict(facts)
    for fact in table.to_document()["facts"]:
        if "derived" in fact:
            known[fact["key"]] = plain_value(fact["derived"], known)
    return known


def plain_value(lines: list[dict[str, Any]], facts: Facts) -> FactValue:
    """The derived value by complete answers: tried out for every documented answer of what is silent and carried."""
    cells = [item for line in lines for row in line["rows"] for item in row.items()]
    named = {
        key
        for key, cell in cells
        if {"not_documented", "conflicting"} & set(map(str, cell.get("in", [])))
    }
    carried = [
        key
        for key in dict.fromkeys(key for key, _ in cells)
        if key not in named and facts[key] in SILENT
    ]
    ways = [
        dict(zip(carried, way, strict=True)) for way in product(*(VALUES[key] for key in carried))
    ]
    values = [first_value(lines, {**facts, **way}) for way in ways]
    distinct = {value for value in values if value is not None}
    if len(distinct) <= 1:
        return distinct.pop() if distinct else NOT_DOCUMENTED
    two_ways = [key for key in carried if facts[key] is CONFLICTING]
    return CONFLICTING if any(decides(key, ways, values) for key in two_ways) else NOT_DOCUMENTED


def decides(key: str, ways: list[dict[str, FactValue]], values: list[FactValue | None]) -> bool:
    """Whether two ways that differ in one answer only give two values."""
    by_rest: dict[tuple[Any, ...], set[FactValue | None]] = {}
    for way, value in zip(ways, values, strict=True):
        rest = tuple(answer for other, answer in way.items() if other != key)
        by_rest.setdefault(rest, set()).add(value)
    return any(len(different) > 1 for different in by_rest.values())


def first_value(lines: list[dict[str, Any]], facts: Facts) -> FactValue | None:
    """The value of the first line that applies to complete answers."""
    for line in lines:
        if any(row_applies(row, facts) for row in line["rows"]):
            value = line["value"]
            return {silence.value: silence for silence in SILENT}.get(value) or Known(value)
    return None


def completions(facts: Facts) -> Iterator[Mapping[str, FactValue]]:
    """Every case that agrees with some answers."""
    return (case for case in CASES if all(case[key] == answer for key, answer in facts.items()))


partial_answers = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from([*values, *SILENT]) for key, values in BASE.items()}
)
