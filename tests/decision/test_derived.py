"""Derived facts: a value by an own table over other facts, neither asked nor stored, shown with how it came about."""

from typing import Any

import pytest

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Facts,
    FactValue,
    Known,
    NumberedAnswers,
    RuleTable,
    complete,
    contrast,
    decide,
    derived_beside_inputs,
    derived_values,
    errors,
    explain,
    flips,
    guide,
    needs,
    trace,
    verify,
    why_not,
)
from coding.decision.findings import Flaw
from tests.decision import tables as make

LEVELS = [{"value": "low", "label": "Low"}, {"value": "high", "label": "High"}]
LINES = [
    {"value": "high", "rows": [{"work": {"in": [True]}, "count": {"between": [3, None]}}]},
    {"value": "low", "rows": [{}]},
]


def level(lines: list[dict[str, Any]] = LINES, **more: Any) -> dict[str, Any]:
    return {
        "key": "level",
        "kind": "choice",
        "label": "Level",
        "choices": LEVELS,
        "derived": lines,
        **more,
    }


FACTS = [
    make.fact("work", "yes_no"),
    make.fact("count", "whole_number", minimum=0, maximum=9),
    level(),
]
RULES = [
    make.rule("HIGH", {"level": {"in": ["high"]}}, code="00002"),
    make.rule("LOW", {"level": {"in": ["low"]}}, code="00001"),
    make.rule("ASK", {}),
]
TABLE = make.table(FACTS, RULES)
YES, THREE, TWO = Known(True), Known(3), Known(2)


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"work": YES, "count": THREE}, "HIGH"),
        ({"work": YES, "count": TWO}, "LOW"),
        ({"count": TWO}, "LOW"),
        ({"work": NOT_DOCUMENTED, "count": TWO}, "LOW"),
        ({"work": NOT_DOCUMENTED, "count": THREE}, "ASK"),
        ({"work": CONFLICTING, "count": THREE}, "ASK"),
        ({"level": Known("high")}, "HIGH"),
    ],
    ids=str,
)
def test_the_rules_read_the_value_that_the_inputs_give(facts: Facts, rule: str) -> None:
    assert decide(TABLE, facts).rule_id == rule


@pytest.mark.parametrize(
    ("work", "count", "value"),
    [
        (NOT_DOCUMENTED, THREE, NOT_DOCUMENTED),
        (CONFLICTING, THREE, CONFLICTING),
        (NOT_DOCUMENTED, CONFLICTING, CONFLICTING),
        (Known(False), CONFLICTING, Known("low")),
    ],
)
def test_a_silence_that_no_cell_names_is_carried_where_it_still_decides(
    work: FactValue, count: FactValue, value: FactValue
) -> None:
    assert complete(TABLE, {"work": work, "count": count})["level"] == value


def test_a_silence_that_a_cell_names_is_an_answer_like_any_other() -> None:
    lines = [
        {"value": "high", "rows": [{"work": {"in": [True, "not_documented"]}}]},
        {"value": "low", "rows": [{}]},
    ]
    table = make.table([*FACTS[:2], level(lines)], RULES)
    assert decide(table, {"work": NOT_DOCUMENTED}).rule_id == "HIGH"
    assert decide(table, {"work": CONFLICTING}).rule_id == "LOW"


def test_questions_flips_needs_and_contrast_speak_of_what_is_asked() -> None:
    guidance = guide(TABLE, {"work": YES})
    assert guidance.open_facts == ("count",)
    assert guidance.next_question == TABLE.fact_by_key["count"]
    facts = {"work": YES, "count": THREE}
    assert {change.fact for flip in flips(TABLE, facts) for change in flip.changes} == {
        "work",
        "count",
    }
    assert [change.fact for change in needs(TABLE, {"work": YES, "count": TWO}, "00002")] == [
        "count"
    ]
    differences = contrast(TABLE, "00001", "00002")
    assert differences is not None
    assert [difference.fact for difference in differences.differences] == ["work"]


def test_a_trace_and_an_explanation_name_the_value_its_line_and_the_answers_behind_it() -> None:
    facts = {"work": YES, "count": THREE}
    [value] = derived_values(TABLE, facts)
    assert (value.label, value.value, value.line) == ("Level", "High", 1)
    assert [(said.label, said.answer) for said in value.inputs] == [("Work", "yes"), ("Count", "3")]
    explanation = explain(TABLE, facts, decide(TABLE, facts))
    assert [(said.label, said.answer) for said in explanation.deciding] == [("Level", "High")]
    assert explanation.derived == (value,)
    low = trace(TABLE, facts, decide(TABLE, facts)).lines()[1]
    assert low.facts == ("level",)
    [reason] = why_not(TABLE, facts, "00001")
    assert [(own.label, own.given, own.needed) for own in reason.excluded] == [
        ("Level", "High", "Low")
    ]


