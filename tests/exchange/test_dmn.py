"""DMN decision tables of other tools: what is read, and what is refused by name."""

import pytest

from coding.decision import Known, RuleTable, TableError, decide
from coding.exchange import FORMATS

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def dmn(
    rules: list[list[str]],
    *,
    policy: str = ' hitPolicy="FIRST"',
    model: str = MODEL,
    extra: str = "",
) -> bytes:
    """A file as Camunda Modeler writes it: inputs colour (string), ready (boolean), age (number), one output code."""
    inputs = "".join(
        f'<input id="i{key}" label="{key.title()}"><inputExpression id="e{key}" typeRef="{kind}">'
        f"<text>{key}</text></inputExpression></input>"
        for key, kind in (("colour", "string"), ("ready", "boolean"), ("age", "number"))
    )
    rows = "".join(
        f'<rule id="row{number}">'
        + "".join(f"<inputEntry><text>{escaped(text)}</text></inputEntry>" for text in row[:-1])
        + f"<outputEntry><text>{escaped(row[-1])}</text></outputEntry></rule>"
        for number, row in enumerate(rules, start=1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{model}" id="d" name="Colours" namespace="x">'
        f'{extra}<decision id="Decision_1" name="Which code"><decisionTable id="t"{policy}>{inputs}'
        f'<output id="o" name="code" typeRef="string"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def table(*rules: list[str]) -> RuleTable:
    return FORMATS["dmn"].read(dmn([*rules, ["-", "-", "-", '"00009"']]), None)


def code(rules: RuleTable, colour: str = "red", age: int = 5, *, ready: bool = True) -> str:
    outcome = decide(
        rules, {"colour": Known(colour), "ready": Known(ready), "age": Known(age)}
    ).outcome
    assert outcome is not None
    return outcome.code


def test_a_table_of_another_tool_becomes_a_rule_set_with_plain_questions() -> None:
    rules = table(['"red","blue"', "true", "[1..5]", '"00001"'])
    assert (rules.name, rules.family, rules.hit_policy.value) == (
        "Which code",
        ("00001", "00009"),
        "first",
    )
    assert [(fact.key, fact.kind.value, fact.question) for fact in rules.facts] == [
        ("colour", "choice", "Colour?"),
        ("ready", "yes_no", "Ready?"),
        ("age", "whole_number", "Age?"),
    ]
    assert (code(rules), code(rules, ready=False), code(rules, age=6)) == (
        "00001",
        "00009",
        "00009",
    )


@pytest.mark.parametrize(
    ("test", "inside", "outside"),
    [
        ("5", [5], [4, 6]),
        ("1, 5", [1, 5], [2]),
        ("<5", [4, -100], [5]),
        ("<= 5", [5], [6]),
        ("> 5", [6], [5]),
        (">=5", [5], [4]),
        ("[1..5]", [1, 5], [0, 6]),
        ("(1..5)", [2, 4], [1, 5]),
        ("]1..5[", [2, 4], [1, 5]),
        ("(1..5], 9", [2, 5, 9], [1, 6]),
        ("not(5)", [4, 6], [5]),
        ("not([1..5], > 8)", [0, 6, 8], [1, 5, 9]),
        ("not(null)", [0], []),
    ],
)
def test_ranges_allow_the_numbers_that_they_say(
    test: str, inside: list[int], outside: list[int]
) -> None:
    rules = table(["-", "-", test, '"00001"'])
    assert {number: code(rules, age=number) for number in inside} == dict.fromkeys(inside, "00001")
    assert {number: code(rules, age=number) for number in outside} == dict.fromkeys(
        outside, "00009"
    )


def test_lists_and_negations_of_texts_and_truth_values_are_read() -> None:
    rules = table(['not("red")', "not(true)", "-", '"00001"'], ['"red"', "true, false", "-", "27"])
    assert [code(rules, "red"), code(rules, "red", ready=False)] == ["27", "27"]


def test_texts_that_are_no_names_become_the_labels_of_choices() -> None:
    rules = table(['"deep red", "a \\"b\\""', "-", "-", '"00001"'])
    deep, quoted, other = rules.facts[0].choices
    assert [(choice.value, choice.label) for choice in (deep, quoted)] == [
        ("deep_red", "deep red"),
        ("a_b_", 'a "b"'),
    ]
    assert [code(rules, choice.value) for choice in (deep, quoted, other)] == [
        "00001",
        "00001",
        "00009",
    ]


@pytest.mark.parametrize(
    "year", ["20151101/dmn.xsd", "20180521/MODEL/", "20191111/MODEL/", "20230324/MODEL/"]
)
def test_files_of_other_versions_of_dmn_are_read(year: str) -> None:
    prefix = "http" if year.startswith("2015") else "https"
    content = dmn([["-", "-", "-", '"00001"']], model=f"{prefix}://www.omg.org/spec/DMN/{year}")
    assert len(FORMATS["dmn"].read(content, None).rules) == 1


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (dmn([], policy=' hitPolicy="COLLECT"'), "hit policy COLLECT is not read"),
        (dmn([['"red"', "-", "f(3)", '"1"']]), "rule 1 (row1), age: “f(3)” is not among the tests"),
        (dmn([['"red"', "-", "1.2345678", '"1"']]), "more than 6 decimals are not read"),
        (
            dmn([["? in list", "-", "-", '"1"']]),
            "rule 1 (row1), colour: “? in list” is not among the tests",
        ),
        (dmn([["-", "-", "[5..1]", '"1"']]), "“[5..1]” allows no number"),
        (dmn([["-", "-", "-", "a + b"]]), "rule 1, code: “a + b” is no literal"),
        (dmn([["-", "-", '"1"']]), "Rule 1 has another number of cells"),
        (dmn([['"red",', "-", "-", '"1"']]), '“"red",” is not among the tests'),
        (dmn([['date("2020-01-01")', "-", "-", '"1"']]), "rule 1 (row1), colour: “date("),
        (
            dmn([['"red"<x/>', "-", "-", '"1"']]).replace(b"&lt;x/>", b"<x/>"),
            "rule 1 (row1): a cell holds one text",
        ),
        (dmn([]).replace(b"<text>ready", b"<text>colour"), "Two inputs are called “colour”"),
        (dmn([], model="http://example.org/"), "is no DMN model"),
        (
            dmn([]).replace(b"<text>colour", b"<text>lower(colour)"),
            "its expression “lower(colour)” is no plain name",
        ),
        (
            dmn([]).replace(b"<definitions", b'<!DOCTYPE d [<!ENTITY a "b">]><definitions'),
            "document type declaration",
        ),
    ],
)
def test_what_is_not_read_is_refused_by_name(content: bytes, cause: str) -> None:
    with pytest.raises(TableError) as caught:
        FORMATS["dmn"].read(content, None)
    assert cause in str(caught.value)


