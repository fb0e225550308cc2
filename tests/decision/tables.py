"""Small tables for tests of the decision core, and hypothesis strategies for random ones."""

from itertools import combinations, product
from typing import Any

from hypothesis import strategies as st

from coding.decision import CONFLICTING, NOT_DOCUMENTED, FactDefinition, FactValue, Known, RuleTable

COLOURS = ("red", "green", "blue")


def fact(key: str, kind: str = "choice", **more: Any) -> dict[str, Any]:
    """A fact of a document."""
    data = {"key": key, "kind": kind, "label": key.title(), "question": f"Which {key}?"}
    return (
        data
        | (
            {"choices": [{"value": c, "label": c.title()} for c in COLOURS]}
            if kind == "choice"
            else {}
        )
        | more
    )


def rule(rule_id: str, *rows: dict[str, Any], code: str = "") -> dict[str, Any]:
    """A rule of a document; without a code it asks for a supervisor."""
    outcome = {"outcome": "code", "code": code} if code else {"outcome": "supervisor_review"}
    return {
        "id": rule_id,
        "title": rule_id,
        "rows": list(rows),
        "message": f"by {rule_id}",
        "basis": "test",
        **outcome,
    }


def document(
    facts: list[dict[str, Any]], rules: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """A whole document."""
    family = sorted({r["code"] for r in rules if "code" in r}) or ["00001"]
    return {"key": "test", "name": "Test", "family": family, "facts": facts, "rules": rules, **more}


def table(facts: list[dict[str, Any]], rules: list[dict[str, Any]], **more: Any) -> RuleTable:
    """A table."""
    return RuleTable.from_document(document(facts, rules, **more))


FACTS = [
    fact("colour"),
    fact("shape"),
    fact("ready", "yes_no"),
    fact("age", "whole_number", minimum=0, maximum=9),
    fact("codes", "code_set"),
]
VALUES: dict[str, list[FactValue]] = {
    "colour": [Known(c) for c in COLOURS],
    "shape": [Known(c) for c in COLOURS],
    "ready": [Known(True), Known(False)],
    "age": [Known(n) for n in range(10)],
    "codes": [
        Known(frozenset(c))
        for c in ((), ("A1",), ("A2",), ("B1",), ("A1", "B1"), ("Z9",), ("A2", "Z9"))
    ],
}
ANSWERS = {key: [*values, NOT_DOCUMENTED, CONFLICTING] for key, values in VALUES.items()}

silences = st.lists(st.sampled_from(["not_documented", "conflicting"]), max_size=2, unique=True)
colour_cells = st.one_of(
    st.builds(
        lambda values, silent: {"in": values + silent},
        st.lists(st.sampled_from(COLOURS), min_size=1, unique=True),
        silences,
    ),
    st.builds(
        lambda values: {"not": values},
        st.lists(st.sampled_from(COLOURS), min_size=1, max_size=2, unique=True),
    ),
)
ends = st.one_of(st.none(), st.integers(0, 9))
CELLS = {
    "colour": colour_cells,
    "shape": colour_cells,
    "ready": st.builds(lambda value, silent: {"in": [value, *silent]}, st.booleans(), silences),
    "age": st.tuples(ends, ends)
    .filter(lambda pair: None in pair or pair[0] <= pair[1])
    .map(lambda pair: {"between": list(pair)}),
    "codes": st.builds(
        lambda operator, codes: {operator: codes},
        st.sampled_from(["any_of", "none_of"]),
        st.lists(st.sampled_from(["A1", "A2", "A*", "B1"]), min_size=1, max_size=3, unique=True),
    ),
}


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """A row of a few cells."""
    keys = draw(st.lists(st.sampled_from(sorted(CELLS)), max_size=3, unique=True))
    return {key: draw(CELLS[key]) for key in keys}


@st.composite
def tables(draw: st.DrawFn) -> RuleTable:
    """A random complete table over up to five facts."""
    count = draw(st.integers(1, 4))
    codes = ("", "00001", "00002")
    rules = [
        rule(
            f"R{n}",
            *draw(st.lists(rows(), min_size=1, max_size=2)),
            code=draw(st.sampled_from(codes)),
        )
        for n in range(count)
    ]
    modifiers = [{"modifier": "LT", "rows": [draw(rows())]}]
    more = {"modifiers": modifiers, "family": ["00001", "00002"]}
    return table(FACTS, [*rules, rule("LAST", {})], **more)


@st.composite
def answers(draw: st.DrawFn, complete: bool) -> dict[str, FactValue]:
    """Random answers to the facts, all or some of them."""
    keys = (
        sorted(ANSWERS)
        if complete
        else draw(st.lists(st.sampled_from(sorted(ANSWERS)), min_size=3, unique=True))
    )
    return {key: draw(st.sampled_from(ANSWERS[key])) for key in keys}


def definition(key: str) -> FactDefinition:
    """A fact's definition."""
    return table(FACTS, [rule("R", {})]).fact_by_key[key]


# Few enough answers to go through all of them, and every class of answers among them.
SMALL_FACTS = [
    fact("colour"),
    fact("age", "whole_number", minimum=0, maximum=4),
    fact("codes", "code_set"),
]
SMALL_ANSWERS: dict[str, list[FactValue]] = {
    "colour": ANSWERS["colour"],
    "age": [*(Known(number) for number in range(5)), NOT_DOCUMENTED, CONFLICTING],
    "codes": [
        *(
            Known(frozenset(chosen))
            for size in range(4)
            for chosen in combinations(("A1", "A3", "B1"), size)
        ),
        NOT_DOCUMENTED,
        CONFLICTING,
    ],
}


def every_case() -> list[dict[str, FactValue]]:
    """All combinations of answers to the small facts."""
    return [
        dict(zip(SMALL_ANSWERS, values, strict=True)) for values in product(*SMALL_ANSWERS.values())
    ]


SMALL_CELLS = {
    "colour": colour_cells,
    "age": st.tuples(st.none() | st.integers(0, 4), st.none() | st.integers(0, 4))
    .filter(lambda pair: None in pair or pair[0] <= pair[1])
    .map(lambda pair: {"between": list(pair)}),
    "codes": st.builds(
        lambda operator, codes: {operator: codes},
        st.sampled_from(["any_of", "none_of"]),
        st.lists(st.sampled_from(["A1", "A*", "B1"]), min_size=1, max_size=2, unique=True),
    ),
}
small_rows = st.dictionaries(
    st.sampled_from(sorted(SMALL_CELLS)), st.just(None), max_size=3
).flatmap(lambda keys: st.fixed_dictionaries({key: SMALL_CELLS[key] for key in keys}))


@st.composite
def loose_documents(draw: st.DrawFn, hit_policy: str = "first") -> dict[str, Any]:
    """The document of a random table over three facts that may hold gaps, overlaps and idle parts."""
    rules = [
        rule(
            f"R{n}",
            *draw(st.lists(small_rows, min_size=1, max_size=2)),
            code=draw(st.sampled_from(("", "00001", "00002"))),
        )
        for n in range(draw(st.integers(1, 5)))
    ]
    modifiers = [{"modifier": "LT", "rows": [draw(small_rows)]}]
    more = {"modifiers": modifiers, "family": ["00001", "00002"], "hit_policy": hit_policy}
    return document(SMALL_FACTS, rules, **more)


@st.composite
def split_documents(draw: st.DrawFn) -> dict[str, Any]:
    """The document of a random table in which some rows are two: a test on one more fact parts each, and takes all.

    A rule of such rows decides while that fact is unanswered, though none of its rows surely applies.
    """
    data = draw(loose_documents())
    for line in data["rules"]:
        line["rows"] = [part for row in line["rows"] for part in draw(_split(row))]
    data["facts"] = [*SMALL_FACTS, fact("ready", "yes_no")]
    data["rules"].append(rule("LAST", {}))
    return data


def _split(row: dict[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    parts = [
        {**row, "ready": {"in": [True]}},
        {**row, "ready": {"in": [False, "not_documented", "conflicting"]}},
    ]
    return st.sampled_from([parts, [row]])
