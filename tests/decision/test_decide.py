"""Decisions on small tables: silences, missing answers, bands, hit policies and the trace."""

import pytest

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Band,
    Decision,
    FactError,
    FactValue,
    Known,
    Verdict,
    canonical_json,
    decide,
    errors,
    trace,
)
from tests.decision import tables as make

COLOUR, SHAPE, AGE = (
    make.fact("colour"),
    make.fact("shape"),
    make.fact("age", "whole_number", minimum=0, maximum=9),
)


def rule_for(cell: dict[str, list], key: str, answer: FactValue) -> str | None:
    """YES if a cell passes an answer, NO if not, None if it cannot say."""
    table = make.table(make.FACTS, [make.rule("YES", {key: cell}), make.rule("NO", {})])
    return decide(table, {key: answer}).rule_id


@pytest.mark.parametrize("silence", [NOT_DOCUMENTED, CONFLICTING])
@pytest.mark.parametrize(
    ("key", "cell"),
    [
        ("colour", {"in": ["red", "green", "blue"]}),
        ("colour", {"not": ["red"]}),
        ("ready", {"in": [True, False]}),
        ("age", {"between": [None, None]}),
        ("codes", {"any_of": ["A*"]}),
        ("codes", {"none_of": ["A*"]}),
    ],
)
def test_no_test_passes_a_silent_note_unless_it_lists_the_silence(
    key: str, cell: dict, silence: FactValue
) -> None:
    assert rule_for(cell, key, silence) == "NO"


@pytest.mark.parametrize(
    ("silence", "listed", "rule"),
    [
        (NOT_DOCUMENTED, "not_documented", "YES"),
        (CONFLICTING, "conflicting", "YES"),
        (NOT_DOCUMENTED, "conflicting", "NO"),
        (CONFLICTING, "not_documented", "NO"),
    ],
)
def test_it_keeps_not_documented_and_documented_two_ways_apart(
    silence: FactValue, listed: str, rule: str
) -> None:
    assert rule_for({"in": [listed]}, "colour", silence) == rule


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (Known(2), "NO"),
        (Known(3), "YES"),
        (Known(6), "YES"),
        (Known(7), "NO"),
        (Known(Band(3, 6)), "YES"),
        (Known(Band(4, 5)), "YES"),
        (Known(Band(7, None)), "NO"),
        (Known(Band(None, 2)), "NO"),
        (Known(Band(6, 7)), None),
        (Known(Band(None, None)), None),
    ],
)
def test_it_never_guesses_where_a_band_lies_across_the_end_of_a_range(
    answer: FactValue, rule: str | None
) -> None:
    assert rule_for({"between": [3, 6]}, "age", answer) == rule


@pytest.mark.parametrize(
    ("codes", "rule"),
    [(("A1",), "YES"), (("A12", "B1"), "YES"), (("B1",), "NO"), (("B12",), "NO"), ((), "NO")],
)
def test_a_code_that_ends_in_a_star_stands_for_all_that_begin_so(
    codes: tuple[str, ...], rule: str
) -> None:
    assert rule_for({"any_of": ["A*", "C1"]}, "codes", Known(frozenset(codes))) == rule
    assert rule_for({"none_of": ["A*", "C1"]}, "codes", Known(frozenset(codes))) != rule


def test_the_first_rule_that_applies_counts_and_each_other_says_how_it_fared() -> None:
    rules = [
        make.rule("BLUE", {"colour": {"in": ["blue"]}, "shape": {"in": ["red"]}}),
        make.rule(
            "EITHER", {"shape": {"in": ["green"]}}, {"colour": {"in": ["red"]}}, code="00001"
        ),
        make.rule("REST", {}),
    ]
    table = make.table([COLOUR, SHAPE], rules)
    facts = {"colour": Known("red"), "shape": Known("blue")}
    decision = decide(table, facts)
    assert decision.outcome is not None
    assert (decision.rule_id, decision.outcome.code) == ("EITHER", "00001")
    lines = trace(table, facts, decision).lines()
    assert [(line.rule_id, line.verdict, line.facts) for line in lines] == [
        ("BLUE", Verdict.FAILS, ("colour",)),
        ("EITHER", Verdict.DECIDES, ()),
        ("REST", Verdict.MASKED, ()),
    ]


