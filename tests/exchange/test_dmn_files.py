"""DMN files of other tools as a whole: what a foreign table becomes, with a rule set to go into and without."""

import pytest

from coding.decision import RuleTable, TableError
from coding.exchange import FORMATS
from tests.decision import tables as make

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
BASE = make.table(
    [
        make.fact("colour"),
        make.fact("ready", "yes_no"),
        make.fact("age", "whole_number", minimum=0),
    ],
    [
        make.rule("R1", {"colour": {"in": ["red"]}, "age": {"between": [1, 5]}}, code="00001"),
        make.rule("R2", {"ready": {"not": [True]}}, {}),
    ],
)


def foreign(
    inputs: str, outputs: str, rules: str = "", *, name: str = "Colours", more: str = ""
) -> bytes:
    """A file of another tool around these elements of its decision table."""
    table = f'<decisionTable hitPolicy="FIRST">{inputs}{outputs}{rules}</decisionTable>'
    decision = f'<decision id="D" name="{name}">{table}'
    return f'<definitions xmlns="{MODEL}">{more}{decision}</decision></definitions>'.encode()


def column(key: str, kind: str = "string", values: str = "", label: str = "") -> str:
    listed = f"<inputValues><text>{values}</text></inputValues>" if values else ""
    named = f' label="{label}"' if label else ""
    return f'<input{named}><inputExpression typeRef="{kind}"><text>{key}</text></inputExpression>{listed}</input>'


def row(*cells: str, ends: int = 1, rule_id: str = "") -> str:
    """A rule; the last cells are its outputs."""
    name = f' id="{rule_id}"' if rule_id else ""
    ins = "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in cells[:-ends])
    outs = "".join(f"<outputEntry><text>{cell}</text></outputEntry>" for cell in cells[-ends:])
    return f"<rule{name}>{ins}{outs}</rule>"


CODE = '<output name="code"/>'


def read(content: bytes, base: RuleTable | None = None) -> RuleTable:
    return FORMATS["dmn"].read(content, base)


def refusal(content: bytes, base: RuleTable | None = None) -> str:
    with pytest.raises(TableError) as caught:
        read(content, base)
    return str(caught.value)


# Read without a base ------------------------------------------------------------------------------


def test_what_a_foreign_table_does_not_say_is_filled_in_with_what_is_true_of_it() -> None:
    content = foreign(
        column("colour", label="The colour"), CODE, row('"red"', '"00001"') + row("-", "00002")
    )
    table = read(content)
    assert (table.key, table.name, table.family) == ("colours", "Colours", ("00001", "00002"))
    first, second = table.rules
    assert (first.id, first.title, first.message) == ("R1", "R1", "By rule R1.")
    assert first.basis == "Imported from a DMN file, which names no source."
    assert (second.id, second.outcome, second.code) == ("R2", "code", "00002")
    assert (table.facts[0].label, table.facts[0].question) == ("The colour", "The colour?")


@pytest.mark.parametrize(
    ("name", "key"),
    [("Hip &amp; Knee (new)", "hip-knee-new"), ("!!!", "imported"), ("", "d"), ("Hüfte", "hüfte")],
)
def test_the_key_of_a_rule_set_is_made_of_its_name(name: str, key: str) -> None:
    assert read(foreign("", CODE, row("00001"), name=name)).key == key


def test_an_input_that_no_rule_tests_and_that_lists_nothing_makes_no_question() -> None:
    content = foreign(
        column("colour") + column("ready", "boolean"), CODE, row("-", "true", '"00001"')
    )
    assert [fact.key for fact in read(content).facts] == ["ready"]


def test_the_values_that_an_input_lists_are_its_choices_though_no_rule_tests_them() -> None:
    content = foreign(column("colour", values='"red","deep blue"'), CODE, row("-", '"00001"'))
    [fact] = read(content).facts
    assert [(choice.value, choice.label) for choice in fact.choices] == [
        ("red", "red"),
        ("deep_blue", "deep blue"),
    ]


def test_texts_that_only_say_yes_and_no_are_a_yes_or_no_question() -> None:
    listed = column("ready", values='"yes","no"')
    content = foreign(listed, CODE, row('"yes"', '"00001"') + row('"no"', '"00002"'))
    assert [fact.kind for fact in read(content).facts] == ["yes_no"]


