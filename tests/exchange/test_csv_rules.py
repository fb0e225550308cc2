"""Rules as CSV: how a table is written and read by people, and what of it is refused with its line."""

import pytest

from coding.decision import RuleTable, TableError
from coding.exchange import FORMATS
from tests.decision import tables as make

BASE = make.table(
    [
        make.fact("colour"),
        make.fact("ready", "yes_no"),
        make.fact("age", "whole_number", minimum=0, maximum=99),
    ],
    [make.rule("OLD", {}, code="00001")],
    family=["00001", "00002"],
    hit_policy="unique",
    modifiers=[{"modifier": "LT", "rows": [{"ready": {"in": [True]}}]}],
    diagnoses=[{"codes": ["Q65.0"], "rows": [{}]}],
    notes=["A note."],
)
HEADER = "rule,title,colour,ready,age,outcome,code,message,basis"
REST = "R9,Rest,,,,supervisor_review,,Ask.,Here"


def read(*lines: str, header: str = HEADER) -> RuleTable:
    return FORMATS["csv"].read("\n".join([header, *lines]).encode(), BASE)


def refusal(*lines: str, header: str = HEADER) -> str:
    with pytest.raises(TableError) as caught:
        read(*lines, header=header)
    return str(caught.value)


def rows_of(table: RuleTable, rule_id: str = "R1") -> list[dict]:
    [rule] = [rule for rule in table.to_document()["rules"] if rule["id"] == rule_id]
    return rule["rows"]


def test_only_the_rules_are_of_the_file_and_all_else_is_of_the_base() -> None:
    document = read(REST).to_document()
    base = BASE.to_document()
    assert [rule["id"] for rule in document.pop("rules")] == ["R9"]
    base.pop("rules")
    assert document == base


def test_rows_of_one_id_are_alternatives_of_one_rule() -> None:
    table = read("R1,A,red,,,code,00001,M,B", "R1,A,,yes,,code,00001,M,B", REST)
    assert rows_of(table) == [{"colour": {"in": ["red"]}}, {"ready": {"in": [True]}}]
    assert [rule.id for rule in table.rules] == ["R1", "R9"]


@pytest.mark.parametrize(
    ("cells", "tests"),
    [
        (",,", {}),
        (" red ,,", {"colour": {"in": ["red"]}}),
        ('"red, blue",,', {"colour": {"in": ["blue", "red"]}}),
        ("not red,,", {"colour": {"not": ["red"]}}),
        ("not documented,,", {"colour": {"in": ["not_documented"]}}),
        ('"red,\nnot documented",,', {"colour": {"in": ["red", "not_documented"]}}),
        (",no,", {"ready": {"in": [False]}}),
        (",,3..", {"age": {"between": [3, None]}}),
        (",,3..3", {"age": {"between": [3, 3]}}),
        (
            "blue,yes,..9",
            {"colour": {"in": ["blue"]}, "ready": {"in": [True]}, "age": {"between": [None, 9]}},
        ),
    ],
)
def test_a_cell_is_read_as_authors_write_conditions(cells: str, tests: dict) -> None:
    assert rows_of(read(f"R1,A,{cells},code,00001,M,B", REST)) == [tests]


