"""What is written as DMN for other tools: columns of the right kind, a row each alternative, and what is refused."""

import pytest
from lxml import etree

from coding.decision import RuleTable, TableError
from coding.exchange import FORMATS
from tests.decision import tables as make

DMN = {"d": "https://www.omg.org/spec/DMN/20191111/MODEL/"}
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


def written(table: RuleTable) -> etree._Element:
    return etree.fromstring(FORMATS["dmn"].write(table))


def texts(root: etree._Element, path: str) -> list[str]:
    return root.xpath(path, namespaces=DMN)


def test_a_column_says_of_what_kind_it_is_and_what_it_may_hold() -> None:
    root = written(BASE)
    assert texts(root, "//d:input/@label") == ["Colour", "Ready", "Age"]
    assert texts(root, "//d:inputExpression/@typeRef") == ["string", "boolean", "number"]
    assert texts(root, "//d:inputExpression/d:text/text()") == ["colour", "ready", "age"]
    colours, numbers = texts(root, "//d:inputValues/d:text/text()")
    assert colours == '"red","green","blue","not_documented","conflicting"'
    assert numbers == ">= 0"


def test_each_alternative_is_a_row_and_what_is_not_tested_a_dash() -> None:
    root = written(BASE)
    cells = texts(root, "//d:rule/d:inputEntry/d:text/text()")
    assert cells == ['"red"', "-", "[1..5]", "-", "not(true)", "-", "-", "-", "-"]
    assert texts(root, "//d:rule/d:outputEntry[1]/d:text/text()") == ['"R1"', '"R2"', '"R2"']
    assert texts(root, "//d:output/@name") == [
        "rule",
        "title",
        "outcome",
        "code",
        "message",
        "basis",
    ]
    assert texts(root, "//d:decisionTable/@hitPolicy") == ["FIRST"]


def test_a_yes_or_no_of_which_silence_is_asked_is_written_as_texts() -> None:
    rules = [
        make.rule("R1", {"ready": {"in": [False, "not_documented"]}}),
        make.rule("R2", {"ready": {"not": [True]}}),
    ]
    table = make.table([make.fact("ready", "yes_no")], rules)
    root = written(table)
    assert texts(root, "//d:inputExpression/@typeRef") == ["string"]
    cells = texts(root, "//d:inputEntry/d:text/text()")
    assert cells == ['"no", "not_documented"', 'not("yes", "conflicting", "not_documented")']
    assert (
        FORMATS["dmn"].read(FORMATS["dmn"].write(table), table).content_hash == table.content_hash
    )


@pytest.mark.parametrize("sign", ["\x01", "\x1f", "\ufffe"])
def test_a_sign_that_xml_cannot_hold_is_refused_with_the_text_around_it(sign: str) -> None:
    rule = {**make.rule("R1", {}), "message": f"Before{sign}behind"}
    with pytest.raises(
        TableError, match=f"XML cannot hold a control character, but “Before{sign}behind” has one"
    ):
        FORMATS["dmn"].write(make.table([make.fact("colour")], [rule]))


LENGTH = make.fact("length", "whole_number", minimum=1, maximum=100, decimals=1)
UNTOLD = make.table(
    [LENGTH],
    [
        make.rule(
            "R1",
            {"length": {"in": ["not_documented"]}},
            {"length": {"in": ["conflicting", "not_documented"]}},
        ),
        make.rule("R2", {"length": {"between": [26, None]}}, code="00001"),
    ],
)


def test_a_number_that_may_be_undocumented_has_an_input_beside_it_that_says_so() -> None:
    root = written(UNTOLD)
    assert texts(root, "//d:inputExpression/d:text/text()") == ["length", "length_silence"]
    cells = texts(root, "//d:inputEntry/d:text/text()")
    assert cells == ["-", '"not_documented"', "-", '"not_documented", "conflicting"', ">= 2.6", "-"]
    assert (
        FORMATS["dmn"].read(FORMATS["dmn"].write(UNTOLD), UNTOLD).content_hash
        == UNTOLD.content_hash
    )


def test_it_is_read_without_a_rule_set_too() -> None:
    table = FORMATS["dmn"].read(FORMATS["dmn"].write(UNTOLD), None)
    assert table.to_document()["rules"] == UNTOLD.to_document()["rules"]


def test_each_input_is_declared_and_the_decision_asks_for_it() -> None:
    root = written(BASE)
    assert texts(root, "//d:inputData/@name") == ["colour", "ready", "age"]
    assert texts(root, "//d:inputData/d:variable/@typeRef") == ["string", "boolean", "number"]
    declared = [f"#{name}" for name in texts(root, "//d:inputData/@id")]
    assert texts(root, "//d:informationRequirement/d:requiredInput/@href") == declared


def test_the_file_says_what_it_does_not_hold() -> None:
    [words] = texts(written(BASE), "/d:definitions/d:description/text()")
    assert (
        words == "The rules alone. A decision table does not hold: the questions and their texts."
    )