@pytest.mark.parametrize("kind", ["number", "integer", "long", "double", "feel:number"])
def test_a_number_is_a_number_whatever_other_tools_call_it(kind: str) -> None:
    [fact] = read(foreign(column("age", kind, "[0..9]"), CODE, row("> 5", '"00001"'))).facts
    assert (fact.kind, fact.minimum, fact.maximum) == ("whole_number", 0, 9)


def test_several_ranges_in_a_cell_are_alternatives_of_one_rule() -> None:
    content = foreign(
        column("age", "number") + column("size", "number"),
        CODE,
        row("1, 5", "&lt; 3, > 7", "00001"),
    )
    [rule] = read(content).to_document()["rules"]
    assert [(cells["age"]["between"], cells["size"]["between"]) for cells in rule["rows"]] == [
        ([1, 1], [None, 2]),
        ([1, 1], [8, None]),
        ([5, 5], [None, 2]),
        ([5, 5], [8, None]),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<definitions", "The file is no well-formed XML: "),
        (b"", "The file is no well-formed XML: "),
        (
            f'<other xmlns="{MODEL}"/>'.encode(),
            "The file is no DMN model: its root is not “definitions” of 1.1, 1.2",
        ),
        (b"<definitions/>", "The file is no DMN model"),
        (f'<definitions xmlns="{MODEL}"/>'.encode(), "The file holds no decision."),
        (foreign("", CODE + CODE), "Two outputs are called “code”. Join them in one column."),
        (foreign("", ""), "The table has no output."),
        (
            foreign(column("a - b", label="Mine"), CODE),
            "Input “Mine”: its expression “a - b” is no plain name.",
        ),
        (
            foreign(column("age", "number", "young"), CODE),
            "input age: “young” is not among the tests",
        ),
        (
            foreign(column("colour"), CODE, row("00001")),
            "Rule 1 has another number of cells than the table has",
        ),
    ],
)
def test_what_is_not_read_is_refused_with_its_cause(content: bytes, problem: str) -> None:
    assert problem in refusal(content)


def test_rules_of_one_id_are_alternatives_if_they_follow_each_other_and_refused_if_not() -> None:
    first, other = row('"red"', "00001", rule_id="A"), row('"blue"', "00001", rule_id="B")
    again = row('"green"', "00001", rule_id="A")
    together = read(foreign(column("colour"), CODE, first + again + other))
    assert [(rule.id, len(rule.rows)) for rule in together.rules] == [("A", 2), ("B", 1)]
    message = refusal(foreign(column("colour"), CODE, first + other + again))
    assert message.startswith(
        "rule 3 (A): rule A stands in rule 1 (A) already, and others between."
    )


# Read into a base ---------------------------------------------------------------------------------


def test_into_a_base_come_the_rules_and_the_hit_policy_and_its_questions_stay() -> None:
    table = read(foreign(column("colour"), CODE, row('"Red"', '"00001"')), BASE)
    assert (table.key, table.name) == (BASE.key, BASE.name)
    assert table.facts == BASE.facts
    [rule] = table.to_document()["rules"]
    assert rule["rows"] == [{"colour": {"in": ["red"]}}]


def test_an_input_that_the_base_does_not_know_is_named() -> None:
    content = foreign(column("size"), CODE, row('"big"', '"00001"'))
    assert (
        refusal(content, BASE) == "The rule set has no fact “size”, which is an input of the file."
    )


def test_a_value_or_a_code_that_the_base_does_not_know_is_named() -> None:
    value = foreign(column("colour"), CODE, row('"mauve"', '"00001"', rule_id="A1"))
    assert "rule A1, colour: “mauve” is not a value of this fact" in refusal(value, BASE)
    code = foreign(column("colour"), CODE, row('"red"', '"99999"', rule_id="A1"))
    assert "rule A1: “99999” is not a code of the family" in refusal(code, BASE)


def test_a_test_on_a_set_of_codes_is_refused_and_a_dash_is_none() -> None:
    base = make.table([make.fact("codes", "code_set")], [make.rule("R1", {}, code="00001")])
    assert read(foreign(column("codes"), CODE, row("-", '"00001"')), base).rules[0].rows == ((),)
    tested = foreign(column("codes"), CODE, row('"Q65"', '"00001"', rule_id="A1"))
    assert (
        refusal(tested, base) == "rule 1 (A1), codes: tests on sets of codes are not read from DMN."
    )


def test_without_a_hit_policy_only_one_rule_may_apply() -> None:
    content = foreign(column("colour"), CODE, row("-", '"00001"')).replace(
        b' hitPolicy="FIRST"', b""
    )
    assert read(content, BASE).hit_policy == "unique"
