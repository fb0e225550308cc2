"""A rule set that is written to a file and read back is the same rule set."""

import io
import re

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import RuleTable, TableError
from coding.exchange import FORMATS
from coding.tables.workbook import read_workbook
from tests import shipped_hip
from tests.decision import tables as make

HIP = shipped_hip.table()


@pytest.mark.parametrize("name", FORMATS)
def test_the_hip_rules_come_back_as_they_went(name: str) -> None:
    assert FORMATS[name].read(FORMATS[name].write(HIP), HIP).content_hash == HIP.content_hash


@pytest.mark.parametrize("name", ["json", "xlsx"])
@settings(max_examples=25)
@given(table=make.tables())
def test_json_and_workbooks_hold_everything(name: str, table: RuleTable) -> None:
    assert FORMATS[name].read(FORMATS[name].write(table), None).content_hash == table.content_hash


@settings(max_examples=50)
@given(make.tables())
def test_csv_holds_the_rules_and_the_rest_is_kept(table: RuleTable) -> None:
    assert (
        FORMATS["csv"].read(FORMATS["csv"].write(table), table).content_hash == table.content_hash
    )


@settings(max_examples=80)
@given(make.tables())
def test_dmn_holds_the_rules_that_it_can_express_and_refuses_the_others_by_name(
    table: RuleTable,
) -> None:
    if any(cell.fact == "codes" for rule in table.rules for row in rule.rows for cell in row):
        with pytest.raises(TableError, match=r"rule R\d, codes: DMN has no unary test"):
            FORMATS["dmn"].write(table)
    else:
        content = FORMATS["dmn"].write(table)
        assert FORMATS["dmn"].read(content, table).content_hash == table.content_hash


def numbers(**more: object) -> RuleTable:
    """A table with every kind of range, texts that a spreadsheet or XML would mistake, and a fact asked first."""
    rules = [
        make.rule(
            "R1",
            {"age": {"between": [None, None]}, "ready": {"in": [True, "not_documented"]}},
            code="00001",
        ),
        make.rule("R2", {"age": {"between": [3, 3]}}, {"age": {"between": [-5, None]}}),
        make.rule("R3", {"ready": {"not": [True]}, "colour": {"not": ["red", "blue"]}}),
        make.rule("R4", {}),
    ]
    for rule, text in zip(rules, ("+ Ortolani", "'quoted", "=1+1", '<&> "a\\b"\n-5'), strict=True):
        rule |= {"message": text, "basis": f"{text} again", "title": f"@{text}"}
    facts = [
        make.fact("colour"),
        make.fact("ready", "yes_no", asked_first=True),
        make.fact("age", "whole_number", minimum=-9, maximum=9, unit="days"),
    ]
    return make.table(facts, rules, notes=["One.", "Two."], description="A test.", **more)


@pytest.mark.parametrize("policy", ["first", "unique"])
@pytest.mark.parametrize("name", FORMATS)
def test_signs_that_a_spreadsheet_would_run_and_every_range_survive(name: str, policy: str) -> None:
    table = numbers(hit_policy=policy)
    assert FORMATS[name].read(FORMATS[name].write(table), table).content_hash == table.content_hash


@settings(max_examples=30)
@pytest.mark.parametrize("name", ["json", "csv", "xlsx"])
@given(text=st.text(st.sampled_from("=+-@＝＋－＠'\t\nx"), min_size=1).map("{}x".format))
def test_whatever_signs_a_text_begins_with_it_comes_back(name: str, text: str) -> None:
    table = make.table(
        [make.fact("colour")],
        [{**make.rule("R1", {}), "message": text, "title": text, "basis": text}],
    )
    assert FORMATS[name].read(FORMATS[name].write(table), table).content_hash == table.content_hash


def test_no_cell_of_a_csv_begins_like_a_formula() -> None:
    text = FORMATS["csv"].write(numbers()).decode("utf-8-sig")
    assert "'+ Ortolani" in text
    assert ",+ Ortolani" not in text
    assert ",=1+1" not in text


def test_what_no_row_tests_is_empty_and_a_cell_reads_as_authors_write_it() -> None:
    header, first, *_ = FORMATS["csv"].write(numbers()).decode("utf-8-sig").splitlines()
    assert header == "rule,title,colour,ready,age,outcome,code,message,basis"
    assert first.startswith('R1,\'@+ Ortolani,,"yes, not documented",..,code,00001,')