def test_columns_of_facts_may_stand_in_any_order_and_be_left_out() -> None:
    header = "rule, title ,age,colour,outcome,code,message,basis"
    table = read("R1,A,..5,red,code,00002,M,B", header=header)
    assert rows_of(table) == [{"colour": {"in": ["red"]}, "age": {"between": [None, 5]}}]
    always = read("R1,A,code,00002,M,B", header="rule,title,outcome,code,message,basis")
    assert rows_of(always) == [{}]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("R1,A,mauve,,,code,00001,M,B", "rule R1, colour: “mauve” is not a value of this fact"),
        ("R1,A,,,old,code,00001,M,B", "rule R1, age: “old” is not a value of this fact."),
        ("R1,A,,,9..1,code,00001,M,B", "rule R1, age: no number lies from 9 to 1."),
        ("R1,A,,,a..b,code,00001,M,B", "line 3, age: “a..b” is not a range such as 0..18."),
        ("R1,A,,,,code,99999,M,B", "rule R1: “99999” is not a code of the family (00001, 00002)."),
        ("R1,A,,,,code,,M,B", "rule R1: “” is not a code of the family"),
        (
            "R1,A,,,,provider_query,00001,M,B",
            "rule R1: an outcome of provider_query has no code, but “00001”",
        ),
        ("R1,A,,,,perhaps,,M,B", "rule R1, outcome: “perhaps” is none of code, provider_query"),
        ("R1,,,,,code,00001,M,B", "rule R1: title is missing."),
        ("R1,A,,,,code,00001,,B", "rule R1: message is missing."),
        ("R1,A,,,,code,00001,M,", "rule R1: basis is missing."),
        ("R1,A,,,,code,00001,M,B,more", "Line 3 has 10 cells, the header 9."),
        (",A,,,,code,00001,M,B", "line 3: the rule has no id. Write one under “rule”."),
    ],
)
def test_what_a_line_gets_wrong_is_named(line: str, problem: str) -> None:
    assert problem in refusal(REST, line)


@pytest.mark.parametrize("name", ["title", "outcome", "code", "message", "basis"])
def test_alternatives_of_one_rule_that_do_not_agree_are_refused_with_both_lines(name: str) -> None:
    first = {"title": "A", "outcome": "code", "code": "00001", "message": "M", "basis": "B"}
    second = {**first, name: "other"}
    lines = [
        f"R1,{texts['title']},,,,{texts['outcome']},{texts['code']},{texts['message']},{texts['basis']}"
        for texts in (first, second)
    ]
    message = refusal(REST, *lines)
    assert message == (
        f"line 3 and line 4 are alternatives of rule R1, but differ in {name}. Give them the same, or another rule id."
    )


@pytest.mark.parametrize(
    "header",
    [
        "rule,title",
        "title,rule,colour,outcome,code,message,basis",
        "rule,title,colour,outcome,code,basis,message",
        "rule,title,colour,outcome,code,message",
        "rule,outcome,code,message,basis",
        "outcome,code,message,basis",
    ],
)
def test_a_header_that_is_not_the_one_of_rules_is_refused_with_what_it_must_be(header: str) -> None:
    expected = (
        "Line 1: the header must begin with rule, title and end with outcome, code, message, basis."
    )
    assert refusal(REST, header=header) == expected


def test_a_file_in_another_encoding_is_refused_with_its_line() -> None:
    content = f"{HEADER}\n{REST}\nR1,Gr\xfcn,,,,code,00001,M,B".encode("latin-1")
    with pytest.raises(TableError, match=r"Line 3 is not UTF-8\. Save the file as CSV in UTF-8"):
        FORMATS["csv"].read(content, BASE)


def test_a_file_that_a_spreadsheet_saved_in_utf_16_is_read() -> None:
    content = f"{HEADER}\n{REST}\n".encode("utf-16")
    assert [rule.id for rule in FORMATS["csv"].read(content, BASE).rules] == ["R9"]


def test_what_is_written_begins_with_the_mark_by_which_spreadsheets_know_utf_8() -> None:
    assert FORMATS["csv"].write(BASE).startswith(b"\xef\xbb\xbfrule,title,colour")


@pytest.mark.parametrize("content", [b",", b" \n,,\n"])
def test_a_file_of_nothing_says_so(content: bytes) -> None:
    with pytest.raises(TableError, match="no line that holds something"):
        FORMATS["csv"].read(content, BASE)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_says_what_parts_the_cells(delimiter: str) -> None:
    lines = [line.replace(",", delimiter) for line in ("", HEADER, REST)]
    table = FORMATS["csv"].read("\n".join(lines).encode(), BASE)
    assert [rule.id for rule in table.rules] == ["R9"]


@pytest.mark.parametrize("cells", [8, 10])
def test_a_line_has_as_many_cells_as_the_header(cells: int) -> None:
    line = ",".join((*REST.split(","), "more")[:cells])
    assert f"Line 3 has {cells} cells, the header 9." in refusal(REST, line)
