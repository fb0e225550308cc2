"""A table that cannot be what its author meant is refused by an error that names the place and the cause."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import RuleTable, TableError, errors
from tests.decision import tables as make

Document = dict[str, Any]


def valid() -> Document:
    return make.document(
        make.FACTS,
        [
            make.rule("R1", {"colour": {"in": ["red"]}}, code="00001"),
            make.rule("R2", {"age": {"between": [0, 5]}}),
        ],
        modifiers=[{"modifier": "LT", "rows": [{"ready": {"in": [True]}}]}],
        diagnoses=[{"codes": ["Q65.01"], "rows": [{}]}],
        notes=["A note."],
    )


def put(*path: str | int, value: Any) -> Callable[[Document], None]:
    """A change that puts a value at a place of the document."""

    def change(document: Document) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


def take(*path: str | int) -> Callable[[Document], None]:
    """A change that takes a key out of the document."""

    def change(document: Document) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


def with_cell(fact: str, cell: Any) -> Callable[[Document], None]:
    """A change of the first rule's only cell."""
    return put("rules", 0, "rows", value=[{fact: cell}])


WRONG = {
    "unknown part": (put("colours", value=1), errors.UnknownKey, "the rule set: “colours”"),
    "unknown part of a fact": (
        put("facts", 0, "hint", value="x"),
        errors.UnknownKey,
        "a fact: “hint”",
    ),
    "unknown part of a rule": (
        put("rules", 0, "when", value=[]),
        errors.UnknownKey,
        "a rule: “when”",
    ),
    "no facts": (take("facts"), errors.MissingKey, "the rule set: facts is missing"),
    "no name": (take("name"), errors.MissingKey, "the rule set: name is missing"),
    "no question": (
        take("facts", 0, "question"),
        errors.MissingKey,
        "fact colour: question is missing",
    ),
    "no source": (take("rules", 0, "basis"), errors.MissingKey, "rule R1: basis is missing"),
    "blank source": (
        put("rules", 0, "basis", value=" "),
        errors.MissingKey,
        "rule R1: basis is missing",
    ),
    "no message": (take("rules", 0, "message"), errors.MissingKey, "rule R1: message is missing"),
    "no row": (put("rules", 0, "rows", value=[]), errors.MissingKey, "rule R1: rows is empty"),
    "no diagnosis": (
        put("diagnoses", 0, "codes", value=[]),
        errors.MissingKey,
        "diagnoses: codes is missing",
    ),
    "facts as a text": (
        put("facts", value="colour"),
        errors.WrongType,
        "the rule set: facts is a list",
    ),
    "a fact as a text": (put("facts", 0, value="colour"), errors.WrongType, "a fact is an object"),
    "a row as a text": (
        put("rules", 0, "rows", value=["red"]),
        errors.WrongType,
        "rule R1: a row is an object",
    ),
    "notes as a text": (
        put("notes", value="A note."),
        errors.WrongType,
        "the rule set: notes is a list",
    ),
    "a code as a number": (
        put("family", value=[27256]),
        errors.WrongType,
        "family is a list of texts",
    ),
    "a help as a number": (
        put("facts", 0, "help", value=3),
        errors.WrongType,
        "fact colour: help is a text",
    ),
    "a limit as a text": (
        put("facts", 3, "minimum", value="0"),
        errors.WrongType,
        "fact age: minimum is a whole",
    ),
    "unknown outcome": (
        put("rules", 0, "outcome", value="maybe"),
        errors.WrongType,
        "rule R1, outcome: “maybe”",
    ),
    "unknown kind": (
        put("facts", 0, "kind", value="colour"),
        errors.WrongType,
        "fact colour, kind: “colour”",
    ),
    "unknown hit policy": (put("hit_policy", value="last"), errors.WrongType, "hit_policy: “last”"),
    "fact twice": (put("facts", 1, "key", value="colour"), errors.DuplicateId, "facts: “colour”"),
    "rule twice": (put("rules", 1, "id", value="R1"), errors.DuplicateId, "rules: “R1”"),
    "choice twice": (
        put("facts", 0, "choices", 1, "value", value="red"),
        errors.DuplicateId,
        "colour, choices: “red”",
    ),
    "choice that all have": (
        put("facts", 0, "choices", 0, "value", value="unknown"),
        errors.DuplicateId,
        "“unknown”",
    ),
    "fact unfit to write": (
        put("facts", 0, "key", value="the: colour"),
        errors.UnwritableName,
        "“the: colour”",
    ),
    "choice unfit to write": (
        put("facts", 0, "choices", 0, "value", value="not a"),
        errors.UnwritableName,
        "“not a”",
    ),
    "code unfit to write": (
        with_cell("codes", {"any_of": ["A, B"]}),
        errors.UnwritableName,
        "R1, codes: “A, B”",
    ),
    "missing fact": (
        with_cell("size", {"in": ["big"]}),
        errors.DanglingFact,
        "rule R1: there is no fact “size”",
    ),
    "missing choice": (
        with_cell("colour", {"in": ["mauve"]}),
        errors.UnknownChoice,
        "rule R1, colour: “mauve”",
    ),
    "number for yes": (
        with_cell("ready", {"in": [1]}),
        errors.UnknownChoice,
        "rule R1, ready: “1”",
    ),
    "range upside down": (
        with_cell("age", {"between": [5, 1]}),
        errors.ImpossibleRange,
        "R1, age: no number",
    ),
    "range of texts": (
        with_cell("age", {"between": ["0", "1"]}),
        errors.ImpossibleRange,
        "R1, age: a range",
    ),
    "fact's range upside down": (
        put("facts", 3, "minimum", value=99),
        errors.ImpossibleRange,
        "fact age: no number",
    ),
    "test of another kind": (
        with_cell("colour", {"between": [0, 1]}),
        errors.UnsuitableTest,
        "“between”",
    ),
    "two tests in a cell": (
        with_cell("age", {"in": [], "not": []}),
        errors.UnsuitableTest,
        "rule R1, age: a cell",
    ),
    "test of nothing": (
        with_cell("colour", {"in": []}),
        errors.UnsuitableTest,
        "rule R1, colour: “in”",
    ),
    "choice without choices": (
        take("facts", 0, "choices"),
        errors.UnsuitableTest,
        "fact colour: a choice has choices",
    ),
    "code of no family": (
        put("rules", 0, "code", value="99999"),
        errors.ForeignCode,
        "rule R1: “99999”",
    ),
    "code missing": (take("rules", 0, "code"), errors.ForeignCode, "rule R1"),
    "code where none belongs": (
        put("rules", 1, "code", value="00001"),
        errors.ForeignCode,
        "rule R2: an outcome of",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_it_refuses_a_wrong_table_and_names_the_place_and_the_cause(name: str) -> None:
    change, error, words = WRONG[name]
    document = RuleTable.from_document(valid()).to_document()
    change(document)
    with pytest.raises(error) as raised:
        RuleTable.from_document(document)
    assert words in str(raised.value)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=3),
    st.just([]),
    st.just({}),
    st.just([[]]),
)


@st.composite
def broken(draw: st.DrawFn) -> Document:
    """A valid document with anything at all put in one place of it."""
    document = RuleTable.from_document(valid()).to_document()
    place: Any = document
    while True:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = draw(st.sampled_from(list(keys)))
        if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
            place = place[key]
            continue
        place[key] = draw(scalars)
        return document


@settings(max_examples=300)
@given(broken())
def test_it_either_reads_a_document_or_refuses_it_as_a_wrong_table(document: Document) -> None:
    try:
        table = RuleTable.from_document(document)
    except TableError:
        return
    assert RuleTable.from_document(table.to_document()).content_hash == table.content_hash