def test_entities_are_never_expanded() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<!DOCTYPE d [<!ENTITY e0 "x">{levels}]><definitions xmlns="{MODEL}">&e11;</definitions>'
    )
    with pytest.raises(TableError):
        FORMATS["dmn"].read(bomb.encode(), None)


def test_it_reads_a_cell_past_a_comment() -> None:
    content = dmn([['"red"', "-", "-", '"00001"'], ["-", "-", "-", '"00009"']])
    fact = FORMATS["dmn"].read(
        content.replace(b'"red"', b'"red"<!-- and --><?x y?>,<![CDATA["blue"]]>'), None
    )
    assert [code(fact, "red"), code(fact, "blue")] == ["00001", "00001"]


def test_it_reads_every_escape_of_a_text() -> None:
    rules = table([r'"\u0041\n\t\\ \uD83D\uDC0E \U01F40E"', "-", "-", '"00001"'])
    assert [choice.label for choice in rules.facts[0].choices] == ["A\n\t\\ 🐎 🐎", "Other"]


def test_not_silent_means_any_value() -> None:
    rules = table(
        ['"red","blue","not_documented"', "-", "-", '"1"'],
        ['not("not_documented")', "-", "-", '"00001"'],
    )
    assert rules.to_document()["rules"][1]["rows"] == [{"colour": {"in": ["blue", "other", "red"]}}]


def test_it_reads_a_long_list_without_delay_and_refuses_ranges_that_multiply() -> None:
    assert len(table([",".join(['"red"'] * 100_000), "-", "-", '"00001"']).rules) == 2
    many = ",".join(str(2 * number) for number in range(200))
    wide = dmn([[many, "-", many, '"00001"']]).replace(
        b'"string"><text>colour', b'"feel:number"><text>colour'
    )
    with pytest.raises(
        TableError,
        match=r"rule 1 \(row1\): the lists of ranges up to here make more than 20,000 rows",
    ):
        FORMATS["dmn"].read(wide, None)
