"""The conditions of a rule as text: what an author writes is what the rule tests."""

from typing import Any

import pytest
from hypothesis import given

from coding.decision import RuleTable, TableError, errors, format_rows, parse_rows
from tests.decision import tables as make

DEFINITIONS = [make.definition(key) for key in make.ANSWERS]


def reread(text: str) -> str:
    """The text of the rows that a text describes."""
    rule = {**make.rule("R"), "rows": parse_rows(text, DEFINITIONS, "rule R")}
    table = make.table(make.FACTS, [rule])
    return format_rows(table.rules[0].rows, table.fact_by_key)


@pytest.mark.parametrize(
    "text",
    [
        "colour: blue, red",
        "colour: not blue",
        "colour: not documented",
        "colour: red, conflicting, not documented",
        "ready: yes",
        "age: 0..5",
        "age: ..5",
        "age: 6..",
        "codes: any of A1, B*",
        "codes: none of A1",
        "colour: red\nage: 0..5\nor\nready: no",
        "",
    ],
)
def test_it_reads_and_writes_conditions_alike(text: str) -> None:
    assert reread(text) == text


def test_it_ignores_spaces_empty_lines_and_the_order_of_the_lines() -> None:
    assert (
        reread("\n age:0..5 \n\n colour :red\nOR\nready: yes\n")
        == "colour: red\nage: 0..5\nor\nready: yes"
    )


@given(make.tables())
def test_it_writes_and_reads_back_the_conditions_of_any_rule(table: RuleTable) -> None:
    document: dict[str, Any] = table.to_document()
    for data, rule in zip(document["rules"], table.rules, strict=True):
        data["rows"] = parse_rows(format_rows(rule.rows, table.fact_by_key), table.facts, rule.id)
    assert RuleTable.from_document(document).content_hash == table.content_hash


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("red", errors.UnreadableCondition, "“red” is not of the form"),
        ("colour:", errors.UnreadableCondition, "“colour:” is not of the form"),
        ("colour: red\ncolour: blue", errors.UnreadableCondition, "colour stands twice in one row"),
        ("size: big", errors.DanglingFact, "there is no fact “size”"),
        ("age: young..old", errors.ImpossibleRange, "“young..old” is not a range"),
        ("age: 5..1", errors.ImpossibleRange, "no number lies from 5 to 1"),
        (
            "colour: mauve",
            errors.UnknownChoice,
            "“mauve” is not a value of this fact. Its values are red",
        ),
        (
            "age: old",
            errors.UnknownChoice,
            "“old” is not a value of this fact. Write a range of numbers",
        ),
        (
            "codes: A1",
            errors.UnknownChoice,
            "“A1” is not a value of this fact. Write “any of”",
        ),
        ("colour: not not_documented", errors.UnknownChoice, "“not_documented” is not a value"),
        ("age: any of A1", errors.UnsuitableTest, "“any_of” with these values does not suit"),
    ],
)
def test_it_names_the_rule_the_line_and_what_is_wrong(
    text: str, error: type[TableError], words: str
) -> None:
    with pytest.raises(error) as raised:
        reread(text)
    assert words in str(raised.value)
    assert str(raised.value).startswith("rule R")
