"""The drawn table: nothing in it that decides nothing, the same however it is come by, and given up as a whole."""

import pytest
from hypothesis import given, settings

from coding.decision import (
    Band,
    Known,
    RuleTable,
    can_guide,
    decide,
    drawing,
    errors,
    guide,
    possible_outcomes,
)
from coding.decision.diagram import Branch, Terminal, diagram_of, nodes_below
from tests.decision import tables as make

RED = {"in": ["red"]}


def branches(root):
    return [node for node in nodes_below(root) if isinstance(node, Branch)]


def end_of(node, facts, keys):
    """Follow the answers from a node to its end."""
    while isinstance(node, Branch):
        node = node.children[facts[keys[node.index]]]
    return node


@settings(max_examples=20)
@given(make.tables())
def test_every_node_asks_something_and_no_two_nodes_are_the_same(table):
    nodes = branches(diagram_of(table).root)
    for node in nodes:
        behind = {id(child) for _, child in node.ways}
        assert len(behind) > 1
        assert all(child.index > node.index for _, child in node.ways if isinstance(child, Branch))
    drawn = {(node.index, *(id(child) for _, child in node.ways)) for node in nodes}
    assert len(drawn) == len(nodes)


@settings(max_examples=20)
@given(make.tables(), make.answers(complete=True), make.answers(complete=False))
def test_what_is_left_below_some_answers_ends_as_the_whole_does(table, facts, given_first):
    diagram = diagram_of(table)
    keys = list(table.fact_by_key)
    below = diagram.below(given_first)
    together = {**facts, **given_first}
    assert end_of(below, together, keys) is end_of(diagram.root, together, keys)
    assert not {node.key for node in branches(below)} & given_first.keys()


@settings(max_examples=20)
@given(make.tables(), make.answers(complete=False))
def test_equal_nodes_of_two_restrictions_are_one_object_if_they_share(table, facts):
    diagram = diagram_of(table)
    shared = {}
    first, second = (
        diagram.below(facts, shared),
        diagram.below(dict(reversed(facts.items())), shared),
    )
    assert first is second


def colours(*rules):
    facts = [make.fact("colour"), make.fact("shape"), make.fact("ready", "yes_no")]
    return make.table(facts, [*rules, make.rule("REST", {})])


def test_equal_ends_are_one_object_whatever_leads_to_them():
    table = colours(make.rule("RED", {"colour": RED}, {"shape": RED}, code="00001"))
    ends = [node for node in nodes_below(diagram_of(table).root) if isinstance(node, Terminal)]
    assert sorted(end.decision.rule_id for end in ends) == ["RED", "REST"]


def test_a_table_whose_rules_all_end_alike_has_no_question():
    table = make.table([make.fact("colour")], [make.rule("R", {"colour": RED}, {}, code="00001")])
    assert isinstance(diagram_of(table).root, Terminal)
    assert decide(table, {}).outcome.code == "00001"


def test_of_a_number_every_answer_is_found_and_a_band_across_branches_stays_open():
    age = make.fact("age", "whole_number", minimum=0, maximum=9)
    table = make.table(
        [age], [make.rule("YOUNG", {"age": {"between": [0, 4]}}), make.rule("REST", {})]
    )
    decided = [decide(table, {"age": Known(number)}).rule_id for number in range(10)]
    assert decided == ["YOUNG"] * 5 + ["REST"] * 5
    assert decide(table, {"age": Known(Band(1, 2))}).rule_id == "YOUNG"
    assert decide(table, {"age": Known(Band(4, 5))}).open_facts == ("age",)


def test_guiding_and_listing_refuse_an_answer_to_no_fact_of_the_table():
    table = colours(make.rule("RED", {"colour": RED}))
    for ask in (guide, possible_outcomes):
        with pytest.raises(errors.UnknownFact, match="size is no fact of Test"):
            ask(table, {"colour": Known("red"), "size": Known("big")})


@pytest.fixture
def entangled(monkeypatch):
    """A table of three rules that have nothing to do with each other, where five steps are too many."""
    monkeypatch.setattr(drawing, "LIMIT", 4)
    return colours(
        make.rule("RED", {"colour": RED, "shape": RED}, code="00001"),
        make.rule("BLUE", {"shape": {"in": ["blue"]}, "ready": {"in": [True]}}, code="00002"),
        make.rule("READY", {"colour": {"in": ["green"]}, "ready": {"in": [False]}}, code="00003"),
    )


def test_a_table_that_is_too_entangled_cannot_guide_from_the_first_question_on(entangled):
    assert not can_guide(entangled)
    with pytest.raises(errors.Entangled, match="too many combinations"):
        guide(entangled, {})
    with pytest.raises(errors.Entangled):
        possible_outcomes(entangled, {})


@pytest.mark.parametrize(
    ("colour", "shape", "ready", "rule"),
    [
        ("red", "red", True, "RED"),
        ("red", "blue", True, "BLUE"),
        ("green", "red", False, "READY"),
        ("blue", "red", False, "REST"),
    ],
)
def test_complete_answers_are_decided_even_then(entangled, colour, shape, ready, rule):
    facts = {"colour": Known(colour), "shape": Known(shape), "ready": Known(ready)}
    assert decide(entangled, facts).rule_id == rule


def test_so_are_answers_that_leave_little_open_and_others_are_given_up_never_guessed(entangled):
    shape_and_ready = {"shape": Known("red"), "ready": Known(False)}
    assert decide(entangled, shape_and_ready).open_facts == ("colour",)
    assert [outcome.code for outcome in guide(entangled, shape_and_ready).outcomes] == [
        "00001",
        "00003",
        "",
    ]
    with pytest.raises(errors.Entangled):
        decide(entangled, {})


def test_a_table_that_can_be_drawn_can_guide():
    assert can_guide(colours(make.rule("RED", {"colour": RED})))


def test_a_gap_and_an_overlap_are_ends_without_a_decision():
    rules = [
        make.rule("RED", {"colour": RED}),
        make.rule("ANY", {"colour": {"in": ["red", "blue"]}}),
    ]
    table = make.table([make.fact("colour")], rules, hit_policy="unique")
    ends = {node for node in nodes_below(diagram_of(table).root) if isinstance(node, Terminal)}
    places = {(end.rule, end.overlapping): end.decision and end.decision.rule_id for end in ends}
    assert places == {(0, 1): None, (1, None): "ANY", (None, None): None}
    assert RuleTable.from_document(table.to_document()).hit_policy == "unique"
