"""Exactly which answers end in a code: what every case has, whether that is enough, and the ways to it if not."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Asked,
    Band,
    CodeRegion,
    DecisionError,
    Facts,
    FactValue,
    Known,
    RuleTable,
    code_region,
    decide,
)
from coding.decision.cells import Cell, In
from tests.decision import tables as make
from tests.decision.derived_tables import BASE, CASES, SILENT, derived_documents

CODES = ("00001", "00002")
REST = make.rule("REST", {})


def colours(*rows: dict[str, Any], **more: Any) -> RuleTable:
    """A table of one code, by rows over colour, shape and age."""
    facts = [
        make.fact("colour"),
        make.fact("shape"),
        make.fact("age", "whole_number", minimum=0, maximum=99),
    ]
    return make.table(facts, [make.rule("CODE", *rows, code="00001"), REST], **more)


def region(table: RuleTable, code: str = "00001") -> CodeRegion:
    found = code_region(table, code)
    assert found is not None
    return found


def words(asked: Iterable[Asked]) -> dict[str, str]:
    return {own.fact.key: own.words for own in asked}


# What every case has -----------------------------------------------------------------------------------


def test_a_code_of_one_row_is_told_exactly_by_it() -> None:
    own = region(colours({"colour": {"in": ["red"]}, "age": {"between": [18, None]}}))
    assert words(own.always) == {"colour": "Red", "age": "18 to 99"}
    assert (own.exact, own.ways, own.count) == (True, (), 1)
    assert own.case == {"colour": Known("red"), "age": Known(Band(18, 99))}


def test_a_fact_that_is_open_is_not_told() -> None:
    assert words(region(colours({"colour": {"in": ["red"]}})).always) == {"colour": "Red"}
    assert words(region(colours({})).always) == {}


def test_what_a_rule_above_takes_away_is_no_case_of_the_code() -> None:
    rules = [
        make.rule("FIRST", {"colour": {"in": ["red"]}}),
        make.rule("CODE", {"colour": {"in": ["red", "green"]}}, code="00001"),
        REST,
    ]
    assert words(region(make.table([make.fact("colour")], rules)).always) == {"colour": "Green"}


def test_a_code_that_no_answers_reach_has_no_region() -> None:
    rules = [make.rule("ALL", {}, code="00001"), make.rule("CODE", {}, code="00002")]
    table = make.table([make.fact("colour")], rules)
    assert code_region(table, "00002") is None
    assert code_region(table, "99999") is None


@pytest.mark.parametrize(
    ("cell", "must", "said"),
    [
        ({"in": ["red"]}, True, "Red"),
        ({"in": ["red", "green", "blue"]}, True, "Red or Green or Blue"),
        ({"not": ["red"]}, True, "Green or Blue"),
        ({"in": ["red", "not_documented"]}, False, "Red or not documented"),
        ({"in": ["not_documented"]}, False, "not documented"),
        (
            {"in": ["red", "green", "blue", "not_documented"]},
            False,
            "whatever it is, or not documented; only not documented two ways",
        ),
        (
            {"in": ["red", "green", "not_documented"]},
            False,
            "anything but Blue or documented two ways",
        ),
    ],
)
def test_what_a_code_takes_of_a_fact_is_said_in_words(
    cell: dict[str, Any], must: bool, said: str
) -> None:
    [own] = region(colours({"colour": cell})).always
    assert own.words == said
    assert own.must_be_documented is must


def test_of_many_answers_that_all_do_only_that_it_is_documented_is_said() -> None:
    choices = [{"value": f"v{number}", "label": f"V{number}"} for number in range(5)]
    listed = {"which": {"in": [choice["value"] for choice in choices]}}
    table = make.table(
        [make.fact("which", choices=choices)], [make.rule("R", listed, code="00001"), REST]
    )
    assert words(region(table).always) == {"which": "whatever it is, if it is documented"}


# Several ways ------------------------------------------------------------------------------------------


def test_of_two_rows_only_what_both_have_is_told_of_every_case_and_each_way_its_own() -> None:
    either = region(
        colours(
            {"colour": {"in": ["red"]}, "shape": {"in": ["red"]}},
            {"colour": {"in": ["red"]}, "age": {"between": [18, None]}},
        )
    )
    assert not either.exact
    assert words(either.always) == {"colour": "Red"}
    assert [words(way) for way in either.ways] == [
        {"shape": "Red"},
        {"shape": "anything but Red", "age": "18 to 99"},
    ]
    assert either.count == 2


def test_twelve_ways_are_listed_and_all_are_counted() -> None:
    facts = [make.fact(f"f{number}") for number in range(14)]
    rows = [{fact["key"]: {"in": ["red"]}} for fact in facts]
    own = region(make.table(facts, [make.rule("R", *rows, code="00001"), REST]))
    assert (len(own.ways), own.count) == (12, 14)


def test_a_row_is_left_open_by_a_code_whose_cases_can_have_it() -> None:
    own = region(colours({"colour": {"in": ["red", "green"]}}))
    red, blue = (Cell("colour", In(frozenset({value}))) for value in ("red", "blue"))
    any_shape = Cell("shape", In(frozenset({"blue"})))
    assert own.leaves_open(())
    assert own.leaves_open((red, any_shape))
    assert not own.leaves_open((blue,))
    assert not own.leaves_open((red, blue))


def test_the_case_of_a_code_is_documented_unless_the_code_asks_for_silence() -> None:
    mixed = region(colours({"colour": {"in": ["not_documented", "blue"]}}))
    assert mixed.case == {"colour": Known("blue")}
    silent = region(colours({"colour": {"in": ["conflicting", "not_documented"]}}))
    assert silent.case["colour"] in (NOT_DOCUMENTED, CONFLICTING)


# Against every case, derived facts among them ----------------------------------------------------------


def code_of(table: RuleTable, case: Facts) -> str:
    """The code of complete answers; of a defect of the table none."""
    try:
        outcome = decide(table, case).outcome
    except DecisionError:
        return ""
    return outcome.code if outcome else ""


def takes(asked: Asked, answer: FactValue) -> bool:
    if isinstance(answer, Known) and type(answer.value) is int:
        bands = [own.value for own in asked.answers if isinstance(own, Known)]
        return any(isinstance(band, Band) and answer.value in band for band in bands)
    return answer in asked.answers


def has(case: Facts, asked: Iterable[Asked]) -> bool:
    return all(takes(own, case[own.fact.key]) for own in asked)


@settings(max_examples=12)
@given(derived_documents())
def test_the_region_holds_all_cases_of_a_code_and_its_ways_no_other(
    document: dict[str, Any],
) -> None:
    """It speaks of the facts that are asked, whatever is derived from them."""
    table = RuleTable.from_document(document)
    by_case = [(case, code_of(table, case)) for case in CASES]
    for code in CODES:
        own = [case for case, of_case in by_case if of_case == code]
        found = code_region(table, code)
        if found is None:
            assert own == []
            continue

        within = [case for case in CASES if has(case, found.always)]
        assert all(case in within for case in own)
        assert found.exact is (within == own)
        assert {asked.fact.key for asked in found.always} <= BASE.keys()
        if not found.exact and found.count == len(found.ways):
            along_ways = [case for case in within if any(has(case, way) for way in found.ways)]
            assert along_ways == own


@settings(max_examples=12)
@given(derived_documents())
def test_every_answer_that_is_told_is_one_of_some_case(document: dict[str, Any]) -> None:
    table = RuleTable.from_document(document)
    by_case = [(case, code_of(table, case)) for case in CASES]
    for code in CODES:
        own = [case for case, of_case in by_case if of_case == code]
        found = code_region(table, code)
        if found is None:
            continue
        told = {asked.fact.key: asked for asked in found.always}
        for key, values in BASE.items():
            taken = {case[key] for case in own}
            every = [*values, *SILENT]
            expected = [value for value in every if key not in told or takes(told[key], value)]
            assert taken == set(expected)


@settings(max_examples=12)
@given(derived_documents())
def test_the_case_of_a_region_is_one_of_the_code(document: dict[str, Any]) -> None:
    table = RuleTable.from_document(document)
    for code in CODES:
        found = code_region(table, code)
        if found is not None:
            outcome = decide(table, found.case).outcome
            assert outcome is not None
            assert outcome.code == code
