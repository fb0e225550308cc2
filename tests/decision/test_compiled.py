"""A table as sets of rows: each answer leaves alive the rows that a plain reading leaves, and the end is the rules'."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import NOT_DOCUMENTED, Band, Known, RuleTable, compiled_facts
from coding.decision.compiled import Compiled, compiled
from tests.decision import tables as make
from tests.decision.reading import applying, passes, row_applies

CASES = make.every_case()
cases = st.sampled_from(CASES)
documents = make.loose_documents() | make.loose_documents("unique")
AGES = make.fact("age", "whole_number", minimum=0, maximum=9)


def all_rows(document):
    """The rows in the order of their numbers: those of the rules first, then those of the modifiers."""
    return [row for line in (*document["rules"], *document["modifiers"]) for row in line["rows"]]


def rows_in(bits, count):
    return [number for number in range(count) if bits >> number & 1]


def ages(*ranges):
    """A table of one rule for each range of ages, and its compiled fact."""
    rules = [
        make.rule(f"R{place}", {"age": {"between": list(ends)}})
        for place, ends in enumerate(ranges)
    ]
    table = make.table([AGES], rules)
    return compiled(table).facts[0]


@settings(max_examples=25)
@given(documents, cases)
def test_of_complete_answers_the_rows_are_alive_that_apply(document, case):
    rows = all_rows(document)
    live = compiled(RuleTable.from_document(document)).live(case)
    assert rows_in(live, len(rows)) == [
        number for number, row in enumerate(rows) if row_applies(row, case)
    ]


@settings(max_examples=25)
@given(documents, cases)
def test_a_case_ends_with_the_first_rule_and_under_unique_with_a_second_one_that_applies(
    document, case
):
    table = RuleTable.from_document(document)
    ids = [rule["id"] for rule in applying(table, case)]
    end = compiled(table).end(compiled(table).live(case))
    assert (None if end.rule is None else table.rules[end.rule].id) == (ids[0] if ids else None)
    second = ids[1] if len(ids) > 1 and document["hit_policy"] == "unique" else None
    assert (None if end.overlapping is None else table.rules[end.overlapping].id) == second


@settings(max_examples=25)
@given(documents, cases)
def test_the_rows_that_can_no_longer_matter_change_no_end(document, case):
    rows = compiled(RuleTable.from_document(document))
    live = rows.live(case)
    assert rows.end(rows.pruned(live, 0)) == rows.end(live)


@settings(max_examples=15)
@given(make.loose_documents())
def test_answers_of_one_class_leave_the_same_rows_alive_and_those_of_two_do_not(document):
    rows = all_rows(document)
    for fact in compiled(RuleTable.from_document(document)).facts:
        left = []
        for group in fact.classes:
            assert {fact.passing(answer) for answer in group.answers} == {group.passing}
            left.append(group.passing)
        assert len(set(left)) == len(left)
        for answer in make.SMALL_ANSWERS[fact.key]:
            alive = [
                number for number, row in enumerate(rows) if passes_fact(row, fact.key, answer)
            ]
            assert rows_in(fact.alive[answer], len(rows)) == alive
            assert fact.alive[answer] in left


def passes_fact(row, key, answer):
    return key not in row or passes(row[key], answer)


def test_a_missing_answer_refuses_no_row_and_is_sure_of_none_that_asks_for_it():
    fact = ages((0, 5), (3, 9))
    assert (fact.passing(None), fact.possible(None)) == (0b00, 0b11)


def test_a_band_across_an_end_leaves_open_what_it_cannot_say():
    fact = ages((0, 5), (3, 9))
    across = Known(Band(4, 7))
    assert (fact.passing(across), fact.possible(across)) == (0b10, 0b11)
    with pytest.raises(KeyError):
        fact.alive[across]


def test_the_classes_that_a_band_leaves_open_are_those_that_it_touches():
    fact = ages((0, 3), (4, 6))
    assert [list(group.bands()) for group in fact.classes_within(Known(Band(3, 5)))] == [
        [Band(0, 3)],
        [Band(4, 6)],
    ]
    assert [list(group.bands()) for group in fact.classes_within(Known(Band(7, None)))] == [
        [Band(7, 9)]
    ]
    assert fact.classes_within(None) == fact.classes


def test_an_answer_is_represented_by_the_first_of_its_class():
    fact = ages((0, 3), (4, 6))
    assert fact.representative(Known(5)) == Known(Band(4, 6))
    assert fact.representative(NOT_DOCUMENTED) == Known(Band(7, 9))
    with pytest.raises(KeyError):
        fact.representative(None)


def test_only_documented_answers_count_as_documented():
    [red, rest] = compiled(colours(make.rule("RED", {"colour": {"in": ["red"]}}))).facts[0].classes
    assert (red.documented, len(red.answers)) == (1, 1)
    assert (rest.documented, len(rest.answers)) == (2, 4)


def colours(*rules):
    return make.table([make.fact("colour"), make.fact("shape")], list(rules))


def test_rules_are_named_once_each_in_their_order_however_many_of_their_rows_there_are():
    rows = compiled(
        colours(
            make.rule("A", {"colour": {"in": ["red"]}}, {"shape": {"in": ["red"]}}),
            make.rule("B", {"colour": {"in": ["blue"]}}),
            make.rule("C", {}),
        )
    )
    assert rows.rows_of == (0b0011, 0b0100, 0b1000)
    assert list(rows.rules_with(0b1011)) == [0, 2]
    assert list(rows.rules_with(0)) == []
    assert rows.first_rule(0b1100) == 1


def test_a_modifier_of_two_lines_is_reported_once_and_in_the_order_of_the_table():
    lines = [
        {"modifier": "LT", "rows": [{"colour": {"in": ["red"]}}]},
        {"modifier": "58", "rows": [{}]},
        {"modifier": "LT", "rows": [{"shape": {"in": ["red"]}}]},
    ]
    table = make.table(
        [make.fact("colour"), make.fact("shape")],
        [make.rule("R", {}, code="00001")],
        modifiers=lines,
    )
    reported = {}
    for colour, shape in product(("red", "blue"), repeat=2):
        live = compiled(table).live({"colour": Known(colour), "shape": Known(shape)})
        reported[colour, shape] = compiled(table).end(live).modifiers
    assert reported == {
        ("red", "red"): ("LT", "58"),
        ("red", "blue"): ("LT", "58"),
        ("blue", "red"): ("58", "LT"),
        ("blue", "blue"): ("58",),
    }


def test_what_is_remembered_of_numbers_has_an_end_and_what_is_not_is_worked_out_anew(monkeypatch):
    monkeypatch.setattr(compiled_facts, "REMEMBERED", 2)
    rules = [make.rule("YOUNG", {"age": {"between": [0, 4]}}), make.rule("REST", {})]
    fact = Compiled(make.table([AGES], rules)).facts[0]
    for _ in range(2):
        assert [fact.alive[Known(age)] for age in range(10)] == [0b11] * 5 + [0b10] * 5
    assert len(fact.alive) == len(fact.judged) == 2


def test_a_table_is_compiled_once():
    table = colours(make.rule("R", {}))
    assert compiled(table) is compiled(table)
