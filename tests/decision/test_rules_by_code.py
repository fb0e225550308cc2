"""The rules behind codes and outcomes, what they are called, and rules that one answer alone keeps from applying."""

from coding.decision import (
    Known,
    label_of,
    possible_outcomes,
    rules_of,
    rules_with,
    short_names,
)
from coding.decision.near_misses import near_misses
from tests.decision import tables as make

RED, BLUE = {"colour": {"in": ["red"]}}, {"colour": {"in": ["blue"]}}
READY = {"ready": {"in": [True]}}
TABLE = make.table(
    [make.fact("colour"), make.fact("ready", "yes_no"), make.fact("shape")],
    [
        {**make.rule("RED", {**RED, **READY}, code="00001"), "title": "Red and ready"},
        {**make.rule("BLUE", {**BLUE, **READY}, BLUE | {"shape": {"in": ["red"]}}, code="00001")},
        {**make.rule("TWICE", {"shape": {"in": ["blue"]}}, code="00002"), "title": "Second"},
        make.rule("REST", {}),
    ],
    modifiers=[{"modifier": "LT", "rows": [READY]}],
)


# By code and by outcome --------------------------------------------------------------------------------


def test_the_rules_of_a_code_stand_in_their_order():
    assert [rule.id for rule in rules_of(TABLE, "00001")] == ["RED", "BLUE"]
    assert [rule.id for rule in rules_of(TABLE, "00003")] == []


def test_a_code_is_called_by_the_titles_of_its_rules_each_once():
    assert label_of(rules_of(TABLE, "00001")) == "Red and ready; BLUE"
    same = [*rules_of(TABLE, "00002"), *rules_of(TABLE, "00002")]
    assert label_of(same) == "Second"
    assert label_of([]) == ""


def test_the_rules_with_an_outcome_are_found_whatever_its_modifiers():
    outcomes = [own for own in possible_outcomes(TABLE, {}) if own.message == "by RED"]
    assert {own.modifiers for own in outcomes} == {("LT",)}
    assert [rule.id for rule in rules_with(TABLE, outcomes)] == ["RED"]
    assert rules_with(TABLE, []) == ()


def test_outcomes_in_short_have_no_modifiers_and_stand_each_once():
    assert short_names(possible_outcomes(TABLE, {})) == ("00001", "00002", "supervisor review")
    assert short_names([]) == ()


# Near misses -------------------------------------------------------------------------------------------


def missed(**answers):
    facts = {key: Known(value) for key, value in answers.items()}
    return [(own.rule_id, own.alternative, own.cell.fact) for own in near_misses(TABLE, facts)]


def test_a_row_that_fails_by_one_answer_is_told_with_that_cell():
    assert missed(colour="red", ready=False, shape="green") == [
        ("RED", 0, "ready"),
        ("TWICE", 0, "shape"),
    ]


def test_each_alternative_of_a_rule_is_told_by_its_place():
    assert missed(colour="blue", ready=False, shape="green") == [
        ("BLUE", 0, "ready"),
        ("BLUE", 1, "shape"),
        ("TWICE", 0, "shape"),
    ]


def test_a_row_that_fails_twice_or_holds_is_no_near_miss():
    assert ("RED", 0, "colour") not in missed(colour="green", ready=False, shape="green")
    assert missed(colour="red", ready=True, shape="blue") == [("BLUE", 0, "colour")]


def test_what_is_not_answered_neither_holds_nor_fails():
    assert missed(colour="blue") == []
    assert missed(ready=False) == []
    assert missed(shape="green") == [("TWICE", 0, "shape")]