def test_it_waits_for_an_answer_that_decides_and_names_it() -> None:
    rules = [
        make.rule("RED", {"colour": {"in": ["red"]}, "shape": {"in": ["red"]}}),
        make.rule("REST", {}),
    ]
    table = make.table([COLOUR, SHAPE], rules)
    waiting = decide(table, {"colour": Known("red")})
    assert (waiting.outcome, waiting.rule_id, waiting.open_facts) == (None, None, ("shape",))
    line = trace(table, {"colour": Known("red")}, waiting).lines()[0]
    assert (line.verdict, line.facts) == (Verdict.MISSING, ("shape",))
    assert decide(table, {"colour": Known("blue")}).rule_id == "REST"


def test_it_decides_without_an_answer_when_every_completion_leads_to_one_rule() -> None:
    anything = [{"colour": {"in": ["red", "not_documented"]}}, {"colour": {"not": ["red"]}}]
    table = make.table([COLOUR], [make.rule("ANY", *anything, {"colour": {"in": ["conflicting"]}})])
    assert decide(table, {}).rule_id == "ANY"


def modified() -> list[dict]:
    return [
        {"modifier": "58", "rows": [{"shape": {"in": ["blue"]}}]},
        {"modifier": "LT", "rows": [{"colour": {"in": ["red"]}}]},
        {"modifier": "XX", "rows": [{"colour": {"in": ["green"]}}]},
    ]


def test_a_rule_that_a_band_only_partly_meets_says_that_the_number_is_missing() -> None:
    rules = [make.rule("YOUNG", {"age": {"between": [0, 5]}}), make.rule("REST", {})]
    table, facts = make.table([AGE], rules), {"age": Known(Band(4, 7))}
    decision = decide(table, facts)
    assert decision.outcome is None
    assert decision.open_facts == ("age",)
    line = trace(table, facts, decision).lines()[0]
    assert (line.verdict, line.facts) == (Verdict.MISSING, ("age",))


def test_a_code_comes_with_all_its_modifiers_in_their_order_and_waits_for_them() -> None:
    table = make.table([COLOUR, SHAPE], [make.rule("CODE", {}, code="00001")], modifiers=modified())
    outcome = decide(table, {"shape": Known("blue"), "colour": Known("red")}).outcome
    assert outcome is not None
    assert outcome.modifiers == ("58", "LT")
    assert decide(table, {"shape": Known("blue")}).open_facts == ("colour",)


def test_an_outcome_without_a_code_has_no_modifiers_and_waits_for_none() -> None:
    outcome = decide(
        make.table([COLOUR, SHAPE], [make.rule("ASK", {})], modifiers=modified()), {}
    ).outcome
    assert outcome is not None
    assert outcome.modifiers == ()


def test_two_rules_that_cover_the_same_answers_are_an_error_where_hits_are_unique() -> None:
    rules = [make.rule("RED", {"colour": {"in": ["red"]}}), make.rule("ALL", {})]
    table = make.table([COLOUR], rules, hit_policy="unique")
    assert decide(table, {"colour": Known("blue")}).rule_id == "ALL"
    with pytest.raises(errors.RulesOverlap, match="RED and ALL"):
        decide(table, {"colour": Known("red")})


def test_answers_that_no_rule_covers_are_an_error_of_the_table() -> None:
    table = make.table([COLOUR], [make.rule("RED", {"colour": {"in": ["red"]}})])
    with pytest.raises(errors.NoRuleApplies, match="no rule covers"):
        decide(table, {"colour": Known("blue")})


def test_a_misspelt_fact_is_named_where_its_answer_is_missing() -> None:
    rules = [make.rule("RED", {"colour": {"in": ["red"]}}), make.rule("REST", {})]
    with pytest.raises(FactError, match="color is no fact of Test"):
        decide(make.table([COLOUR], rules), {"color": Known("red")})


@pytest.mark.parametrize("facts", [{}, {"colour": Known("red")}])
def test_it_stores_a_decision_and_reads_it_back_the_same(facts: dict[str, FactValue]) -> None:
    rules = [make.rule("RED", {"colour": {"in": ["red"]}}, code="00001"), make.rule("REST", {})]
    table = make.table([COLOUR], rules, modifiers=[{"modifier": "LT", "rows": [{}]}])
    decision = decide(table, facts)
    again = Decision.from_data(decision.to_data())
    assert again == decision
    assert canonical_json(again.to_data()) == canonical_json(decision.to_data())