def test_it_keeps_two_lines_of_one_modifier_apart_from_one_line_with_alternatives() -> None:
    apart = [
        {"modifier": "LT", "rows": [{}]},
        {"modifier": "LT", "rows": [{"ready": {"in": [True]}}]},
    ]
    together = [{"modifier": "LT", "rows": [{}, {"ready": {"in": [True]}}]}]
    for modifiers in (apart, together):
        table = numbers(modifiers=modifiers)
        assert (
            FORMATS["xlsx"].read(FORMATS["xlsx"].write(table), None).content_hash
            == table.content_hash
        )


def test_it_refuses_to_write_what_a_workbook_would_change() -> None:
    spaced = numbers(diagnoses=[{"codes": ["Q65 .1"], "rows": [{}]}])
    long = numbers(name="x" * 40_000)
    for table, cause in (
        (spaced, "cannot stand in one cell"),
        (long, "About, row 3: a cell of a workbook holds 32,767"),
    ):
        with pytest.raises(TableError, match=cause):
            FORMATS["xlsx"].write(table)


def test_it_writes_the_words_of_a_question_below_its_key_and_can_do_without_them() -> None:
    content = FORMATS["xlsx"].write(numbers())
    rules = read_workbook(content)["Rules"]
    assert rules[:2] == [
        ["rule", "title", "colour", "ready", "age", "outcome", "code", "message", "basis"],
        ["Rule", "Title", "Colour", "Ready", "Age", "Outcome", "Code", "Message", "Basis"],
    ]
    bare = without_second_row(content, "Rules")
    assert FORMATS["xlsx"].read(bare, None).content_hash == numbers().content_hash


def without_second_row(content: bytes, without: str) -> bytes:
    """The workbook as somebody would leave it who deletes the second row of a sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in read_workbook(content).items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows[:1] + rows[2:] if name == without else rows):
                for column, text in enumerate(row):
                    sheet.write_string(number, column, text)
    return out.getvalue()


def test_dmn_asks_whether_a_number_is_documented() -> None:
    table = make.table(
        [make.fact("age", "whole_number")], [make.rule("R1", {"age": {"in": ["not_documented"]}})]
    )
    assert (
        FORMATS["dmn"].read(FORMATS["dmn"].write(table), table).content_hash == table.content_hash
    )


def test_dmn_without_a_rule_set_keeps_the_range_of_a_number() -> None:
    fact = FORMATS["dmn"].read(FORMATS["dmn"].write(numbers()), None).fact_by_key["age"]
    assert (fact.kind.value, fact.minimum, fact.maximum) == ("whole_number", -9, 9)


def test_every_id_of_a_dmn_file_is_a_name_of_xml_and_stands_once() -> None:
    odd = make.table(
        [make.fact(key) for key in ("a*", "1.2", "output-rule")], [make.rule("R 1", {})]
    )
    content = FORMATS["dmn"].write(odd)
    ids = re.findall(r' id="([^"]*)"', content.decode())
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name, re.ASCII) for name in ids)
    assert FORMATS["dmn"].read(content, odd).content_hash == odd.content_hash


@pytest.mark.parametrize("name", FORMATS)
def test_what_opens_services_comes_back_as_it_went(name: str) -> None:
    members = {
        "claims": ["99202-99215"],
        "opens_by": {"diagnoses": ["S73.0"]},
        "meanings": {HIP.facts[0].key: "side"},
    }
    opening = RuleTable.from_document({**HIP.to_document(), **members})
    assert FORMATS[name].read(FORMATS[name].write(opening), opening).opening == opening.opening


@pytest.mark.parametrize("text", ["{", "[]", '{"opens": {}}', '{"claims": ["1"]}'])
def test_a_workbook_whose_opening_cannot_be_read_is_refused_with_its_place(text: str) -> None:
    opening = RuleTable.from_document({**HIP.to_document(), "claims": ["99202"]})
    sheets = read_workbook(FORMATS["xlsx"].write(opening))
    sheets["About"][-1] = ["opening", text]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    with pytest.raises((TableError, ValueError), match=r"opening|claims"):
        FORMATS["xlsx"].read(out.getvalue(), None)
