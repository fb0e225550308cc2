"""An outcome in short, and a decision as it is stored."""

import pytest
from hypothesis import given, settings

from coding.decision import Decision, Outcome, OutcomeKind, decide, possible_outcomes
from tests.decision import tables as make


@pytest.mark.parametrize(
    ("kind", "code", "modifiers", "name"),
    [
        ("code", "27256", (), "27256"),
        ("code", "27256", ("LT",), "27256-LT"),
        ("code", "27256", ("58", "LT"), "27256-58-LT"),
        ("provider_query", "", (), "provider query"),
        ("supervisor_review", "", (), "supervisor review"),
        ("no_family_code", "", (), "no family code"),
    ],
)
def test_an_outcome_is_named_by_its_code_or_by_the_way_in_which_it_ends(
    kind, code, modifiers, name
):
    assert Outcome(OutcomeKind(kind), code, modifiers, "Why.").name == name


def test_in_short_an_outcome_has_no_modifiers():
    assert Outcome(OutcomeKind.CODE, "12345", ("LT",), "Why.").short_name == "12345"
    assert Outcome(OutcomeKind.PROVIDER_QUERY, "", (), "Why.").short_name == "provider query"


def test_an_outcome_says_what_its_rule_says():
    rule = make.table([make.fact("colour")], [make.rule("R", {}, code="00001")]).rules[0]
    assert Outcome.of(rule, ("LT",)) == Outcome(OutcomeKind.CODE, "00001", ("LT",), "by R")
    assert Outcome.of(rule).modifiers == ()


def test_a_stored_decision_holds_what_came_out_and_the_rule():
    decision = Decision(Outcome(OutcomeKind.CODE, "27256", ("58", "LT"), "Harness."), "R32")
    assert decision.to_data() == {
        "outcome": {
            "kind": "code",
            "code": "27256",
            "modifiers": ["58", "LT"],
            "message": "Harness.",
        },
        "rule": "R32",
        "open_facts": [],
    }


def test_an_open_decision_holds_the_facts_that_still_decide():
    stored = Decision(None, None, ("colour", "shape")).to_data()
    assert stored == {"outcome": None, "rule": None, "open_facts": ["colour", "shape"]}
    assert Decision.from_data(stored) == Decision(None, None, ("colour", "shape"))


@settings(max_examples=20)
@given(make.tables(), make.answers(complete=False))
def test_every_decision_is_read_back_as_it_was_made(table, facts):
    decision = decide(table, facts)
    assert Decision.from_data(decision.to_data()) == decision


def of_kind(rule_id, kind, *rows, message="Ask."):
    return {**make.rule(rule_id, *rows), "outcome": kind, "message": message}


def test_possible_outcomes_stand_in_the_order_of_the_rules_and_each_once():
    rules = [
        of_kind("Q", "provider_query", {"colour": {"in": ["blue"]}}),
        make.rule("CODE", {"colour": {"in": ["red"]}}, code="00001"),
        of_kind("NONE", "no_family_code", {"shape": {"in": ["red"]}}),
        of_kind("Q2", "provider_query", {}),
    ]
    table = make.table([make.fact("colour"), make.fact("shape")], rules)
    names = [outcome.name for outcome in possible_outcomes(table, {})]
    assert names == ["provider query", "00001", "no family code"]


def test_a_gap_is_no_possible_outcome():
    table = make.table(
        [make.fact("colour")], [make.rule("RED", {"colour": {"in": ["red"]}}, code="00001")]
    )
    assert [outcome.name for outcome in possible_outcomes(table, {})] == ["00001"]


def test_outcomes_of_one_code_stand_in_the_order_of_their_modifiers():
    lines = [{"modifier": "LT", "rows": [{"colour": {"in": ["red"]}}]}]
    table = make.table([make.fact("colour")], [make.rule("R", {}, code="00001")], modifiers=lines)
    assert [outcome.name for outcome in possible_outcomes(table, {})] == ["00001", "00001-LT"]
