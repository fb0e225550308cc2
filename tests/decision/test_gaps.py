"""Gaps as regions: no case of a region has a rule, and rules made from the regions close the table."""

from hypothesis import given, settings

from coding.decision import RuleTable, format_rows
from coding.decision.cells import AnyOf, rows_to_data
from coding.decision.gaps import gap_regions
from tests import shipped_hip
from tests.decision import tables as make
from tests.decision.reading import applying, row_applies

CASES = make.every_case()
ALL = 1000


def without_rule(table: RuleTable) -> list[dict]:
    return [case for case in CASES if not list(applying(table, case))]


def lists_of_codes(table: RuleTable) -> set[frozenset[str]]:
    tests = [cell.test for rule in table.rules for row in rule.rows for cell in row]
    return {test.codes for test in tests if isinstance(test, AnyOf)}


@settings(max_examples=50)
@given(make.loose_documents())
def test_regions_hold_all_cases_without_a_rule_and_no_other(document: dict) -> None:
    table = RuleTable.from_document(document)
    regions = gap_regions(table, ALL)
    rows = [rows_to_data((region.row,))[0] for region in regions]
    taken = [case for case in CASES if any(row_applies(row, case) for row in rows)]
    missing = without_rule(table)
    assert all(case in missing for case in taken)
    # One cell cannot say “has this code, and not that one”: of what two lists tell apart the search may give up.
    if len(lists_of_codes(table)) < 2:
        assert taken == missing


@settings(max_examples=50)
@given(make.loose_documents())
def test_the_case_of_a_region_is_one_of_it(document: dict) -> None:
    table = RuleTable.from_document(document)
    for region in gap_regions(table):
        assert all(cell.test.accepts(region.witness[cell.fact]) for cell in region.row)


def test_a_complete_table_has_none() -> None:
    assert gap_regions(make.table(make.SMALL_FACTS, [make.rule("ALL", {})])) == ()


def test_a_region_is_as_wide_as_the_rules_leave_it() -> None:
    facts = [
        make.fact("colour"),
        make.fact("age", "whole_number", minimum=0, maximum=99),
        make.fact("shape"),
    ]
    silent = ["not_documented", "conflicting"]
    rules = [
        make.rule("R1", {"colour": {"in": ["green", "blue", *silent]}}),
        make.rule("R2", {"age": {"between": [0, 17]}}, {"age": {"in": silent}}),
    ]
    table = make.table(facts, rules)
    [region] = gap_regions(table)
    assert format_rows((region.row,), table.fact_by_key) == "colour: red\nage: 18.."


def test_the_shipped_rules_leave_one_region_where_their_last_rule_is_taken_out() -> None:
    document = shipped_hip.table().to_document()
    document["rules"].pop()
    assert len(gap_regions(RuleTable.from_document(document), ALL)) == 1