def test_a_value_that_a_line_above_may_still_change_names_no_line() -> None:
    lines = [{"value": "low", "rows": [{"work": {"in": [True]}}]}, {"value": "low", "rows": [{}]}]
    table = make.table([*FACTS[:2], level(lines)], RULES)
    [value] = derived_values(table, {})
    assert (value.value, value.line) == ("Low", None)


def test_a_stored_answer_to_a_derived_fact_counts_for_nothing() -> None:
    numbered = NumberedAnswers(TABLE, {1: ("level", Known("high")), 2: ("count", TWO)})
    [decision] = numbered.decide([(1, 2)])
    assert decision == decide(TABLE, {"count": TWO})


def test_a_table_that_does_not_cover_its_inputs_is_a_defect_and_a_line_that_never_gives_its_value_too() -> (
    None
):
    gap = make.table([*FACTS[:2], level(LINES[:1])], RULES)
    assert {
        finding.flaw for finding in verify(gap) if finding.is_defect and finding.fact == "level"
    } == {Flaw.GAP}
    dead = make.table([*FACTS[:2], level([*LINES, LINES[0]])], RULES)
    [finding] = [finding for finding in verify(dead) if finding.is_defect]
    assert finding.flaw is Flaw.UNREACHABLE
    assert (
        finding.words
        == "Level: line 3 never decides: the rules above cover all its cases; line 1 takes this one."
    )
    assert not [finding for finding in verify(TABLE) if finding.is_defect]


def test_an_input_that_changes_no_outcome_is_idle() -> None:
    table = make.table(
        FACTS, [make.rule("ANY", {"level": {"in": ["low", "high"]}}), make.rule("ASK", {})]
    )
    idle = {finding.fact for finding in verify(table) if finding.flaw is Flaw.IDLE_FACT}
    assert idle == set()
    both = make.table([make.fact("work", "yes_no"), *FACTS[1:]], [make.rule("ANY", {})])
    assert {finding.fact for finding in verify(both) if finding.flaw is Flaw.IDLE_FACT} == {
        "work",
        "count",
        "level",
    }


def test_a_table_of_too_many_combinations_is_undecided_and_says_to_split_it() -> None:
    inputs = [make.fact(f"n{place}", "whole_number", minimum=0, maximum=99) for place in range(8)]
    lines = [
        {
            "value": "high",
            "rows": [
                {
                    key["key"]: {"between": [number * 10, number * 10 + place + 1]}
                    for place, key in enumerate(inputs)
                }
            ],
        }
        for number in range(9)
    ]
    table = make.table([*inputs, level([*lines, {"value": "low", "rows": [{}]}])], RULES)
    [finding] = verify(table)
    assert finding.flaw is Flaw.UNDECIDED
    assert "Split it into a chain" in finding.words


@pytest.mark.parametrize(
    ("facts", "error", "words"),
    [
        ([level(), *FACTS[:2]], errors.DanglingFact, "there is no fact “work”"),
        (
            [*FACTS[:2], level(question="Which level?")],
            errors.UnsuitableTest,
            "it is derived, so it has no question",
        ),
        (
            [*FACTS[:2], level(source="record")],
            errors.UnsuitableTest,
            "it is derived, so it has no question",
        ),
        ([*FACTS[:2], level([])], errors.MissingKey, "derived has no line"),
        (
            [*FACTS[:2], level([{"value": "huge", "rows": [{}]}])],
            errors.UnknownChoice,
            "“huge” is not a value",
        ),
        (
            [
                make.fact("codes", "code_set"),
                level([{"value": "low", "rows": [{"codes": {"any_of": ["A1"]}}]}]),
            ],
            errors.UnsuitableTest,
            "codes is a set of codes, which no derived fact tests",
        ),
    ],
    ids=["input behind it", "question", "source", "no line", "unknown value", "set of codes"],
)
def test_it_refuses_a_derived_fact_that_cannot_be_meant(
    facts: list[dict[str, Any]], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        make.table(facts, [make.rule("R", {})])


def test_the_document_is_kept_and_holds_no_member_that_is_not_set() -> None:
    document = TABLE.to_document()
    assert document["facts"][2] == {**level(), "help": ""}
    assert set(document["facts"][0]) == {"key", "kind", "label", "question", "help"}
    assert RuleTable.from_document(document).content_hash == TABLE.content_hash


def test_a_value_stated_beside_what_it_is_derived_from_is_named() -> None:
    assert derived_beside_inputs(TABLE, {"level": Known("high"), "count": TWO}) == (
        "level",
        "count",
    )
    assert derived_beside_inputs(TABLE, {"level": Known("high")}) is None
