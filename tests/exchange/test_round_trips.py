"""A rule set that is written to a file and read back is the same rule set."""

import pytest
from hypothesis import given, settings

from coding.decision import RuleTable, TableError
from coding.exchange import FORMATS
from tests import factories
from tests.decision import tables as make

HIP = factories.hip_table()


@pytest.mark.parametrize("name", FORMATS)
def test_the_hip_rules_come_back_as_they_went(name: str) -> None:
    assert FORMATS[name].read(FORMATS[name].write(HIP), HIP).content_hash == HIP.content_hash


@pytest.mark.parametrize("name", ["json", "xlsx"])
@settings(max_examples=25, deadline=None)
@given(table=make.tables())
def test_json_and_workbooks_hold_everything(name: str, table: RuleTable) -> None:
    assert FORMATS[name].read(FORMATS[name].write(table), None).content_hash == table.content_hash


@settings(max_examples=50, deadline=None)
@given(make.tables())
def test_csv_holds_the_rules_and_the_rest_is_kept(table: RuleTable) -> None:
    assert FORMATS["csv"].read(FORMATS["csv"].write(table), table).content_hash == table.content_hash


@settings(max_examples=80, deadline=None)
@given(make.tables())
def test_dmn_holds_the_rules_that_it_can_express_and_refuses_the_others_by_name(table: RuleTable) -> None:
    if any(cell.fact == "codes" for rule in table.rules for row in rule.rows for cell in row):
        with pytest.raises(TableError, match=r"rule R\d, codes: DMN has no unary test"):
            FORMATS["dmn"].write(table)
    else:
        content = FORMATS["dmn"].write(table)
        assert FORMATS["dmn"].read(content, table).content_hash == table.content_hash


def numbers(**more: object) -> RuleTable:
    """A table with every kind of range, texts that a spreadsheet or XML would mistake, and a fact asked first."""
    rules = [
        make.rule("R1", {"age": {"between": [None, None]}, "ready": {"in": [True, "not_documented"]}}, code="00001"),
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


def test_no_cell_of_a_csv_begins_like_a_formula() -> None:
    text = FORMATS["csv"].write(numbers()).decode("utf-8-sig")
    assert "'+ Ortolani" in text
    assert ",+ Ortolani" not in text
    assert ",=1+1" not in text


def test_what_no_row_tests_is_empty_and_a_cell_reads_as_authors_write_it() -> None:
    header, first, *_ = FORMATS["csv"].write(numbers()).decode("utf-8-sig").splitlines()
    assert header == "rule,title,colour,ready,age,outcome,code,message,basis"
    assert first.startswith('R1,\'@+ Ortolani,,"yes, not documented",..,code,00001,')
